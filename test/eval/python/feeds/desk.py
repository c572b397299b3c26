"""Nothing here is a get-or-create, though each of these reads and writes."""
import secrets
from datetime import datetime

from .models import (
    Bookmark, Feed, FeedEntry, Fetch, Highlight, Mail, Mute, Reader, Remark, Share, Ticket, Visit, database,
)


def remove_bookmarks(reader_id):
    current = (Bookmark.reader == reader_id) & Bookmark.removed_at.is_null()
    Bookmark.update(removed_at=datetime.utcnow()).where(current).execute()


def remark(reader_id, text):
    earlier = list(Remark.select().where(Remark.reader == reader_id))
    Remark.create(reader=reader_id, text=f'{len(earlier)} {text}')


def fetch(feed_no):
    """The last status is looked at; the new one is always written."""
    last = Fetch.select().where(Fetch.feed_no == feed_no).order_by(Fetch.id.desc()).first()
    Fetch.create(feed_no=feed_no, status=304 if last else 200)


def queue_mail(recipient):
    Mail.create(state='new', recipient=recipient)


def send_mail():
    with database.atomic():
        mail = Mail.select().where(Mail.state == 'new').order_by(Mail.id).for_update().first()
        if mail:
            mail.state = 'sent'
            mail.save()


def ticket():
    return Ticket.create(code=secrets.token_hex(8)).code


def use(code):
    found = Ticket.get_or_none(Ticket.code == code)
    if found:
        found.delete_instance()


def enter(nick):
    known = Reader.get_or_none(Reader.nick == nick)
    Visit.create(nick=nick if known else 'nobody')


def highlight(reader_id, positions):
    with database.atomic():
        Highlight.delete().where(Highlight.reader == reader_id).execute()
        Highlight.insert_many([{'reader': reader_id, 'position': position} for position in positions]).execute()


def share(entry_no):
    """Read back what was written."""
    token = secrets.token_hex(8)
    Share.create(token=token, entry_no=entry_no)
    return Share.get(Share.token == token)


def muted(reader_id, host):
    return Mute.select().where((Mute.reader == reader_id) & (Mute.host == host)).exists()


def mute(reader_id, host):
    Mute.create(reader=reader_id, host=host)


def latest(title):
    return list(FeedEntry.select(FeedEntry, Feed).join(Feed).where(Feed.title == title).limit(10))
