"""Calculations of frozen dossiers, and what each came to under each edition."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.dossiers.models import DossierVersion


class State(models.TextChoices):
    """Where a calculation stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Calculation(models.Model):
    """One version, one day, some editions, one software: computed once.

    `editions` is their ids in order, the first is the main one; `artefacts` maps names of files to the
    SHA-256 of their content in the store. `attempt` is the mark of whoever computes it now, `runner`
    the task it does so for: a run that was
    given up cannot finish it. `faults` are those of the dossier by code, or why it failed.
    """

    version = models.ForeignKey(DossierVersion, models.PROTECT, related_name="calculations")
    on = models.DateField()
    editions = models.JSONField()
    editions_key = models.CharField(max_length=500)
    software = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.CharField(max_length=32, blank=True)
    runner = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    faults = models.JSONField(default=list)
    artefacts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "on", "editions_key", "software"], name="a_calculation_is_made_once"
            )
        ]


class EditionResult(models.Model):
    """What a calculation came to under one edition. Never changed.

    `headline` says it in a sentence of each language, `score` is the exact decimal as text (SQLite
    keeps no decimals), `sheet` what pages show; the full export is among the artefacts of the
    calculation.
    """

    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="results")
    position = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300, blank=True)
    headline = models.JSONField(default=dict)
    stars = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=100, blank=True)
    score = models.CharField(max_length=40, blank=True)
    sheet = models.JSONField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calculation", "edition"], name="one_result_per_edition")
        ]
