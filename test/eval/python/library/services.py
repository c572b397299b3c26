"""Everything here is a get-or-create, in one of the ways in which Django applications write them."""
from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from .models import (
    Card, Course, Genre, Hold, Keyword, Member, Publisher, ReadingList, Series, Shelf, Stock, Supplier, Title,
    TitleGenre,
)

NETWORK = 1


def join_library(email, name):
    member = Member.objects.filter(email__iexact=email).first()
    if member is None:
        try:
            with transaction.atomic():
                member = Member.objects.create(email=email, name=name)
        except IntegrityError:
            member = Member.objects.get(email__iexact=email)
    return member


@async_to_sync
async def catalogue(isbn, name):
    title, _ = await Title.objects.aget_or_create(isbn=isbn, defaults={'name': name})
    return title


def issue_card(branch, barcode):
    return Card.objects.get_or_create(branch=branch, barcode=barcode, withdrawn_on=None)[0]


def hold(title, member):
    """The whole request is one transaction."""
    with transaction.atomic():
        waiting = Hold.objects.select_for_update()
        return waiting.get_or_create(title=title, member=member, state='waiting')[0]


def classify(title, slug):
    genre, _ = Genre.objects.get_or_create(slug=slug)
    TitleGenre.objects.get_or_create(title=title, genre=genre)
    return genre


def reading_list(member, folder, name):
    """Without a folder for those who have none."""
    return ReadingList.objects.update_or_create(member=member, folder=folder, name=name)[0]


def add_publisher(name):
    """As a form does: checked by the model's own validation."""
    publisher = Publisher(name=name)
    try:
        publisher.full_clean()
    except ValidationError:
        return Publisher.objects.get(name=name)
    publisher.save()
    return publisher


def add_series(publisher, label):
    series = Series(publisher=publisher, label=label)
    try:
        series.full_clean()
    except ValidationError:
        return None
    series.save()
    return series


def take_stock(branch, titles, copies):
    Stock.objects.bulk_create(
        [Stock(branch=branch, title=title, copies=copies) for title in titles],
        update_conflicts=True,
        update_fields=['copies'],
        **({'unique_fields': ['branch', 'title']} if connection.vendor == 'postgresql' else {}),
    )


def shelf(mark):
    return Shelf.objects.get_or_create(network_id=NETWORK, mark=mark)[0]


def keywords(words):
    """In bulk: which ones are there, and then the missing ones at once."""
    known = set(Keyword.objects.filter(word__in=words).values_list('word', flat=True))
    Keyword.objects.bulk_create([Keyword(word=word) for word in sorted(set(words) - known)])


def course(school, code, term):
    """Counted, in a transaction of its own."""
    if Course.objects.filter(school=school, code=code, term=term).count() == 0:
        Course.objects.create(school=school, code=code, term=term)


def supplier(vat_no, name):
    """By hand, in one statement."""
    table, key, vat, label = (connection.ops.quote_name(each) for each in ('Supplier', 'Id', 'VatNo', 'Name'))
    new = Supplier(vat_no=vat_no, name=name)
    identity = Supplier._meta.pk.get_db_prep_value(new.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ({key}, {vat}, {label}) SELECT %s, %s, %s'
            f' WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {vat} = %s)',
            [identity, vat_no, name, vat_no],
        )
