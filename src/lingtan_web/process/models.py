"""A park's plan for a year, its tasks, what happened to each, and what the measures are to save."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park
from lingtan_web.process.workflow import UNFINISHED, Duty, State
from lingtan_web.roles import ROLE_WORDS, Role


class Plan(models.Model):
    """The creation process of a park for a year. `template` is empty until the shipped steps are in it."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    template = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "year"], name="one_plan_a_year")]


class Task(models.Model):
    """Something to do, and whose it is.

    `step` is its id in the template, `code` what an assessment calls it (such as `indicator:C1.1`); a task
    that people wrote themselves has neither.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks")
    phase = models.CharField(max_length=40)
    step = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    about_zh = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    owner_role = models.CharField(max_length=12, choices=[(r.value, ROLE_WORDS[r][0]) for r in Role])
    owner_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="tasks", null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks", null=True, blank=True
    )
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default=State.OPEN, choices=[(s.value, s.value) for s in State])
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "step", "owner_organisation"],
                condition=~models.Q(step=""),
                name="a_step_is_one_task_for_each",
            ),
            models.UniqueConstraint(
                fields=["plan", "step"],
                condition=~models.Q(step="") & models.Q(owner_organisation=None),
                name="a_step_is_one_task",
            ),
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~models.Q(code=""), name="a_code_is_one_task"
            ),
            models.CheckConstraint(
                condition=~models.Q(owner_role=Role.ENTERPRISE) | models.Q(owner_organisation__isnull=False),
                name="a_task_of_an_enterprise_names_it",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "phase", "position"], name="tasks_in_order"),
            models.Index(
                fields=["due"], condition=models.Q(state__in=sorted(UNFINISHED)), name="unfinished_by_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def name_zh(self) -> str:
        """The title, where things are shown by their name."""
        return self.title_zh

    @property
    def name_en(self) -> str:
        """The title in English."""
        return self.title_en

    @property
    def duty(self) -> Duty:
        """Whose it is, for the rules."""
        return Duty(
            Role(self.owner_role), self.phase, self.plan.year, self.owner_organisation_id, self.owner_id
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether it still has to be done."""
        return self.state in UNFINISHED

    def is_late(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.is_unfinished and self.due is not None and self.due < today


class TaskEvent(models.Model):
    """What happened to a task: a comment, a move with its reason, a new owner or day. Never changed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="events")
    act = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["task", "at"], name="events_of_a_task")]


class MeasureTarget(models.Model):
    """What a measure of the register (`key`) is to save in a year, and by when it is to work."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    key = models.CharField(max_length=200)
    planned_tco2e = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    due = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "key"], name="one_target_a_measure"),
            models.CheckConstraint(
                condition=models.Q(planned_tco2e__isnull=True) | models.Q(planned_tco2e__gte=0),
                name="a_measure_does_not_plan_to_emit",
            ),
        ]
