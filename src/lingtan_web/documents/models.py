"""Documents of calculations, and where their content is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from lingtan_web.assessments.models import Calculation, State


class Document(models.Model):
    """One document of a calculation. `sha256` is its content in the store once it is made.

    `attempt` is the mark of whoever makes it now, `runner` the task it is made for; `faults` say why it
    could not be made.
    """

    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=5)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.CharField(max_length=32, blank=True)
    runner = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    faults = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["calculation", "kind", "format", "language"], name="a_document_is_made_once"
            )
        ]
