"""python3 fleet/run.py create | work"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from sqlalchemy import create_engine  # noqa: E402
from sqlalchemy.engine import URL  # noqa: E402
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, OperationalError  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from fleet import desk, services  # noqa: E402
from fleet.models import Base, ReadingType, Sensor, Site  # noqa: E402
from traffic import THREADS, drive, target  # noqa: E402

TO = target()
# EVAL_DRIVERS: others than the dialects' own, such as `postgresql+psycopg mysql+pymysql`.
OWN = {'postgres': 'postgresql', 'mysql': 'mysql'}[TO['dialect']]
KIND = next((kind for kind in os.environ.get('EVAL_DRIVERS', '').split() if kind.startswith(OWN)), OWN)
ENGINE = create_engine(
    URL.create(KIND, TO['user'], TO['password'] or None, TO['host'], TO['port'], TO['name']), pool_size=THREADS
)
MODELS = ['T-100', 'T-200', "O'Hara 3", 'Grün 5']


def create():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add_all([Site(code=f'S{number}') for number in range(6)])
        session.add_all([Sensor(serial=f'{number:08X}') for number in range(20)])
        session.add_all([ReadingType(name=f'type {number}', unit='K') for number in range(4)])
        session.commit()


def work(action):
    """A request: a session, committed at the end."""

    def run(numbers):
        with Session(ENGINE) as session:
            action(session, numbers)
            session.commit()

    return run


def mail(numbers):
    name = f'{numbers.choice(["olga", "piet", "quinn"])}{numbers.randint(1, 9)}'
    return numbers.choice([name, name.upper(), name.title()]) + '@fleet.example'


def day(numbers):
    return f'2026-05-{numbers.randint(1, 5):02}'


ACTIONS = [
    work(lambda s, n: services.site(s, f'S{n.randint(1, 30)}')),
    work(lambda s, n: services.route(s, f'S{n.randint(1, 6)}', f'S{n.randint(1, 5)}')),
    work(lambda s, n: services.sensor(s, f'{n.randint(0, 45):08X}')),
    work(lambda s, n: (services.reading_type(s, f'type {n.randint(0, 25)}', 'K'), desk.plates(s))),
    work(lambda s, n: services.tag(s, n.randint(1, 6), f'tag{n.randint(1, 5)}', f'{n.randint(1, 99)} m')),
    work(lambda s, n: services.raise_alarm(s, n.randint(1, 8), n.choice(['cold', 'hot', 'silent']))),
    work(lambda s, n: services.owner(s, mail(n))),
    work(lambda s, n: services.firmware(s, n.choice(MODELS), f'1.{n.randint(0, 3)}', n.choice([None, None, 'beta']))),
    work(lambda s, n: services.vehicle(s, f'V-{n.randint(1, 25)}')),
    work(lambda s, n: services.trailer(s, f'T-{n.randint(1, 25)}')),
    work(lambda s, n: services.gateway(s, f'gw{n.randint(1, 25)}')),
    work(lambda s, n: services.zones(s, n.randint(1, 6), [f'zone {n.randint(1, 15)}' for _ in range(4)])),
    work(lambda s, n: services.add_to_total(s, n.randint(1, 5), day(n), n.randint(1, 9))),
    work(lambda s, n: services.threshold(s, n.randint(1, 6), n.randint(1, 4), n.randint(20, 90))),
    work(lambda s, n: services.driver(s, f'L{n.randint(1, 25)}', n.choice(MODELS))),
    work(lambda s, n: services.depot(s, f'Depot {n.randint(1, 25)}')),
    work(lambda s, n: n.random() < 0.3 and desk.clear_alarms(s, n.randint(1, 8))),
    work(lambda s, n: n.random() < 0.3 and desk.retire_gateway(s, f'gw{n.randint(1, 25)}')),
    work(lambda s, n: desk.report(s, f'{n.randint(0, 25):08X}', n.randint(1, 40))),
    work(lambda s, n: desk.average(s, n.randint(1, 6), n.randint(1, 40))),
    work(lambda s, n: desk.move(s, n.randint(1, 15), n.uniform(36, 42), n.uniform(-9, -6))),
    work(lambda s, n: desk.order(s, n.choice(['reboot', 'report']))),
    work(lambda s, n: desk.next_command(s)),
    work(lambda s, n: desk.pair(s, desk.offer_pairing(s) if n.random() < 0.7 else 'none')),
    work(lambda s, n: n.random() < 0.4 and desk.plan(s, n.randint(1, 6), [day(n), day(n)])),
    work(lambda s, n: desk.log_in(s, mail(n))),
    work(lambda s, n: desk.deliver(s, f'D{n.randint(1, 10**7)}', n.randint(1, 9))),
    work(lambda s, n: desk.may_enter(s, n.randint(1, 9), n.randint(1, 9))),
    work(lambda s, n: n.random() < 0.3 and desk.permit(s, n.randint(1, 9), n.randint(1, 9))),
    work(lambda s, n: desk.overview(s, f'S{n.randint(1, 9)}')),
    work(lambda s, n: desk.busiest(s)),
]

RACES = [
    work(lambda s, n: services.site(s, f'R{n.randint(1, 9999)}')),
    work(lambda s, n: services.sensor(s, f'R{n.randint(1, 9999)}')),
    work(lambda s, n: services.route(s, 'S1', f'R{n.randint(1, 9999)}')),
    work(lambda s, n: services.depot(s, f'Race {n.randint(1, 9999)}')),
    work(lambda s, n: services.gateway(s, f'race{n.randint(1, 9999)}')),
]

if __name__ == '__main__':
    if sys.argv[1] == 'create':
        create()
    else:
        # Losers of a race, who may not see the winner in a snapshot; readers of rows that are there twice; deadlocks.
        drive(ACTIONS, RACES, expected=(IntegrityError, MultipleResultsFound, NoResultFound, OperationalError))
