"""The working dossier of a park and year, its rows, who changed what, and frozen versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.dossiers.indexing import index_line, new_mark
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.profiles import first_profile
from lingtan_web.parks.models import Park

STALE_AFTER = timedelta(minutes=15)
"""What the worker has not made after so long was given up: the plan of an import, an export."""


class WorkingDossier(models.Model):
    """What a park is filling in for a year. `profile` is park.yaml as data, `revision` counts changes."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="dossiers")
    year = models.PositiveSmallIntegerField()
    profile = models.JSONField(default=dict)
    boundary = models.JSONField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "year"], name="one_working_dossier_a_year")
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """park.yaml as data; before anybody wrote it, what the park's own record says."""
        return self.profile or first_profile(self.park.slug, self.park.name_zh, self.park.name_en, self.year)


class RegisterRow(models.Model):
    """A row of a register as text cells, in the order of `position`; blank cells are left out.

    `mark` is what pages call it: nobody can guess it, and it says nothing about other rows. `key`,
    `ident` and `enterprise` are what the readers of the core make of the cells (see `indexing`).
    """

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="rows")
    register = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    mark = models.CharField(max_length=16, unique=True, default=new_mark)
    key = models.CharField(max_length=200, blank=True)
    ident = models.CharField(max_length=200, blank=True)
    enterprise = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dossier", "register", "position"], name="rows_in_order"),
            models.Index(fields=["dossier", "register", "key"], name="rows_by_key"),
            models.Index(fields=["dossier", "register", "ident"], name="rows_by_id"),
            models.Index(fields=["dossier", "register", "enterprise"], name="rows_of_an_enterprise"),
        ]

    def save(self, *args: Any, **named: Any) -> None:
        """Save, with the key that the cells give."""
        self.key, self.ident, self.enterprise = index_line(self.register, self.cells)
        super().save(*args, **named)


class StoredFile(models.Model):
    """A file of a working dossier (`readings/electricity.parquet`); its content lies in the store."""

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="files")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "path"], name="a_file_of_a_dossier_stands_once")
        ]


class Revision(models.Model):
    """One change of a working dossier: who, when, what kind, and what it changed beside rows.

    `before` and `after` hold park.yaml, boundary and files where they changed. Never changed itself.
    """

    dossier = models.ForeignKey(WorkingDossier, models.PROTECT, related_name="revisions")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.PositiveBigIntegerField(null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "number"], name="one_change_per_revision")
        ]


class CellChange(models.Model):
    """One cell that was changed: what it said before and after, who, when. Never changed itself.

    Without `column` it is a whole row that came or went: `old` or `new` is the row as JSON
    (mark, position, cells). `row` is the number of the row, kept when it is brought back.
    """

    dossier = models.ForeignKey(WorkingDossier, models.PROTECT, related_name="changes")
    revision = models.PositiveBigIntegerField()
    register = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    mark = models.CharField(max_length=16, blank=True)
    column = models.CharField(max_length=120, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dossier", "register", "row"], name="changes_of_a_row"),
            models.Index(fields=["dossier", "revision"], name="changes_of_a_revision"),
            models.Index(fields=["dossier", "mark"], name="changes_by_mark"),
        ]


class ImportPreview(models.Model):
    """A file that was uploaded to be imported, and what it would change; nothing is written before it is
    confirmed. `plan_sha256` is the plan in the store: at confirming it must come out the same.

    Blank `plan_sha256`: the worker is to make the plan, or `faults` say why it could not. `keys` are those
    of the enterprise that imports, none for the park; `carried` the SHA-256 of the files that lay beside the
    tables. Both digests blank: nobody confirmed it in time, and what it kept was swept.
    """

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="previews")
    token = models.CharField(max_length=16, unique=True, default=new_mark)
    name = models.CharField(max_length=200)
    keys = models.JSONField(null=True, blank=True)
    upload_sha256 = models.CharField(max_length=64, blank=True)
    plan_sha256 = models.CharField(max_length=64, blank=True)
    carried = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_as = models.PositiveBigIntegerField(null=True, blank=True)

    @property
    def is_expired(self) -> bool:
        """Whether it can no longer be confirmed: it is too old."""
        ends = self.made_at + timedelta(days=limit("preview_days"))
        return self.confirmed_as is None and timezone.now() >= ends

    @property
    def is_pending(self) -> bool:
        """Whether its plan is still to be made."""
        return bool(self.upload_sha256) and not (self.plan_sha256 or self.faults)

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody makes its plan any more."""
        return self.is_pending and timezone.now() - self.made_at > STALE_AFTER

    @property
    def is_awaited(self) -> bool:
        """Whether its page is worth waiting at."""
        return self.is_pending and not (self.is_abandoned or self.is_expired)


class DossierExport(models.Model):
    """A large dossier as a file to take away, made by the worker; kept for a day.

    `keys` are those of the enterprise that asked, none for the whole; without `sha256` it is still to be
    made, or `faults` say why there is none.
    """

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="exports")
    revision = models.PositiveBigIntegerField()
    keys = models.JSONField(null=True, blank=True)
    ending = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be made."""
        return not (self.sha256 or self.faults)


class EnterprisePart(models.Model):
    """Where an enterprise stands with its part of a dossier: reminded when, done when."""

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="parts")
    key = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "key"], name="one_part_of_an_enterprise_a_year")
        ]


class DossierVersion(models.Model):
    """A frozen dossier: which file with which content. Never changed.

    `manifest` maps the path of every file to its SHA-256 in the store; `manifest_sha256` is over it;
    `fingerprint` is the core's, over what the dossier says.
    """

    dossier = models.ForeignKey(WorkingDossier, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveBigIntegerField()
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    label = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "number"], name="one_version_per_number")
        ]
