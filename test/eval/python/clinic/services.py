"""Everything here is a get-or-create, in one of the ways in which Django applications write them."""
from django.db import IntegrityError, transaction

from .models import (
    Appointment, Bed, Contact, Device, Insurer, LabTest, Patient, Prescription, Referral, ReminderPreference,
    StaffMember, Vaccination, WalkIn, Ward,
)


def register_patient(mrn, name):
    return Patient.objects.get_or_create(mrn=mrn, defaults={'full_name': name})[0]


def find_contact(email, name):
    return Contact.objects.get_or_create(email__iexact=email, defaults={'email': email, 'name': name})[0]


def open_referral(patient, source):
    """`source` is None for those who come by themselves."""
    return Referral.objects.get_or_create(patient=patient, source=source)[0]


def prescribe(patient, drug_code):
    current = Prescription.objects.filter(cancelled_at__isnull=True)
    return current.get_or_create(patient=patient, drug_code=drug_code)[0]


def nurse(badge_no, name):
    nurses = StaffMember.objects.filter(role='nurse')
    return nurses.get_or_create(badge_no=badge_no, defaults={'role': 'nurse', 'name': name})[0]


def open_ward(code):
    return Ward.objects.get_or_create(code=code, is_open=True)[0]


def set_bed(ward, number, status):
    return Bed.objects.update_or_create(ward=ward, number=number, defaults={'status': status})[0]


def book(doctor, day, slot, patient):
    with transaction.atomic():
        patient.save(update_fields=['full_name'])
        return Appointment.objects.get_or_create(doctor=doctor, day=day, slot=slot, defaults={'patient': patient})[0]


def device(serial_no, model_name):
    found = Device.objects.filter(serial_no=serial_no).first()
    if found is None:
        found = Device.objects.create(serial_no=serial_no, model_name=model_name)
    return found


def walk_in(day, ticket):
    return WalkIn.objects.get_or_create(day=day, ticket=ticket)[0]


def add_phone(patient, number):
    return patient.phones.get_or_create(number=number)[0]


def add_allergy(patient, substance):
    return patient.allergies.get_or_create(substance=substance)[0]


def add_insurer(payer_code, name):
    """As a form's clean method does."""
    if Insurer.objects.filter(payer_code=payer_code).exists():
        return None
    return Insurer.objects.create(payer_code=payer_code, name=name)


def import_lab_tests(rows):
    LabTest.objects.bulk_create([LabTest(loinc=loinc, title=title) for loinc, title in rows], ignore_conflicts=True)


def vaccinate(patient, vaccine, day):
    """By hand, with the retry that get_or_create would do."""
    try:
        return Vaccination.objects.get(patient=patient, vaccine=vaccine)
    except Vaccination.DoesNotExist:
        try:
            with transaction.atomic():
                return Vaccination.objects.create(patient=patient, vaccine=vaccine, given_on=day)
        except IntegrityError:
            return Vaccination.objects.get(patient=patient, vaccine=vaccine)


def prefer(patient, channel, wanted):
    """Filled in by the caller between the lookup and the insert."""
    with transaction.atomic():
        preference = ReminderPreference.objects.filter(patient=patient, channel=channel).first()
        if preference is None:
            preference = ReminderPreference(patient=patient, channel=channel)
        preference.wanted = wanted
        preference.save()
    return preference
