"""A fleet of sensors and vehicles. For SQLAlchemy 1.4 and 2.0."""
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Numeric, String, UniqueConstraint, func
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Site(Base):
    __tablename__ = 'site'
    id = Column(Integer, primary_key=True)
    code = Column(String(20), nullable=False)
    zones = relationship('Zone', back_populates='site')


class Zone(Base):
    __tablename__ = 'zone'
    id = Column(Integer, primary_key=True)
    site_id = Column(ForeignKey('site.id'), nullable=False)
    label = Column(String(40), nullable=False)
    site = relationship('Site', back_populates='zones')


class Sensor(Base):
    __tablename__ = 'sensor'
    id = Column(Integer, primary_key=True)
    serial = Column(String(40), nullable=False, unique=True)
    readings = relationship('Reading', back_populates='sensor')


class ReadingType(Base):
    __tablename__ = 'reading_type'
    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False)
    unit = Column(String(10), nullable=False)


class SensorTag(Base):
    __tablename__ = 'sensor_tag'
    sensor_id = Column(ForeignKey('sensor.id'), primary_key=True)
    tag = Column(String(40), primary_key=True)
    note = Column(String(80))


class Alarm(Base):
    __tablename__ = 'alarm'
    id = Column(Integer, primary_key=True)
    sensor_id = Column(ForeignKey('sensor.id'), nullable=False)
    kind = Column(String(20), nullable=False)
    cleared_at = Column(DateTime)


class Owner(Base):
    __tablename__ = 'owner'
    id = Column(Integer, primary_key=True)
    email = Column(String(120), nullable=False)


class Firmware(Base):
    __tablename__ = 'firmware'
    id = Column(Integer, primary_key=True)
    model = Column(String(40), nullable=False)
    version = Column(String(20), nullable=False)
    channel = Column(String(20))


class Asset(Base):
    __tablename__ = 'asset'
    id = Column(Integer, primary_key=True)
    type = Column(String(20), nullable=False)
    plate = Column(String(20), nullable=False)
    __mapper_args__ = {'polymorphic_on': type, 'polymorphic_identity': 'asset'}


class Vehicle(Asset):
    __mapper_args__ = {'polymorphic_identity': 'vehicle'}


class Trailer(Asset):
    __mapper_args__ = {'polymorphic_identity': 'trailer'}


class Gateway(Base):
    __tablename__ = 'gateway'
    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False)
    active = Column(Boolean, nullable=False)


class DailyTotal(Base):
    __tablename__ = 'daily_total'
    __table_args__ = (UniqueConstraint('sensor_id', 'day'),)
    id = Column(Integer, primary_key=True)
    sensor_id = Column(Integer, nullable=False)
    day = Column(String(10), nullable=False)
    total = Column(Integer, nullable=False)


class Threshold(Base):
    __tablename__ = 'threshold'
    __table_args__ = (UniqueConstraint('sensor_id', 'reading_type_id'),)
    id = Column(Integer, primary_key=True)
    sensor_id = Column(Integer, nullable=False)
    reading_type_id = Column(Integer, nullable=False)
    upper = Column(Numeric(8, 2), nullable=False)


class Route(Base):
    __tablename__ = 'route'
    id = Column(Integer, primary_key=True)
    origin = Column(String(20), nullable=False)
    destination = Column(String(20), nullable=False)


class Driver(Base):
    __tablename__ = 'driver'
    id = Column(Integer, primary_key=True)
    licence = Column(String(20), nullable=False)
    name = Column(String(80))


class Depot(Base):
    __tablename__ = 'depot'
    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False)


# What follows is never looked up to be created.


class Reading(Base):
    __tablename__ = 'reading'
    id = Column(Integer, primary_key=True)
    sensor_id = Column(ForeignKey('sensor.id'), nullable=False)
    value = Column(Numeric(8, 2), nullable=False)
    at = Column(DateTime, server_default=func.now())
    sensor = relationship('Sensor', back_populates='readings')


class Command(Base):
    __tablename__ = 'command'
    id = Column(Integer, primary_key=True)
    name = Column(String(20), nullable=False)
    state = Column(String(10), nullable=False)


class Pairing(Base):
    __tablename__ = 'pairing'
    id = Column(Integer, primary_key=True)
    code = Column(String(20), nullable=False)


class Position(Base):
    __tablename__ = 'position'
    id = Column(Integer, primary_key=True)
    asset_id = Column(Integer, nullable=False)
    lat = Column(Numeric(9, 5))
    lon = Column(Numeric(9, 5))


class Shift(Base):
    __tablename__ = 'shift'
    id = Column(Integer, primary_key=True)
    driver_id = Column(Integer, nullable=False)
    day = Column(String(10), nullable=False)


class Audit(Base):
    __tablename__ = 'audit'
    id = Column(Integer, primary_key=True)
    email = Column(String(120), nullable=False)
    what = Column(String(20), nullable=False)


class Delivery(Base):
    __tablename__ = 'delivery'
    id = Column(Integer, primary_key=True)
    reference = Column(String(20), nullable=False)
    route_id = Column(Integer, nullable=False)


class Permit(Base):
    __tablename__ = 'permit'
    id = Column(Integer, primary_key=True)
    asset_id = Column(Integer, nullable=False)
    zone_id = Column(Integer, nullable=False)
