"""Everything here is a get-or-create, in one of the ways in which Peewee applications write them."""
from peewee import EXCLUDED, IntegrityError, fn

from .models import (
    Author, Bookmark, Digest, Feed, FeedEntry, Filter, Following, Language, ReadMark, Reader, Site, Topic, database,
)


def reader(nick):
    return Reader.get_or_create(nick=nick)[0]


def feed(url):
    return Feed.get_or_create(url=url, defaults={'title': url[8:40]})[0]


def store(feed_id, guid, headline):
    """In one transaction with what belongs to it."""
    with database.atomic():
        entry, new = FeedEntry.get_or_create(feed=feed_id, guid=guid, defaults={'headline': headline})
        if not new:
            entry.headline = headline
            entry.save()
    return entry


def follow(reader_id, feed_id, folder):
    """Without a folder for those who have none."""
    folders = Following.folder.is_null() if folder is None else Following.folder == folder
    found = Following.get_or_none(Following.reader == reader_id, Following.feed == feed_id, folders)
    return found or Following.create(reader=reader_id, feed=feed_id, folder=folder)


def bookmark(reader_id, url):
    try:
        return Bookmark.get(
            (Bookmark.reader == reader_id) & (Bookmark.entry_url == url) & Bookmark.removed_at.is_null()
        )
    except Bookmark.DoesNotExist:
        return Bookmark.create(reader=reader_id, entry_url=url)


def author(name):
    found = Author.select().where(fn.LOWER(Author.name) == name.lower()).first()
    return found or Author.create(name=name)


def topic(word):
    """One table for topics and for people."""
    return Topic.get_or_create(kind='topic', word=word)[0]


def person(word):
    return Topic.get_or_create(kind='person', word=word)[0]


def filter_out(reader_id, pattern):
    return Filter.get_or_create(reader=reader_id, pattern=pattern, enabled=True)[0]


def mark_read(reader_id, numbers):
    rows = [{'reader': reader_id, 'entry_no': number} for number in numbers]
    ReadMark.insert_many(rows).on_conflict_ignore().execute()


def count_site(host):
    """Raised by one, or written for the first time."""
    if not Site.update(seen=Site.seen + 1).where(Site.host == host).execute():
        Site.create(host=host, seen=1)


def digest(reader_id, week, body):
    """Saved whichever it is."""
    found = Digest.get_or_none(reader=reader_id, week=week) or Digest(reader=reader_id, week=week)
    found.body = body
    found.save()


def language(code):
    """Inserted first; looked up when it was there already."""
    try:
        with database.atomic():
            return Language.create(code=code)
    except IntegrityError:
        return Language.get(Language.code == code)


def rename(feed_id, guid, headline):
    FeedEntry.insert(feed=feed_id, guid=guid, headline=headline).on_conflict(
        **(
            {'conflict_target': [FeedEntry.feed, FeedEntry.guid], 'update': {FeedEntry.headline: EXCLUDED.headline}}
            if database.obj.__class__.__name__.startswith('Postgres')
            else {'preserve': [FeedEntry.headline]}
        )
    ).execute()
