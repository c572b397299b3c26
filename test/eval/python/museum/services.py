"""Everything here is a get-or-create, in one of the ways in which Pony applications write them."""
from pony.orm import TransactionIntegrityError, commit, db_session, flush, rollback, select

from .models import Artist, Country, Donor, Guide, Keyword, Room, Ticket, Visitor, Work, db


@db_session
def artist(name):
    return Artist.get(name=name) or Artist(name=name)


@db_session
def work(artist_no, title):
    """Its key is declared: Pony asks without a limit."""
    return Work.get(artist=artist_no, title=title) or Work(artist=artist_no, title=title)


@db_session
def country(code, label):
    """By a natural primary key."""
    return Country.get(code=code) or Country(code=code, label=label)


@db_session
def visitor(email):
    address = email.lower()
    return select(v for v in Visitor if v.email.lower() == address).first() or Visitor(email=email)


@db_session
def ticket(day, seat):
    return Ticket.get(day=day, seat=seat, voided_on=None) or Ticket(day=day, seat=seat)


@db_session
def room(floor, wing, number):
    """The oldest part of the house has no wings."""
    return Room.get(floor=floor, wing=wing, number=number) or Room(floor=floor, wing=wing, number=number)


@db_session
def donors(names):
    """All are looked up before the first is written, at the end."""
    for name in sorted(set(names)):
        if not Donor.exists(name=name, kind='person'):
            Donor(name=name, kind='person')


@db_session
def keyword(word):
    """Whoever comes second takes what the first one wrote."""
    found = Keyword.get(word=word)
    if found is None:
        try:
            found = Keyword(word=word)
            commit()
        except TransactionIntegrityError:
            rollback()
            found = Keyword.get(word=word)
    return found


@db_session
def guide(badge):
    """Locked, as if there were something to lock."""
    found = Guide.get_for_update(badge=badge, on_duty=True)
    if found is None:
        found = Guide(badge=badge, on_duty=True)
        flush()
    return found


@db_session
def country_by_hand(code, label):
    """The same table, with the statement that the database has for it."""
    db.execute(
        'INSERT INTO museum.country (code, label) VALUES ($code, $label)'
        ' ON CONFLICT (code) DO UPDATE SET label = excluded.label'
    )
