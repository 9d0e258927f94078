"""A review and everything said in it. Rows of all these tables are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.parks.models import Mandate, Park


class Submission(models.Model):
    """A park's self-assessment for a year under one edition, and the review of it.

    `number` counts within the park. Its state is where its last step led (see `queries.states`).
    """

    park = models.ForeignKey(Park, models.PROTECT, related_name="submissions")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    edition = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "number"], name="one_submission_per_number")
        ]


class Said(models.Model):
    """Something that one person did in a review at one moment."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Numbered(Said):
    """The same, counted within the submission: of two at once only one gets the number."""

    number = models.PositiveIntegerField()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "number"], name="%(class)s_once_per_number")
        ]


class Round(Numbered):
    """A version as handed in. `result` is what it came to (see `rules.results`); `snapshot` its text.

    `result_sha256` is over the full export of the assessment, `snapshot` the SHA-256 in the store.
    """

    version = models.ForeignKey(DossierVersion, models.PROTECT, related_name="rounds")
    on = models.DateField()
    result = models.JSONField()
    result_sha256 = models.CharField(max_length=64)
    snapshot = models.CharField(max_length=64)


class Step(Numbered):
    """An act that moved the review on."""

    act = models.CharField(max_length=24)
    role = models.CharField(max_length=12)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+", null=True)


class IndependenceStatement(Said):
    """What an evaluator declared; `answers` by point, true is a tie."""

    answers = models.JSONField()
    is_free = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "by"], name="independence_is_stated_once")
        ]


class Finding(Numbered):
    """A verdict on an indicator or requirement; `seen` is the park's value it speaks of."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    verdict = models.CharField(max_length=12)
    value = models.CharField(max_length=60, null=True)
    seen = models.CharField(max_length=80, null=True)
    reasons = models.TextField(blank=True)
    reference = models.TextField(blank=True)


class Question(Numbered):
    """Asked about one subject; `fields` are reopened to the park until it is settled."""

    code = models.CharField(max_length=60)
    fields = models.JSONField()


class Message(Said):
    """A line of the thread of a question; the last one says whether it is settled."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8)
    role = models.CharField(max_length=12)
    text = models.TextField(blank=True)


class SiteVisit(Numbered):
    """What was seen on site."""

    day = models.DateField()
    place = models.CharField(max_length=200)
    present = models.TextField()
    seen = models.TextField()


class VisitPhoto(models.Model):
    """A photograph of a visit, made anew from its pixels; a place only where it was kept on purpose."""

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="photos")
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=200, blank=True)
    taken_at = models.CharField(max_length=25, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "position"], name="a_photo_stands_once")
        ]


class Statement(Numbered):
    """The evaluation statement: `sha256` is over `content` as canonical JSON."""

    content = models.JSONField()
    sha256 = models.CharField(max_length=64)


class Signature(Said):
    """A person's signature under the SHA-256 of a statement."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=12)
    method = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)


class Panel(Numbered):
    """An expert panel that was convened."""


class PanelSeat(models.Model):
    """One expert of a panel."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="panel_seats")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "expert"], name="one_seat_per_expert")
        ]


class InterestDeclaration(models.Model):
    """What an expert declared before voting; true is a tie."""

    seat = models.OneToOneField(PanelSeat, models.PROTECT, related_name="declaration")
    answers = models.JSONField()
    is_free = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)


class Vote(models.Model):
    """An expert's vote."""

    seat = models.OneToOneField(PanelSeat, models.PROTECT, related_name="vote")
    ballot = models.CharField(max_length=8)
    reasons = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)


class Minutes(Said):
    """The minutes of a panel; they close the vote."""

    panel = models.OneToOneField(Panel, models.PROTECT, related_name="minutes")
    text = models.TextField()


class Decision(Said):
    """The decision, at most one per submission."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8)
    stars = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=100, blank=True)
    reasons = models.TextField()
    appeal_until = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission"], name="decided_once")]


class Appeal(Said):
    """The park's appeal against the decision, at most one."""

    reasons = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission"], name="appealed_once")]


class AppealDecision(Said):
    """What became of the appeal: dismissed, or the decision amended to `outcome` and `stars`."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    is_amended = models.BooleanField()
    outcome = models.CharField(max_length=8)
    stars = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=100, blank=True)
    reasons = models.TextField()


KEPT = (
    Submission, Round, Step, IndependenceStatement, Finding, Question, Message, SiteVisit, VisitPhoto,
    Statement, Signature, Panel, PanelSeat, InterestDeclaration, Vote, Minutes, Decision, Appeal,
    AppealDecision,
)  # fmt: skip
"""Every table here: all of them are protected by triggers."""
