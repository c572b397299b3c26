"""python3 clinic/run.py create | work"""
import os
import sys
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import django_project  # noqa: E402
from traffic import drive  # noqa: E402

django_project.start('clinic')

from django.db import connection  # noqa: E402

from clinic import desk, services  # noqa: E402
from clinic.models import Account, Patient, StaffMember  # noqa: E402

NAMES = ['Ana Sousa', 'Ben Okafor', "Cath O'Neill", 'Dmitri Ivanov', 'Eva Müller', 'Farid Haddad', 'Gwen Li']
DRUGS = ['N02BE01', 'C09AA05', 'A10BA02', 'J01CA04', 'R03AC02']
ALLERGENS = ['penicillin', 'latex', 'peanut', 'ibuprofen', 'pollen', 'egg']
DAY = date(2026, 3, 2)


def create():
    django_project.create_tables('clinic')
    for number in range(40):
        Patient.objects.create(mrn=f'M{1000 + number}', full_name=NAMES[number % len(NAMES)])
    for number in range(6):
        StaffMember.objects.create(role='doctor', badge_no=100 + number, name=NAMES[number])
        Account.objects.create(username=f'user{number}')


def somebody(numbers):
    """A few come often, and the others now and then."""
    return Patient.objects.get(pk=numbers.randint(1, 6) if numbers.random() < 0.7 else numbers.randint(1, 40))


def mail(numbers):
    name = numbers.choice(['ana', 'ben', 'cath', 'dmitri', 'eva', 'farid']) + str(numbers.randint(1, 5))
    return numbers.choice([name, name.title(), name.upper()]) + '@example.org'


def day(numbers):
    return DAY + timedelta(days=numbers.randint(0, 4))


def doctor(numbers):
    return StaffMember.objects.get(pk=numbers.randint(1, 6))


def add_allergies(numbers):
    services.add_allergy(somebody(numbers), numbers.choice(ALLERGENS))


def one_use(numbers):
    token = desk.request_reset(numbers.randint(1, 6))
    if numbers.random() < 0.8:
        desk.use_token(token)
    desk.use_token('0' * 24)


ACTIONS = [
    lambda n: services.register_patient(f'M{n.randint(1000, 1070)}', n.choice(NAMES)),
    lambda n: services.find_contact(mail(n), n.choice(NAMES)),
    lambda n: services.open_referral(somebody(n), n.choice([None, 'gp', 'school', 'hospital'])),
    lambda n: services.prescribe(somebody(n), n.choice(DRUGS)),
    lambda n: services.nurse(n.randint(200, 225), n.choice(NAMES)),
    lambda n: services.open_ward(f'W{n.randint(1, 25)}'),
    lambda n: services.set_bed(services.open_ward(f'W{n.randint(1, 8)}'), n.randint(1, 3), n.choice(['free', 'taken'])),
    lambda n: services.book(doctor(n), day(n), n.randint(1, 2), somebody(n)),
    lambda n: services.device(f'SN-{n.randint(1, 25):05}', n.choice(['ECG-12', 'Pump 3', 'Monitor'])),
    lambda n: services.walk_in(day(n), n.randint(1, 6)),
    lambda n: services.add_phone(somebody(n), f'+351 21 {n.randint(1000, 1003)}'),
    add_allergies,
    lambda n: services.add_insurer(f'P{n.randint(1, 25)}', n.choice(NAMES)),
    lambda n: services.import_lab_tests([(f'{n.randint(1, 300)}-{n.randint(1, 9)}', 'Glucose') for _ in range(3)]),
    lambda n: services.vaccinate(somebody(n), n.choice(['BCG', 'MMR', 'HepB', 'Td']), day(n)),
    lambda n: services.prefer(somebody(n), n.choice(['sms', 'mail', 'letter']), n.random() < 0.5),
    lambda n: n.random() < 0.3 and desk.cancel_prescriptions(somebody(n)),
    lambda n: n.random() < 0.3 and desk.close_ward(f'W{n.randint(1, 25)}'),
    lambda n: desk.add_note(somebody(n), n.choice(['calm', 'in pain', 'sleeps well'])),
    lambda n: desk.setting(n.choice(['tz', 'currency', 'logo', 'fax'])),
    lambda n: desk.setting(n.choice(['tz', 'currency', 'logo', 'fax'])),
    lambda n: n.random() < 0.2 and desk.change_setting(n.choice(['tz', 'currency', 'logo']), str(n.randint(1, 9))),
    lambda n: desk.poll(),
    lambda n: desk.enqueue(n.choice(['letter', 'export']), str(n.randint(1, 999))),
    one_use,
    lambda n: desk.plan_day(n.randint(1, 6), day(n), ['early', 'late'][: n.randint(1, 2)]),
    lambda n: (desk.recent_failures(f'user{n.randint(0, 9)}'), desk.log_in(f'user{n.randint(0, 9)}')),
    lambda n: desk.may_treat(somebody(n), n.choice(['mri', 'surgery'])),
    lambda n: n.random() < 0.3 and desk.sign(somebody(n), n.choice(['mri', 'surgery'])),
    lambda n: desk.measure(somebody(n), n.choice(['pulse', 'temp']), round(n.uniform(35, 41), 1)),
    lambda n: desk.bill(somebody(n), f'I{n.randint(1, 10**6)}', n.randint(500, 20000)),
    lambda n: desk.overdue(),
]

RACES = [
    lambda n: services.walk_in(DAY, n.randint(1000, 9999)),
    lambda n: services.register_patient(f'M{n.randint(5000, 9999)}', n.choice(NAMES)),
    lambda n: services.find_contact(f'race{n.randint(1, 9999)}@example.org', 'Twice'),
    lambda n: services.device(f'SN-{n.randint(10000, 99999)}', 'ECG-12'),
]




if __name__ == '__main__':
    if sys.argv[1] == 'create':
        create()
    else:
        from django.core.exceptions import MultipleObjectsReturned

        # What get_or_create raises once its key is there twice.
        drive(ACTIONS, RACES, close=lambda: connection.close(), expected=(MultipleObjectsReturned,))
