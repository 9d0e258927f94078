"""Documents that were handed in, and every file they ever were.

What a document is called, how long it is valid and whether it is confidential stands in the list of
evidence of each working dossier (its register `evidence`), and only there: here stand the files.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.evidence.kinds import Kind, kinds
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park


class Document(models.Model):
    """A piece of evidence: `key` is its id in the lists of the park (EV001), the same in every year.

    `is_sealed`: an enterprise shows it to evaluators only, not to the park.
    """

    park = models.ForeignKey(Park, models.PROTECT, related_name="documents")
    key = models.CharField(max_length=200)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="documents")
    is_sealed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="an_id_of_evidence_is_one_document")
        ]

    def __str__(self) -> str:
        return self.key


class DocumentVersion(models.Model):
    """One file of a document, with its content in the store. Never changed: a new file is a new version.

    `preview_sha256` is a picture for the screen, made anew from the file.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    members = models.PositiveIntegerField(default=0)
    preview_sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="one_file_per_number_of_a_document")
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="versions_by_content")]

    @property
    def known_kind(self) -> Kind:
        """Its kind with words and media type."""
        return kinds()[self.kind]

    @property
    def threat(self) -> str:
        """What a scanner found in it later than it was taken; such a file is not handed out any more."""
        return next((scan.found for scan in self.scans.all() if scan.found), "")


class Scan(models.Model):
    """What a scanner said of a version (`found`: blank for nothing); one without was not scanned."""

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="scans")
    scanner = models.CharField(max_length=60)
    found = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
