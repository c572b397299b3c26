"""Nothing here is a get-or-create, though each of these reads and writes."""
import secrets

from django.db import transaction
from django.utils import timezone

from .models import (
    Account, Consent, Invoice, Job, LoginEvent, Note, Prescription, ResetToken, RotaEntry, Setting, VitalSign, Ward,
)


def cancel_prescriptions(patient):
    Prescription.objects.filter(patient=patient, cancelled_at__isnull=True).update(cancelled_at=timezone.now())


def close_ward(code):
    Ward.objects.filter(code=code).update(is_open=False)


def add_note(patient, text):
    """A collection is loaded and gets another member."""
    earlier = list(Note.objects.filter(patient=patient))
    Note.objects.create(patient=patient, text=f'{len(earlier) + 1}: {text}')


def setting(name):
    """Cache-aside: nothing is inserted where nothing is found."""
    return Setting.objects.filter(name=name).first()


def change_setting(name, value):
    Setting.objects.create(name=name, value=value)


def poll():
    """A worker."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(state='queued').order_by('id').first()
        if job:
            job.state = 'done'
            job.save(update_fields=['state'])
    return job


def enqueue(kind, payload):
    Job.objects.create(kind=kind, state='queued', payload=payload)


def request_reset(user_id):
    return ResetToken.objects.create(token=secrets.token_hex(12), user_id=user_id).token


def use_token(token):
    """Once."""
    found = ResetToken.objects.filter(token=token).first()
    if found:
        found.delete()
    return found is not None


def plan_day(doctor_id, day, shifts):
    """Deleted and written anew."""
    with transaction.atomic():
        RotaEntry.objects.filter(doctor_id=doctor_id, day=day).delete()
        for shift in shifts:
            RotaEntry.objects.create(doctor_id=doctor_id, day=day, shift=shift)


def log_in(username):
    account = Account.objects.filter(username=username).first()
    LoginEvent.objects.create(username=username, succeeded=account is not None)
    if account:
        account.last_login = timezone.now()
        account.save(update_fields=['last_login'])


def recent_failures(username):
    return LoginEvent.objects.filter(username=username, succeeded=False).count()


def may_treat(patient, form):
    """Looked at, never inserted because of it."""
    return Consent.objects.filter(patient=patient, form=form).exists()


def sign(patient, form):
    Consent.objects.create(patient=patient, form=form)


def measure(patient, kind, value):
    """A history: the latest is read, and the next appended."""
    latest = VitalSign.objects.filter(patient=patient, kind=kind).order_by('-version').first()
    VitalSign.objects.create(patient=patient, kind=kind, value=value, version=latest.version + 1 if latest else 1)


def bill(patient, number, cents):
    """Read back what was written."""
    Invoice.objects.create(patient=patient, number=number, cents=cents)
    return Invoice.objects.get(number=number)


def overdue():
    return list(Invoice.objects.select_related('patient').filter(patient__mrn__startswith='M1', cents__gt=9000)[:20])
