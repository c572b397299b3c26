"""Everything here is a get-or-create, in one of the ways in which SQLAlchemy applications write them."""
from sqlalchemy import exists, func, select
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.exc import IntegrityError

from .models import (
    Alarm, DailyTotal, Depot, Driver, Firmware, Gateway, Owner, ReadingType, Route, Sensor, SensorTag, Site,
    Threshold, Trailer, Vehicle, Zone,
)


def get_or_create(session, entity, **key):
    """The recipe that everybody copies."""
    found = session.query(entity).filter_by(**key).first()
    if found is None:
        found = entity(**key)
        session.add(found)
        session.flush()
    return found


def site(session, code):
    return get_or_create(session, Site, code=code)


def route(session, origin, destination):
    return get_or_create(session, Route, origin=origin, destination=destination)


def sensor(session, serial):
    """The recipe with a savepoint."""
    found = session.query(Sensor).filter_by(serial=serial).one_or_none()
    if found is not None:
        return found
    try:
        with session.begin_nested():
            found = Sensor(serial=serial)
            session.add(found)
        return found
    except IntegrityError:
        return session.query(Sensor).filter_by(serial=serial).one()


def reading_type(session, name, unit):
    """Written at the caller's commit, after whatever it does in between."""
    found = session.execute(select(ReadingType).where(ReadingType.name == name)).scalars().first()
    if found is None:
        found = ReadingType(name=name, unit=unit)
        session.add(found)
    return found


def tag(session, sensor_id, name, note):
    """By the primary key, which the application knows."""
    session.merge(SensorTag(sensor_id=sensor_id, tag=name, note=note))


def raise_alarm(session, sensor_id, kind):
    waiting = select(Alarm).where(Alarm.sensor_id == sensor_id, Alarm.kind == kind, Alarm.cleared_at.is_(None))
    found = session.execute(waiting).scalars().first()
    if found is None:
        found = Alarm(sensor_id=sensor_id, kind=kind)
        session.add(found)
        session.flush()
    return found


def owner(session, email):
    found = session.query(Owner).filter(func.lower(Owner.email) == email.lower()).first()
    if found is None:
        found = Owner(email=email)
        session.add(found)
        session.flush()
    return found


def firmware(session, model, version, channel):
    """`channel` is None for the usual one."""
    return get_or_create(session, Firmware, model=model, version=version, channel=channel)


def vehicle(session, plate):
    return get_or_create(session, Vehicle, plate=plate)


def trailer(session, plate):
    return get_or_create(session, Trailer, plate=plate)


def gateway(session, name):
    found = session.query(Gateway).filter(Gateway.name == name, Gateway.active.is_(True)).first()
    if found is None:
        found = Gateway(name=name, active=True)
        session.add(found)
        session.flush()
    return found


def zones(session, site_id, labels):
    """Several lookups, and then all new rows at once."""
    with session.no_autoflush:
        for label in sorted(set(labels)):
            if session.query(Zone.id).filter_by(site_id=site_id, label=label).first() is None:
                session.add(Zone(site_id=site_id, label=label))
    session.flush()


def add_to_total(session, sensor_id, day, amount):
    if session.get_bind().dialect.name == 'postgresql':
        new = postgresql.insert(DailyTotal).values(sensor_id=sensor_id, day=day, total=amount)
        new = new.on_conflict_do_update(
            index_elements=['sensor_id', 'day'], set_={'total': DailyTotal.total + new.excluded.total}
        )
    else:
        new = mysql.insert(DailyTotal).values(sensor_id=sensor_id, day=day, total=amount)
        new = new.on_duplicate_key_update(total=DailyTotal.total + new.inserted.total)
    session.execute(new)


def threshold(session, sensor_id, reading_type_id, upper):
    """Looked up to be changed; created where it isn't there."""
    found = session.query(Threshold).filter_by(sensor_id=sensor_id, reading_type_id=reading_type_id).first()
    if found is None:
        found = Threshold(sensor_id=sensor_id, reading_type_id=reading_type_id)
        session.add(found)
    found.upper = upper
    session.flush()


def driver(session, licence, name):
    if not session.query(exists().where(Driver.licence == licence)).scalar():
        session.add(Driver(licence=licence, name=name))
        session.flush()


def depot(session, name):
    """Locked, as if there were something to lock."""
    found = session.query(Depot).filter_by(name=name).with_for_update().first()
    if found is None:
        found = Depot(name=name)
        session.add(found)
        session.flush()
    return found
