"""One entry per change."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """A change of state. `hash` is over the entry and the hash before it, so that nothing can be taken out.

    `address` is the network the request came from, not the machine (see `chain.masked`).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=12)
    address = models.CharField(max_length=45, blank=True)
    request = models.CharField(max_length=36, blank=True)
    act = models.CharField(max_length=60)
    park = models.CharField(max_length=60, blank=True, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)


class ChainHead(models.Model):
    """The last entry; the one row that writers wait for."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
