"""python3 feeds/run.py create | work"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from peewee import IntegrityError, MySQLDatabase, OperationalError, PostgresqlDatabase  # noqa: E402

from feeds import desk, services  # noqa: E402
from feeds.models import MODELS, Feed, Reader, database  # noqa: E402
from traffic import drive, target  # noqa: E402

TO = target()
KIND = PostgresqlDatabase if TO['dialect'] == 'postgres' else MySQLDatabase
OWN = {} if TO['dialect'] == 'postgres' else {'charset': 'utf8mb4'}
database.initialize(
    KIND(TO['name'], host=TO['host'], port=TO['port'], user=TO['user'], password=TO['password'] or '', **OWN)
)
HEADLINES = ['It rains', 'It doesn’t rain', "Nobody's fault", 'Prices rise', 'Ça ira']


def create():
    database.create_tables(MODELS)
    for number in range(20):
        Reader.create(nick=f'reader{number}')
        Feed.create(url=f'https://news{number}.example/feed', title=f'news{number}')


def folded(numbers, name):
    return numbers.choice([name, name.upper(), name.title()])


def who(numbers):
    """A few come often, and the others now and then."""
    return numbers.randint(1, 5) if numbers.random() < 0.7 else numbers.randint(1, 20)


ACTIONS = [
    lambda n: services.reader(f'reader{n.randint(0, 45)}'),
    lambda n: services.feed(f'https://news{n.randint(0, 45)}.example/feed'),
    lambda n: services.store(who(n), f'tag:{n.randint(1, 5)}', n.choice(HEADLINES)),
    lambda n: services.follow(who(n), who(n), n.choice([None, None, 'daily', 'later'])),
    lambda n: services.bookmark(who(n), f'https://news{n.randint(0, 2)}.example/{n.randint(1, 2)}'),
    lambda n: services.author(folded(n, f'writer {n.randint(1, 25)}')),
    lambda n: services.topic(f'word{n.randint(1, 25)}'),
    lambda n: services.person(f'name{n.randint(1, 25)}'),
    lambda n: services.filter_out(who(n), f'*{n.randint(1, 5)}*'),
    lambda n: services.mark_read(who(n), [n.randint(1, 99) for _ in range(3)]),
    lambda n: services.count_site(f'host{n.randint(1, 25)}.example'),
    lambda n: services.digest(who(n), n.randint(1, 4), n.choice(HEADLINES)),
    lambda n: services.language(f'x{n.randint(1, 30)}'),
    lambda n: services.rename(who(n), f'tag:{n.randint(1, 5)}', n.choice(HEADLINES)),
    lambda n: n.random() < 0.3 and desk.remove_bookmarks(who(n)),
    lambda n: desk.remark(who(n), n.choice(HEADLINES)),
    lambda n: desk.fetch(who(n)),
    lambda n: desk.queue_mail(f'reader{who(n)}@example.org'),
    lambda n: desk.send_mail(),
    lambda n: desk.use(desk.ticket() if n.random() < 0.7 else 'none'),
    lambda n: desk.enter(f'reader{n.randint(0, 30)}'),
    lambda n: n.random() < 0.4 and desk.highlight(who(n), [n.randint(1, 99), n.randint(100, 199)]),
    lambda n: desk.share(n.randint(1, 10**6)),
    lambda n: desk.muted(who(n), f'host{n.randint(1, 9)}.example'),
    lambda n: n.random() < 0.3 and desk.mute(who(n), f'host{n.randint(1, 9)}.example'),
    lambda n: desk.latest(f'news{who(n)}'),
]

RACES = [
    lambda n: services.reader(f'racer{n.randint(1, 9999)}'),
    lambda n: services.feed(f'https://race{n.randint(1, 9999)}.example/feed'),
    lambda n: services.digest(who(n), n.randint(100, 9999), 'twice'),
    lambda n: services.store(who(n), f'race:{n.randint(1, 9999)}', 'twice'),
    lambda n: services.topic(f'race{n.randint(1, 9999)}'),
]

if __name__ == '__main__':
    if sys.argv[1] == 'create':
        create()
    else:
        # What a loser of a race may get inside an outer transaction, and a deadlock's victim.
        drive(ACTIONS, RACES, close=database.close, expected=(IntegrityError, OperationalError))
