"""python3 museum/run.py create | work"""
import os
import sys
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from pony.orm import (  # noqa: E402
    CacheIndexError, MultipleObjectsFoundError, OptimisticCheckError, TransactionIntegrityError, db_session,
)

from museum import desk, services  # noqa: E402
from museum.models import Artist, Work, db  # noqa: E402
from traffic import drive, target  # noqa: E402

TO = target()
NAMES = ['Berthe Morisot', 'Paula Rego', "Georgia O'Keeffe", 'Käthe Kollwitz', 'Amadeo']


def bind():
    to = {name: TO[name] for name in ('host', 'port', 'user', 'password')}
    db.bind(provider='postgres', database=TO['name'], **to)


def create():
    bind()
    with db_session:
        db.execute('CREATE SCHEMA museum')
    db.generate_mapping(create_tables=True)
    with db_session:
        for number in range(8):
            Artist(name=f'Artist {number}')
    with db_session:
        for number in range(12):
            Work(artist=1 + number % 8, title=f'Untitled {number}')


def day(numbers):
    return date(2026, 6, 1) + timedelta(days=numbers.randint(0, 4))


def mail(numbers):
    name = f'{numbers.choice(["rui", "sara", "tom"])}{numbers.randint(1, 9)}'
    return numbers.choice([name, name.upper(), name.title()]) + '@museum.example'


ACTIONS = [
    lambda n: services.artist(f'Artist {n.randint(0, 25)}'),
    lambda n: services.work(n.randint(1, 8), f'Untitled {n.randint(0, 6)}'),
    lambda n: services.country(n.choice('ABCDEF') + n.choice('RSTUV'), 'Somewhere'),
    lambda n: services.country_by_hand(n.choice('ABCDEF') + n.choice('RSTUV'), 'Somewhere else'),
    lambda n: services.visitor(mail(n)),
    lambda n: services.ticket(day(n), n.randint(1, 5)),
    lambda n: services.room(n.randint(0, 2), n.choice([None, None, 'east', 'west']), n.randint(1, 4)),
    lambda n: services.donors([f'{n.choice(NAMES)} {n.randint(1, 8)}' for _ in range(3)]),
    lambda n: services.keyword(f'word {n.randint(1, 30)}'),
    lambda n: services.guide(f'G{n.randint(1, 25)}'),
    lambda n: desk.lend(n.randint(1, 12), n.choice(NAMES)),
    lambda n: desk.ask(n.randint(1, 6), n.choice(['Where is it?', 'How old is it?'])),
    lambda n: desk.measure(n.randint(1, 6), n.uniform(17, 23)),
    lambda n: desk.add_task(),
    lambda n: desk.do_task(),
    lambda n: desk.redeem(desk.voucher() if n.random() < 0.7 else 'none'),
    lambda n: n.random() < 0.4 and desk.publish(f'/page/{n.randint(1, 4)}', ['one', 'two']),
    lambda n: desk.show(f'/page/{n.randint(1, 6)}'),
    lambda n: n.random() < 0.3 and desk.void(day(n)),
    lambda n: n.random() < 0.3 and desk.go_home(f'G{n.randint(1, 25)}'),
    lambda n: desk.lent_by(f'Artist {n.randint(0, 7)}'),
]

RACES = [
    lambda n: services.artist(f'Racer {n.randint(1, 9999)}'),
    lambda n: services.keyword(f'race {n.randint(1, 9999)}'),
    lambda n: services.ticket(date(2026, 7, 1), n.randint(1, 9999)),
    lambda n: services.work(1, f'Race {n.randint(1, 9999)}'),
]

if __name__ == '__main__':
    if sys.argv[1] == 'create':
        create()
    else:
        bind()
        db.generate_mapping(check_tables=False)
        # What losers of a race get, and readers of rows that are there twice.
        losers = (TransactionIntegrityError, MultipleObjectsFoundError, OptimisticCheckError, CacheIndexError)
        drive(ACTIONS, RACES, close=db.disconnect, expected=losers)
