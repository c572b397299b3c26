"""A clinic. Some of what is looked up before it is inserted has a unique constraint, some only should have."""
from django.db import models


class Patient(models.Model):
    mrn = models.CharField(max_length=20, unique=True)
    full_name = models.CharField(max_length=120)
    registered_at = models.DateTimeField(auto_now_add=True)
    allergies = models.ManyToManyField('Allergy')


class Allergy(models.Model):
    substance = models.CharField(max_length=80)


class Phone(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name='phones')
    number = models.CharField(max_length=32)


class Contact(models.Model):
    email = models.CharField(max_length=120)
    name = models.CharField(max_length=120)


class Referral(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    source = models.CharField(max_length=40, null=True)
    notes = models.TextField(default='')


class Prescription(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    drug_code = models.CharField(max_length=12)
    cancelled_at = models.DateTimeField(null=True)


class StaffMember(models.Model):
    role = models.CharField(max_length=10)
    badge_no = models.IntegerField()
    name = models.CharField(max_length=80)


class Ward(models.Model):
    code = models.CharField(max_length=10)
    is_open = models.BooleanField(default=True)


class Bed(models.Model):
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE)
    number = models.IntegerField()
    status = models.CharField(max_length=12)

    class Meta:
        unique_together = [('ward', 'number')]


class Appointment(models.Model):
    doctor = models.ForeignKey(StaffMember, on_delete=models.CASCADE)
    day = models.DateField()
    slot = models.IntegerField()
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)


class Device(models.Model):
    serial_no = models.CharField(max_length=24)
    model_name = models.CharField(max_length=40)


class WalkIn(models.Model):
    day = models.DateField()
    ticket = models.IntegerField()


class Insurer(models.Model):
    payer_code = models.CharField(max_length=12)
    name = models.CharField(max_length=80)


class LabTest(models.Model):
    loinc = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=80)


class Vaccination(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    vaccine = models.CharField(max_length=20)
    given_on = models.DateField()


class ReminderPreference(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    channel = models.CharField(max_length=10)
    wanted = models.BooleanField()


# What follows is never looked up to be created.


class Note(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    text = models.TextField()


class Job(models.Model):
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    payload = models.CharField(max_length=80)


class ResetToken(models.Model):
    token = models.CharField(max_length=40)
    user_id = models.IntegerField()


class RotaEntry(models.Model):
    doctor_id = models.IntegerField()
    day = models.DateField()
    shift = models.CharField(max_length=10)


class Account(models.Model):
    username = models.CharField(max_length=40, unique=True)
    last_login = models.DateTimeField(null=True)


class LoginEvent(models.Model):
    username = models.CharField(max_length=40)
    succeeded = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)


class Consent(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    form = models.CharField(max_length=20)
    signed_at = models.DateTimeField(auto_now_add=True)


class VitalSign(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    value = models.FloatField()
    version = models.IntegerField()


class Setting(models.Model):
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=80)


class Invoice(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    number = models.CharField(max_length=20)
    cents = models.IntegerField()
