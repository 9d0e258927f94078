"""How often each token is used: counted in the database, so that all server processes count together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lingtan_web.organisations.models import ApiToken


class Usage(models.Model):
    """The requests of a token of one kind (`read`, `write`) in the clock minute `minute` (since 1970)."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="usages")
    kind = models.CharField(max_length=8)
    minute = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "kind"], name="one_count_per_token_and_kind")
        ]
