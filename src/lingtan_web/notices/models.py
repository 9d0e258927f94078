"""Reminders that were sent, and how a person wants to hear of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.parks.models import Park


class Notice(models.Model):
    """A reminder to one person; one of a kind and key is sent to them once, whatever runs how often."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=250)
    text_zh = models.CharField(max_length=500)
    text_en = models.CharField(max_length=600)
    link = models.CharField(max_length=300)
    park = models.CharField(max_length=60, blank=True)
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    place: Park | None  # the park of this slug, where a page asks for it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="a_reminder_is_sent_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="unread_notices"),
            models.Index(fields=["user", "-created_at"], name="notices_by_time"),
        ]


class Channel(models.Model):
    """How a person hears of what is due: letters unless they said no; a calendar if they made one.

    The secret of the calendar is kept as a hash; blank: there is no calendar.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channel")
    no_letters = models.BooleanField(default=False)
    calendar_hash = models.CharField(max_length=64, blank=True)
    calendar_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["calendar_hash"], condition=~models.Q(calendar_hash=""), name="one_calendar_a_secret"
            )
        ]
