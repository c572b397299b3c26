"""A museum, in a schema of its own. For Pony 0.7."""
from datetime import date

from pony.orm import Database, Optional, PrimaryKey, Required, Set, composite_key

db = Database()
Entity = db.Entity


class Artist(Entity):
    _table_ = ('museum', 'Artist')
    id = PrimaryKey(int, auto=True, column='ArtistNo')
    name = Required(str, 80, column='FullName')
    works = Set('Work')


class Work(Entity):
    _table_ = ('museum', 'Work')
    id = PrimaryKey(int, auto=True, column='WorkNo')
    artist = Required(Artist, column='ArtistNo')
    title = Required(str, 120, column='Title')
    loans = Set('Loan')
    composite_key(artist, title)


class Country(Entity):
    _table_ = ('museum', 'country')
    code = PrimaryKey(str, 2)
    label = Required(str, 40)


class Visitor(Entity):
    _table_ = ('museum', 'visitor')
    id = PrimaryKey(int, auto=True)
    email = Required(str, 120)


class Ticket(Entity):
    _table_ = ('museum', 'ticket')
    id = PrimaryKey(int, auto=True)
    day = Required(date)
    seat = Required(int)
    voided_on = Optional(date)


class Room(Entity):
    _table_ = ('museum', 'room')
    id = PrimaryKey(int, auto=True)
    floor = Required(int)
    wing = Optional(str, 20, nullable=True)
    number = Required(int)


class Donor(Entity):
    _table_ = ('museum', 'donor')
    id = PrimaryKey(int, auto=True)
    name = Required(str, 80)
    kind = Required(str, 10)


class Keyword(Entity):
    _table_ = ('museum', 'keyword')
    id = PrimaryKey(int, auto=True)
    word = Required(str, 40, unique=True)


class Guide(Entity):
    _table_ = ('museum', 'guide')
    id = PrimaryKey(int, auto=True)
    badge = Required(str, 20)
    on_duty = Required(bool)


# What follows is never looked up to be created.


class Loan(Entity):
    _table_ = ('museum', 'loan')
    id = PrimaryKey(int, auto=True)
    work = Required(Work)
    borrower = Required(str, 80)


class Question(Entity):
    _table_ = ('museum', 'question')
    id = PrimaryKey(int, auto=True)
    visitor_no = Required(int)
    body = Required(str, 200)


class Climate(Entity):
    _table_ = ('museum', 'climate')
    id = PrimaryKey(int, auto=True)
    room_no = Required(int)
    celsius = Required(float)


class Task(Entity):
    _table_ = ('museum', 'task')
    id = PrimaryKey(int, auto=True)
    state = Required(str, 10)


class Voucher(Entity):
    _table_ = ('museum', 'voucher')
    id = PrimaryKey(int, auto=True)
    code = Required(str, 40)


class Page(Entity):
    _table_ = ('museum', 'page')
    id = PrimaryKey(int, auto=True)
    path = Required(str, 80)
    body = Required(str, 200)
