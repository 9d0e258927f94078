"""The working dossier of a park and year, its rows, who changed what, and frozen versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.parks.models import Park


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


class RegisterRow(models.Model):
    """A row of a register as text cells, in the order of `position`; blank cells are left out."""

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="rows")
    register = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dossier", "register", "position"], name="rows_in_order")]


class StoredReading(models.Model):
    """A file of readings that belongs to a working dossier; its content lies in the store."""

    dossier = models.ForeignKey(WorkingDossier, models.CASCADE, related_name="readings")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "name"], name="a_reading_file_stands_once")
        ]


class CellChange(models.Model):
    """One cell that was changed: what it said before and after, who, when. Never changed itself."""

    dossier = models.ForeignKey(WorkingDossier, models.PROTECT, related_name="changes")
    revision = models.PositiveBigIntegerField()
    register = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    column = models.CharField(max_length=120, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dossier", "register", "row"], name="changes_of_a_row")]


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
