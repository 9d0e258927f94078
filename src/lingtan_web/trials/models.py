"""A trial of an edition, and what it comes to for each certificate. Nothing is decided by it.

How far a trial is follows from its lines; one that was broken off goes on where there is no line yet.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.certificates.models import Certificate


class Trial(models.Model):
    """An edition tried on the certificates that ran on the day (`certificates`: their ids, in order).

    `content` is the SHA-256 in the store of the edition as it was then, `sha256` that of what it says.
    """

    edition = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    certificates = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    @property
    def total(self) -> int:
        """How many certificates it is tried on."""
        return len(self.certificates)


class TrialLine(models.Model):
    """A certificate under the edition: `found` as `export_migration` gives it, or `faults` why it cannot be.

    `outcome` is one of `lingtan.certificate.words.Tried`; stars are those computed, before from the bundle.
    """

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="lines")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, default="untried")
    found = models.JSONField(null=True)
    faults = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trial", "certificate"], name="a_certificate_is_tried_once")
        ]
        indexes: ClassVar = [models.Index(fields=["trial", "outcome"], name="lines_by_outcome")]
