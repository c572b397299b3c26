"""Nothing here is a get-or-create, though each of these reads and writes."""
import secrets

from sqlalchemy import func, select

from .models import (
    Alarm, Asset, Audit, Command, Delivery, Gateway, Owner, Pairing, Permit, Position, Reading, Route, Sensor, Shift, Site,
    Zone,
)


def clear_alarms(session, sensor_id):
    waiting = session.query(Alarm).filter(Alarm.sensor_id == sensor_id, Alarm.cleared_at.is_(None))
    waiting.update({'cleared_at': func.now()}, synchronize_session=False)


def retire_gateway(session, name):
    session.query(Gateway).filter_by(name=name).update({'active': False}, synchronize_session=False)


def report(session, serial, value):
    """The sensor is looked up, and gets another reading."""
    sensor = session.query(Sensor).filter_by(serial=serial).first()
    if sensor:
        session.add(Reading(sensor_id=sensor.id, value=value))


def average(session, sensor_id, value):
    """All readings are loaded, and one more is written."""
    sensor = session.get(Sensor, sensor_id)
    values = [reading.value for reading in sensor.readings]
    sensor.readings.append(Reading(value=value))
    return sum(values) / len(values) if values else None


def move(session, asset_id, lat, lon):
    """The last position is read to tell how far it is; the new one is always written."""
    last = session.query(Position).filter_by(asset_id=asset_id).order_by(Position.id.desc()).first()
    session.add(Position(asset_id=asset_id, lat=lat, lon=lon))
    return last and abs(float(last.lat) - lat)


def order(session, name):
    session.add(Command(name=name, state='new'))


def next_command(session):
    found = session.execute(
        select(Command).where(Command.state == 'new').order_by(Command.id).limit(1).with_for_update(skip_locked=True)
    ).scalar()
    if found:
        found.state = 'done'


def offer_pairing(session):
    code = secrets.token_hex(6)
    session.add(Pairing(code=code))
    return code


def pair(session, code):
    found = session.query(Pairing).filter_by(code=code).first()
    if found:
        session.delete(found)


def plan(session, driver_id, days):
    session.query(Shift).filter(Shift.driver_id == driver_id).delete()
    for day in days:
        session.add(Shift(driver_id=driver_id, day=day))


def log_in(session, email):
    known = session.query(Owner.id).filter(func.lower(Owner.email) == email.lower()).first()
    session.add(Audit(email=email, what='login' if known else 'refused'))


def deliver(session, reference, route_id):
    """Read back what was written."""
    session.add(Delivery(reference=reference, route_id=route_id))
    session.commit()
    return session.query(Delivery).filter_by(reference=reference).one()


def may_enter(session, asset_id, zone_id):
    return session.query(Permit).filter_by(asset_id=asset_id, zone_id=zone_id).first() is not None


def permit(session, asset_id, zone_id):
    session.add(Permit(asset_id=asset_id, zone_id=zone_id))


def overview(session, code):
    return session.query(Zone, Site).join(Site, Zone.site_id == Site.id).filter(Site.code == code).limit(20).all()


def busiest(session):
    return session.query(Route.origin, func.count()).join(Delivery, Delivery.route_id == Route.id).group_by(
        Route.origin
    ).all()


def plates(session):
    return [plate for (plate,) in session.query(Asset.plate).filter(Asset.plate.like('V-1%'))]
