"""A world in which every page has something to show, and more and more of it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from tests.web.certificate_matrix import grow_certificates, make_certificate
from tests.web.cockpit_parts import finished, small_park
from tests.web.conftest import World, someone
from tests.web.dossier_parts import READINGS, add, edit, make_numbers, mark, put_bytes
from tests.web.evidence_parts import make_evidence
from tests.web.review_matrix import EDITION, empty_result
from tests.web.review_parts import Play
from tests.web.test_cockpit_pages import FILES

from lingtan_web.assessments.models import Calculation, EditionResult
from lingtan_web.audit.services import SYSTEM, Actor
from lingtan_web.documents import models as made_documents
from lingtan_web.dossiers.models import DossierVersion, RegisterRow, StoredFile, WorkingDossier
from lingtan_web.evidence import models as library
from lingtan_web.notices.models import Notice
from lingtan_web.notices.services import make_calendar
from lingtan_web.organisations.models import Organisation, User
from lingtan_web.organisations.services import create_token, invite
from lingtan_web.parks.models import Mandate, Park, ParkEnterprise
from lingtan_web.process.models import MeasureTarget, Plan, Task, TaskEvent
from lingtan_web.process.services import start_plan
from lingtan_web.reviews import models as reviews
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.roles import Kind, Role
from lingtan_web.webhooks.models import Attempt, Delivery, Webhook

FIRST = date(2026, 1, 1)
KEPT_AS = "0" * 64


class Crowd:
    """The world with a review at its end, a finished calculation, a plan, and whatever `grow` adds."""

    def __init__(self, world: World, play: Play, folder: Path) -> None:
        self.world, self.size = world, 0
        self.submission = play.to(State.APPEALED)
        self.calculation = finished(small_park(world, folder, FILES))
        self.plan = start_plan(SYSTEM, park=world.alpha, year=2024, first_day=FIRST)
        self.webhook = Webhook.objects.create(organisation=world.alpha.operator, url="https://a.example")
        self.document = made_documents.Document.objects.create(
            calculation=self.calculation, kind="package", format="zip", language="zh", state="done",
            sha256=put_bytes(b"zip."), size=4,
        )  # fmt: skip
        RegisterRow.objects.bulk_create(  # more than the block that a grid asks for
            RegisterRow(
                dossier=world.dossier, register="water_use", position=n, cells=dict(_ROW), enterprise="E001"
            )
            for n in range(12)
        )
        self._photograph(0)
        self.numbers = self._numbers()

    def address(self, line: str) -> str:
        """The address of a line of the matrix, with things that are there."""
        photo = reviews.VisitPhoto.objects.order_by("pk")[0].pk
        for wanted, there in (
            ("results/999999/", f"results/{self.calculation.pk}/"),
            ("documents/1/", f"documents/{self.document.pk}/"),
            ("results/0/", f"results/{self.calculation.pk}/"),
            ("photos/1/", f"photos/{photo}/"),
            ("ltc_none", self._calendar),
            ("lti_none", self._secret),
        ):
            line = line.replace(wanted, there)
        return line.format(**self.numbers)

    def _numbers(self) -> dict[str, Any]:
        world = self.world
        token, _ = create_token(SYSTEM, user=world.park.user, name="t", scopes=["read"], days=9)
        invited, self._secret = invite(
            SYSTEM, organisation=world.alpha.operator, email="new@example.org", role=Role.PARK
        )
        self._calendar = make_calendar(SYSTEM, user=world.park.user)
        tasks = self.plan.tasks
        return {
            "task": tasks.get(step="boundary").pk,
            "review_task": tasks.get(step="document_review").pk,
            "part_task": tasks.get(owner_organisation__memberships__user=world.enterprise.user).pk,
            "mandate": world.mandate.pk,
            "token": token.pk,
            "operator": world.alpha.operator_id,
            "body": world.body_organisation.pk,
            "invitation": invited.pk,
            "webhook": self.webhook.pk,
            "membership": world.park.user.memberships.get().pk,
            **make_numbers(world),
            **make_evidence(world),
            **make_certificate(world),
        }

    def grow(self, size: int) -> None:
        """Until there are `size` more of everything than at first."""
        for number in range(self.size, size):
            self._grow_people(number)
            self._grow_parks(number)
            self._grow_dossier(number)
            self._grow_evidence(number)
            self._grow_process(number)
            self._grow_results(number)
            self._grow_review(number)
            grow_certificates(self.world, number)
            self._photograph(number + 1)
        self.size = size

    def _grow_people(self, number: int) -> None:
        """Organisations, members, an enterprise with its part, invitations, tokens, mandates, notices."""
        world = self.world
        made = {
            kind: Organisation.objects.create(kind=kind, name_zh=f"第 {number} 家 {kind}") for kind in Kind
        }
        operator, body = world.alpha.operator, world.body_organisation
        someone(f"park{number}@example.org", operator, Role.PARK)
        someone(f"body{number}@example.org", body, Role.BODY)
        world.mandate.evaluators.add(someone(f"eva{number}@example.org", body, Role.EVALUATOR).user)
        tenant = made[Kind.ENTERPRISE]
        someone(f"tenant{number}@example.org", tenant, Role.ENTERPRISE)
        ParkEnterprise.objects.create(park=world.alpha, key=f"G{number:03}", organisation=tenant)
        more = Mandate.objects.create(
            park=world.alpha, body=made[Kind.BODY], year=2024, from_day=FIRST, to_day=FIRST + timedelta(900)
        )
        more.evaluators.add(someone(f"other{number}@example.org", made[Kind.BODY], Role.EVALUATOR).user)
        for one in (operator, body):
            role = Role.PARK if one == operator else Role.EVALUATOR
            invite(SYSTEM, organisation=one, email=f"guest{number}@example.org", role=role)
        for user in _people(world):
            create_token(SYSTEM, user=user, name=f"t{number}", scopes=["read"], days=9)
            Notice.objects.create(
                user=user, kind="task", key=f"crowd/{number}", text_zh="到期", text_en="due", link="/",
                park="alpha", due=FIRST,
            )  # fmt: skip

    def _grow_parks(self, number: int) -> None:
        """Another park with a dossier, a plan, a mandate, a review; another year of alpha."""
        world = self.world
        operator = Organisation.objects.create(kind=Kind.OPERATOR, name_zh=f"园区公司 {number}")
        for owner in (operator, world.alpha.operator):
            slug = f"park-{number}-{owner.pk}"
            park = Park.objects.create(slug=slug, name_zh=f"园区 {slug}", operator=owner)
            ParkEnterprise.objects.create(
                park=park, key="E1", organisation=world.enterprise.user.memberships.get().organisation
            )
            dossier = WorkingDossier.objects.create(park=park, year=2024)
            mandate = Mandate.objects.create(
                park=park, body=world.body_organisation, year=2024, from_day=FIRST,
                to_day=FIRST + timedelta(900),
            )  # fmt: skip
            mandate.evaluators.add(world.evaluator.user)
            start_plan(SYSTEM, park=park, year=2024, first_day=FIRST)
            self._hand_in(dossier, 1)
        year = 2030 + number
        WorkingDossier.objects.create(park=world.alpha, year=year)
        start_plan(SYSTEM, park=world.alpha, year=year, first_day=FIRST)

    def _hand_in(self, dossier: WorkingDossier, number: int) -> None:
        user = self.world.park.user
        version = DossierVersion.objects.create(
            dossier=dossier, number=dossier.versions.count() + 1, revision=1, manifest={},
            manifest_sha256=KEPT_AS, fingerprint=KEPT_AS,
        )  # fmt: skip
        one = reviews.Submission.objects.create(
            park=dossier.park, year=dossier.year, number=number, edition=EDITION, by=user
        )
        reviews.Step.objects.create(
            submission=one, number=1, act=Act.SUBMIT, role=Role.PARK, before=State.DRAFT,
            after=State.SUBMITTED, by=user,
        )  # fmt: skip
        reviews.Round.objects.create(
            submission=one, number=1, version=version, on="2025-06-30", by=user, result=empty_result(),
            result_sha256=KEPT_AS,
            snapshot=put_bytes(b'{"registers":{},"park":{},"boundary":"","files":{}}'),
        )  # fmt: skip

    def _grow_dossier(self, number: int) -> None:
        """Rows and changes of registers, readings, versions."""
        dossier = self.world.dossier
        for place, (register, cells) in enumerate(_ROWS.items()):
            named = {name: text.format(n=number) for name, text in cells.items()}
            edit(
                Actor(self.world.park.user.pk), dossier, register, add(0x9000 + number * 16 + place, **named)
            )
        edit(
            Actor(self.world.enterprise.user.pk), dossier, "water_use",
            {"kind": "cell", "row": mark(0x9000 + number * 16), "column": "fresh_m3", "old": f"-{number}",
             "new": f"-{number}.5"},
        )  # fmt: skip
        StoredFile.objects.create(
            dossier=dossier, path=f"readings/{number}.csv", sha256=put_bytes(READINGS), size=9
        )
        DossierVersion.objects.create(
            dossier=dossier, number=dossier.versions.count() + 1, revision=1, manifest={},
            manifest_sha256=KEPT_AS, fingerprint=KEPT_AS, made_by=self.world.park.user,
        )  # fmt: skip

    def _grow_evidence(self, number: int) -> None:
        """Documents with versions and scans; another version of the one whose page is opened."""
        world, key = self.world, f"EV9{number:02}"
        tenant = world.enterprise.user.memberships.get().organisation
        document = library.Document.objects.create(
            park=world.alpha, key=key, owner=tenant if number % 2 else world.alpha.operator
        )
        opened = library.Document.objects.get(pk=self.numbers["document"])
        for one in (document, opened):
            content = put_bytes(f"{one.pk} {number}".encode())
            version = library.DocumentVersion.objects.create(
                document=one, number=one.versions.count() + 1, name="a.png", kind="png", sha256=content,
                size=9, preview_sha256=content, uploaded_by=world.park.user,
            )  # fmt: skip
            library.Scan.objects.create(version=version, scanner="clamd")
        row = add(0x8000 + number, id=key, title=f"材料 {number}", sha256=content, valid_to="2026-01-01")
        edit(Actor(world.park.user.pk), world.dossier, "evidence", row)

    def _grow_process(self, number: int) -> None:
        """Tasks and what happened to them, targets of measures, deliveries."""
        for task in (self.plan.tasks.get(step="boundary"), self._task(number)):
            TaskEvent.objects.create(task=task, act="comment", text="看过", user=self.world.scheme.user)
        MeasureTarget.objects.create(plan=self.plan, key=f"MS{number}", planned_tco2e=5, due=FIRST)
        hook = Webhook.objects.create(organisation=self.webhook.organisation, url=f"https://{number}.example")
        for one in (hook, self.webhook):
            sent = Delivery.objects.create(webhook=one, event="test", body="{}")
            Attempt.objects.create(delivery=sent, number=1, status=500, milliseconds=3)

    def _task(self, number: int) -> Task:
        owner = self.world.park.user
        return Task.objects.create(
            plan=Plan.objects.get(pk=self.plan.pk), phase="preparation", title_zh=f"任务 {number}",
            owner_role=Role.PARK, owner_organisation=self.world.alpha.operator, owner=owner, due=FIRST,
        )  # fmt: skip

    def _grow_results(self, number: int) -> None:
        """The same calculation as of another day."""
        made = Calculation.objects.get(pk=self.calculation.pk)
        results = list(made.results.all())
        made.pk, made.on = None, made.on + timedelta(number + 1)
        made.save()
        for one in results:
            one.pk, one.calculation = None, made
        EditionResult.objects.bulk_create(results)

    def _grow_review(self, number: int) -> None:
        """Questions, findings, visits of the review, and another submission of the park."""
        one, who = self.submission, self.world.evaluator.user
        latest = reviews.Round.objects.filter(submission=one).latest("number")
        question = reviews.Question.objects.create(
            submission=one, number=50 + number, code="A1.1", fields=["buildings[B01].floor_area_m2"], by=who
        )
        first = reviews.Question.objects.get(submission=one, number=1)
        for thread in (question, first):
            reviews.Message.objects.create(
                submission=one, question=thread, kind="settle", role=Role.EVALUATOR, text="已更正", by=who
            )
        reviews.Finding.objects.create(
            submission=one, number=500 + number, round=latest, code="A1.1", verdict="accept", by=who
        )
        self._hand_in(self.world.dossier, 100 + number)

    def _photograph(self, number: int) -> None:
        """A visit with two photographs."""
        visit = reviews.SiteVisit.objects.create(
            submission=self.submission, number=100 + number, day=FIRST, place="能源站",
            present="张三", seen="抄表", by=self.world.evaluator.user,
        )  # fmt: skip
        stream = io.BytesIO()
        Image.new("RGB", (2, 2)).save(stream, "JPEG")
        for position in range(2):
            reviews.VisitPhoto.objects.create(
                visit=visit, position=position, sha256=put_bytes(stream.getvalue()), width=2, height=2
            )


_ROW = {"period": "2024", "enterprise": "E001", "fresh_m3": "1"}
_ROWS = {
    "water_use": {"period": "2024", "enterprise": "E001", "fresh_m3": "-{n}", "evidence": "EV9{n}"},
    "meters": {"meter": "MM{n}", "enterprise": "E001"},
    "enterprises": {"enterprise": "G{n:0>3}", "name": "企业 {n}"},
    "buildings": {"building": "BB{n}", "name": "楼 {n}", "evidence": "EV77{n}"},
    "measures": {"measure": "MS{n}", "name": "措施 {n}"},
}
"""Registers that grow, each row with something that the check finds or the pages join."""


def _people(world: World) -> Iterable[User]:
    roles = ("scheme", "body", "evaluator", "park", "enterprise", "expert")
    return [world.someone(role).user for role in roles]
