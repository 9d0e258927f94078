"""Pushes that were answered, so that the same push again gets the same answer."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.parks.models import Park


class AnsweredPush(models.Model):
    """A push of one person's program to one park, by its idempotency key. `sha256` is of the body."""

    park = models.ForeignKey(Park, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=128)
    sha256 = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "user", "key"], name="a_key_is_used_once")
        ]


class FrozenReadings(models.Model):
    """What the lake of a park held of a year when it was last taken along: path → SHA-256 in the store.

    Kept so that a lake that did not change is not read again: `generation` is that of its manifest.
    """

    park = models.ForeignKey(Park, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    generation = models.PositiveBigIntegerField()
    files = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "year"], name="readings_are_kept_once_a_year")
        ]
