"""Certificates, what happens to them, and what was published. Rows are added and never changed.

How a certificate stands is never stored: it follows from its events (`lingtan.certificate.lifecycle`).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.parks.models import Park
from lingtan_web.reviews.models import Submission


class Certificate(models.Model):
    """A certificate as issued. `facts` are those of `lingtan.certificate.Certificate` as JSON.

    `paper` and `bundle` are SHA-256 in the store: the signed PDF, and the zip that anyone can repeat the
    assessment from. `terms` are the periods of the edition at the time (`lifecycle.records.Terms`).
    `submission` is empty for what was not decided in a review on this site.
    """

    number = models.CharField(max_length=40, unique=True)
    status_index = models.PositiveIntegerField(unique=True)
    park = models.ForeignKey(Park, models.PROTECT, related_name="certificates")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="certificates", null=True)
    edition = models.CharField(max_length=100)
    stars = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    facts = models.JSONField()
    terms = models.JSONField()
    credential = models.TextField()
    code = models.TextField()
    key = models.CharField(max_length=40)
    paper = models.CharField(max_length=64)
    bundle = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class CertificateEvent(models.Model):
    """What happened to a certificate: `kind` is the name of the event of the core, `data` its fields.

    `reasons` are published. `number` counts within the certificate: of two at once only one gets it.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    on = models.DateField()
    data = models.JSONField()
    reasons = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["certificate", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "number"], name="one_event_per_number")
        ]


class PublishedList(models.Model):
    """A signed status list as it was published: what the scheme said, and when."""

    list = models.PositiveIntegerField()
    purpose = models.CharField(max_length=12)
    token = models.TextField()
    fresh_until = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["list", "purpose", "-at"], name="newest_list_first")]


class Declaration(models.Model):
    """A certified park's yearly self-declaration: data handed in, still conforming or not, and why."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="declarations")
    year = models.PositiveSmallIntegerField()
    version = models.ForeignKey("dossiers.DossierVersion", models.PROTECT, related_name="+", null=True)
    conforms = models.BooleanField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Disclosure(models.Model):
    """What a park has published of the bundle behind its certificate; the newest one holds.

    `withheld` are names and folders that were left out, `bundle` the SHA-256 of the zip in the store; blank
    where the park has taken it back.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="disclosures")
    withheld = models.JSONField(default=list)
    bundle = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


KEPT = (Certificate, CertificateEvent, PublishedList, Declaration, Disclosure)
"""Every table here: all of them are protected by triggers."""
