"""A network of libraries, on tables that another program once made: names in mixed case, keys that are UUIDs."""
import uuid

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Upper


class Base(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_column='Id')

    class Meta:
        abstract = True


class Branch(Base):
    name = models.CharField(max_length=60, db_column='Name')

    class Meta:
        db_table = 'Branch'


class Member(Base):
    email = models.CharField(max_length=120, db_column='EMail')
    name = models.CharField(max_length=80, db_column='Name')

    class Meta:
        db_table = 'Member'
        constraints = [UniqueConstraint(Upper('email'), name='MemberByEMail')]


class Genre(Base):
    slug = models.CharField(max_length=40, db_column='Slug')

    class Meta:
        db_table = 'Genre'


class Title(Base):
    isbn = models.CharField(max_length=17, db_column='Isbn')
    name = models.CharField(max_length=120, db_column='Name')
    genres = models.ManyToManyField(Genre, through='TitleGenre')

    class Meta:
        db_table = 'Title'


class TitleGenre(Base):
    title = models.ForeignKey(Title, models.CASCADE, db_column='TitleId')
    genre = models.ForeignKey(Genre, models.CASCADE, db_column='GenreId')

    class Meta:
        db_table = 'TitleGenre'


class Card(Base):
    branch = models.ForeignKey(Branch, models.CASCADE, db_column='BranchId')
    barcode = models.CharField(max_length=16, db_column='BarCode')
    withdrawn_on = models.DateField(null=True, db_column='WithdrawnOn')

    class Meta:
        db_table = 'LibraryCard'
        constraints = [
            UniqueConstraint(fields=['branch', 'barcode'], condition=Q(withdrawn_on=None), name='CardInUse'),
        ]


class Hold(Base):
    title = models.ForeignKey(Title, models.CASCADE, db_column='TitleId')
    member = models.ForeignKey(Member, models.CASCADE, db_column='MemberId')
    state = models.CharField(max_length=10, db_column='State')

    class Meta:
        db_table = 'HoldRequest'


class ReadingList(Base):
    member = models.ForeignKey(Member, models.CASCADE, db_column='MemberId')
    folder = models.CharField(max_length=40, null=True, db_column='Folder')
    name = models.CharField(max_length=40, db_column='Name')

    class Meta:
        db_table = 'ReadingList'


class Publisher(Base):
    name = models.CharField(max_length=80, unique=True, db_column='Name')

    class Meta:
        db_table = 'Publisher'


class Series(Base):
    publisher = models.ForeignKey(Publisher, models.CASCADE, db_column='PublisherId')
    label = models.CharField(max_length=60, db_column='Label')

    class Meta:
        db_table = 'Series'
        constraints = [UniqueConstraint(fields=['publisher', 'label'], name='SeriesOfPublisher')]


class Stock(Base):
    branch = models.ForeignKey(Branch, models.CASCADE, db_column='BranchId')
    title = models.ForeignKey(Title, models.CASCADE, db_column='TitleId')
    copies = models.IntegerField(db_column='Copies')

    class Meta:
        db_table = 'Stock'
        constraints = [UniqueConstraint(fields=['branch', 'title'], name='StockOfBranch')]


class Shelf(Base):
    network_id = models.IntegerField(db_column='NetworkId')
    mark = models.CharField(max_length=12, db_column='Mark')

    class Meta:
        db_table = 'Shelf'


class Keyword(Base):
    word = models.CharField(max_length=40, db_column='Word')

    class Meta:
        db_table = 'Keyword'


class Course(Base):
    school = models.CharField(max_length=40, db_column='School')
    code = models.CharField(max_length=12, db_column='Code')
    term = models.IntegerField(db_column='Term')

    class Meta:
        db_table = 'Course'


class Supplier(Base):
    vat_no = models.CharField(max_length=16, db_column='VatNo')
    name = models.CharField(max_length=80, db_column='Name')

    class Meta:
        db_table = 'Supplier'


# What follows is never looked up to be created.


class Loan(Base):
    member = models.ForeignKey(Member, models.CASCADE, db_column='MemberId')
    title = models.ForeignKey(Title, models.CASCADE, db_column='TitleId')
    returned_at = models.DateTimeField(null=True, db_column='ReturnedAt')

    class Meta:
        db_table = 'Loan'


class LoanHistory(Base):
    loan_id = models.UUIDField(db_column='LoanId')
    what = models.CharField(max_length=20, db_column='What')

    class Meta:
        db_table = 'LoanHistory'


class WebSession(Base):
    key = models.CharField(max_length=40, db_column='Key')
    data = models.TextField(db_column='Data')

    class Meta:
        db_table = 'WebSession'


class Invitation(Base):
    code = models.CharField(max_length=40, db_column='Code')

    class Meta:
        db_table = 'Invitation'


class OpeningHours(Base):
    branch = models.ForeignKey(Branch, models.CASCADE, db_column='BranchId')
    weekday = models.IntegerField(db_column='Weekday')
    opens = models.CharField(max_length=5, db_column='Opens')

    class Meta:
        db_table = 'OpeningHours'


class Outbox(Base):
    topic = models.CharField(max_length=20, db_column='Topic')
    sent = models.BooleanField(default=False, db_column='Sent')

    class Meta:
        db_table = 'Outbox'


class Review(Base):
    title = models.ForeignKey(Title, models.CASCADE, db_column='TitleId')
    stars = models.IntegerField(db_column='Stars')

    class Meta:
        db_table = 'Review'


class Payment(Base):
    reference = models.CharField(max_length=20, db_column='Reference')
    cents = models.IntegerField(db_column='Cents')

    class Meta:
        db_table = 'Payment'
