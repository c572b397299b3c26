"""A reader of news feeds. For Peewee 3."""
from datetime import datetime

from peewee import (
    BooleanField, CharField, DateTimeField, DatabaseProxy, ForeignKeyField, IntegerField, Model, TextField,
)

database = DatabaseProxy()


class Base(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Reader(Base):
    nick = CharField(max_length=40, unique=True)
    joined = DateTimeField(default=datetime.utcnow)


class Feed(Base):
    url = CharField(max_length=200)
    title = CharField(max_length=120, null=True)


class FeedEntry(Base):
    feed = ForeignKeyField(Feed, backref='entries')
    guid = CharField(max_length=80)
    headline = CharField(max_length=120)

    class Meta:
        indexes = ((('feed', 'guid'), True),)


class Following(Base):
    reader = ForeignKeyField(Reader)
    feed = ForeignKeyField(Feed)
    folder = CharField(max_length=40, null=True)


class Bookmark(Base):
    reader = ForeignKeyField(Reader)
    entry_url = CharField(max_length=200)
    removed_at = DateTimeField(null=True)


class Author(Base):
    name = CharField(max_length=80)


class Topic(Base):
    kind = CharField(max_length=10)
    word = CharField(max_length=40)


class Filter(Base):
    reader = ForeignKeyField(Reader)
    pattern = CharField(max_length=80)
    enabled = BooleanField()


class ReadMark(Base):
    reader = ForeignKeyField(Reader)
    entry_no = IntegerField()

    class Meta:
        indexes = ((('reader', 'entry_no'), True),)


class Site(Base):
    host = CharField(max_length=80)
    seen = IntegerField(default=0)


class Digest(Base):
    reader = ForeignKeyField(Reader)
    week = IntegerField()
    body = TextField(default='')


class Language(Base):
    code = CharField(max_length=8, unique=True)


# What follows is never looked up to be created.


class Remark(Base):
    reader = ForeignKeyField(Reader)
    text = TextField()


class Fetch(Base):
    feed_no = IntegerField()
    status = IntegerField()


class Mail(Base):
    state = CharField(max_length=10)
    recipient = CharField(max_length=80)


class Ticket(Base):
    code = CharField(max_length=40)


class Visit(Base):
    nick = CharField(max_length=40)


class Highlight(Base):
    reader = ForeignKeyField(Reader)
    position = IntegerField()


class Share(Base):
    token = CharField(max_length=40)
    entry_no = IntegerField()


class Mute(Base):
    reader = ForeignKeyField(Reader)
    host = CharField(max_length=80)


MODELS = [
    Reader, Feed, FeedEntry, Following, Bookmark, Author, Topic, Filter, ReadMark, Site, Digest, Language, Remark,
    Fetch, Mail, Ticket, Visit, Highlight, Share, Mute,
]
