"""Parks, the enterprises in them, and the mandates of evaluators."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.organisations.models import Organisation


class Park(models.Model):
    """A characteristic industrial park; `slug` is its readable id, in addresses and in the dossier."""

    slug = models.SlugField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="parks")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name_zh


class ParkEnterprise(models.Model):
    """An enterprise of the dossier (`key`, such as E001) and the organisation that fills its part.

    `is_confidential`: neighbours and papers see it under a cover name.
    """

    park = models.ForeignKey(Park, models.CASCADE, related_name="enterprises")
    key = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="places", null=True, blank=True
    )
    is_confidential = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="an_enterprise_stands_once_in_a_park")
        ]


class Mandate(models.Model):
    """An evaluation body's order to evaluate one park for one year, by named people, between two days."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="mandates")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    year = models.PositiveSmallIntegerField()
    from_day = models.DateField()
    to_day = models.DateField()
    evaluators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mandates", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_day__gte=models.F("from_day")), name="a_mandate_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["park", "body", "year", "from_day"],
                condition=models.Q(ended_at=None),
                name="a_mandate_is_given_once",
            ),
        ]
