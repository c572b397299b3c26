"""python3 library/run.py create | work"""
import os
import sys
import uuid

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import django_project  # noqa: E402
from traffic import drive, target  # noqa: E402

django_project.start('library')

from django.core.exceptions import MultipleObjectsReturned  # noqa: E402
from django.db import IntegrityError, OperationalError, connection, transaction  # noqa: E402

from library import desk, services  # noqa: E402
from library.models import Branch, Member, Publisher, Title  # noqa: E402

SPACE = uuid.UUID(int=7)
PEOPLE = ['Ingrid Nilsen', 'João Reis', 'Kofi Mensah', 'Lena Fuchs', "Mary D'Arcy", 'Nobu Sato']
GENRES = ['crime', 'poetry', 'history', 'travel', 'cooking', 'science-fiction', 'biography']


def key(kind, number):
    """The same in each run, so that logs can be recorded again."""
    return uuid.uuid5(SPACE, f'{kind}{number}')


def create():
    django_project.create_tables('library')
    for number in range(6):
        Branch.objects.create(id=key('branch', number), name=f'Branch {number}')
    for number in range(30):
        name = PEOPLE[number % len(PEOPLE)]
        Member.objects.create(id=key('member', number), email=f'member{number}@example.net', name=name)
        Title.objects.create(id=key('title', number), isbn=f'978-{number:010}', name=f'Volume {number}')
    for number in range(5):
        Publisher.objects.create(id=key('publisher', number), name=f'House {number}')


def few(numbers):
    """A few come often, and the others now and then."""
    return numbers.randint(0, 4) if numbers.random() < 0.7 else numbers.randint(0, 29)


def branch(numbers):
    return Branch(id=key('branch', numbers.randint(0, 5)))


def member(numbers):
    return Member.objects.get(pk=key('member', few(numbers)))


def title(numbers):
    return Title.objects.get(pk=key('title', few(numbers)))


def publisher(numbers):
    return Publisher.objects.get(pk=key('publisher', numbers.randint(0, 4)))


def mail(numbers):
    name = f'reader{numbers.randint(1, 25)}'
    return numbers.choice([name, name.upper(), name.title()]) + '@example.net'


def invitations(numbers):
    code = desk.invite()
    if numbers.random() < 0.7:
        desk.accept(code)


ACTIONS = [
    lambda n: services.join_library(mail(n), n.choice(PEOPLE)),
    lambda n: services.catalogue(f'979-{n.randint(1, 25):010}', 'Untitled'),
    lambda n: services.issue_card(branch(n), f'B{n.randint(1, 5):06}'),
    lambda n: services.hold(title(n), member(n)),
    lambda n: services.classify(title(n), n.choice(GENRES)),
    lambda n: services.reading_list(member(n), n.choice([None, None, 'summer', 'school']), n.choice(['a', 'b', 'c'])),
    lambda n: services.add_publisher(f'House {n.randint(0, 30)}'),
    lambda n: services.add_series(publisher(n), f'Series {n.randint(1, 6)}'),
    lambda n: services.take_stock(branch(n), [title(n)], n.randint(1, 9)),
    lambda n: services.shelf(f'{n.choice("ABCDEF")}{n.randint(1, 5)}'),
    lambda n: services.keywords([f'word{n.randint(1, 80)}' for _ in range(4)]),
    lambda n: services.course(n.choice(['North', 'South']), f'C{n.randint(1, 5)}', n.randint(1, 3)),
    lambda n: services.supplier(f'PT{n.randint(100, 125)}', n.choice(PEOPLE)),
    lambda n: n.random() < 0.3 and desk.withdraw(f'B{n.randint(1, 5):06}'),
    lambda n: n.random() < 0.3 and desk.fulfil(title(n)),
    lambda n: desk.lend(member(n), title(n)),
    lambda n: desk.give_back(member(n)),
    lambda n: desk.history(key('loan', n.randint(1, 9))),
    lambda n: desk.session(f'{n.randint(1, 99):032x}'),
    invitations,
    lambda n: n.random() < 0.4 and desk.open_branch(branch(n), ['09:00', '10:00']),
    lambda n: desk.send_all(),
    lambda n: desk.announce(n.choice(['hold', 'overdue', 'news'])),
    lambda n: desk.review(title(n), n.randint(1, 5)),
    lambda n: desk.pay(f'R{n.randint(1, 10**7)}', n.randint(50, 900)),
    lambda n: desk.borrowed(f'Branch {n.randint(0, 5)}'),
]

RACES = [
    lambda n: services.catalogue(f'979-{n.randint(1000, 9999):010}', 'Twice'),
    lambda n: services.join_library(f'race{n.randint(1, 9999)}@example.net', 'Twice'),
    lambda n: services.shelf(f'Z{n.randint(100, 999)}'),
    lambda n: services.hold(Title(id=key('title', 1)), Member(id=key('member', n.randint(0, 29)))),
]


if __name__ == '__main__':
    if sys.argv[1] == 'create':
        create()
    else:
        # What get_or_create raises once its key is there twice, a validator's loser, and a deadlock's victim.
        drive(
            ACTIONS,
            RACES,
            close=lambda: connection.close(),
            expected=(MultipleObjectsReturned, IntegrityError, OperationalError),
        )
