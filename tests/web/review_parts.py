"""A review under test: small versions of a dossier, a result of the example park, and people who play it."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Someone, World, someone

import lingtan as lt
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Mandate, Park
from lingtan_web.reviews import versions
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.statements import build_content
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services import deciding, handing, judging, stating, visiting
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.roles import Kind, Role
from lingtan_web.storage import put

ROOT = Path(__file__).resolve().parents[2]
EDITION = "sh-seesa-zctp-2024"
PARK = "id: alpha\nname_zh: 甲园区\nreporting: {year: 2024}\n"
BOUNDARY = (
    '{"type":"Polygon","coordinates":[[[121.47,30.90],[121.49,30.90],[121.49,30.91],[121.47,30.91],'
    "[121.47,30.90]]]}"
)
BUILDINGS = "building,name,floor_area_m2,roof_area_m2,evidence\nB01,一号楼,300,100,EV1\nB02,二号楼,700,200,\n"
VISIT = visiting.Seen("2026-03-02", "能源站", "张三、李四", "抄录总表，与填报一致")
FREE = dict.fromkeys(load_review_terms().independence, False)
UNTIED = dict.fromkeys(load_review_terms().conflict, False)


@cache
def _export() -> str:
    dossier = lt.read_dossier(ROOT / "examples" / "parks" / "xinghuo")
    return json.dumps(lt.export_assessment(lt.assess(dossier, EDITION, on=date(2025, 6, 30))))


def example_export() -> dict[str, Any]:
    """The result of the example park, which has four stars; one's own copy."""
    export: dict[str, Any] = json.loads(_export())
    return export


def make_version(world: World, number: int = 1, **files: str) -> DossierVersion:
    """A frozen version of alpha's dossier with a park sheet, a boundary and a few buildings."""
    content = {
        "park.yaml": PARK,
        "boundary.geojson": BOUNDARY,
        "registers/buildings.csv": BUILDINGS,
    }
    content |= {
        f"registers/{name}.csv" if name != "park" else "park.yaml": text for name, text in files.items()
    }
    manifest = {path: put(io.BytesIO(text.encode())) for path, text in content.items()}
    return DossierVersion.objects.create(
        dossier=world.dossier,
        number=number,
        revision=number,
        manifest=manifest,
        manifest_sha256=compute_sha256(manifest),
        fingerprint=compute_sha256([number, manifest]),
        made_by=world.park.user,
    )


def actor_of(one: Someone) -> Actor:
    """A person as the one who acts."""
    return Actor(one.user.pk, "page", "203.0.113.7", "test")


def give_password(one: Someone) -> None:
    """Let a person sign; they are signed in again, for a new password ends their sessions."""
    one.user.set_password(PASSWORD)
    one.user.save()
    one.client.force_login(one.user, backend="allauth.account.auth_backends.AuthenticationBackend")


class Results:
    """Stands in the place of the cockpit: what each version came to."""

    def __init__(self) -> None:
        self.exports: dict[int, dict[str, Any]] = {}

    def find_assessed(self, version: DossierVersion, edition: str) -> versions.Assessed | None:
        """The result that was put here for the version."""
        export = self.exports.get(version.pk)
        known = export is not None and edition == EDITION
        return versions.Assessed(copy.deepcopy(export or {}), date(2025, 6, 30)) if known else None

    def find_handed_in(self, version: DossierVersion, edition: str, sha256: str) -> versions.Assessed | None:
        """The result that was put here, if it is the one that was handed in."""
        found = self.find_assessed(version, edition)
        return found if found and compute_sha256(found.export) == sha256 else None

    def find_traced(self, version: DossierVersion, edition: str, on: date) -> int | None:
        """Nothing is traced here."""
        return None

    def find_choices(self, park: Park, year: int | None = None) -> list[versions.Choice]:
        """Every version with a result."""
        found = DossierVersion.objects.filter(pk__in=self.exports, dossier__park=park).order_by("-number")
        exports = [(one, self.exports[one.pk]) for one in found.select_related("dossier")]
        return [
            versions.Choice(
                one,
                EDITION,
                export["edition_name"],
                date(2025, 6, 30),
                export["stars"],
                Decimal(export["score"]),
            )
            for one, export in exports
            if year in (None, one.dossier.year)
        ]


class Play:
    """Plays the good story of a review up to a state; everyone has a password to sign with."""

    def __init__(self, world: World, results: Results) -> None:
        self.world, self.results = world, results
        scheme = Organisation.objects.get(kind=Kind.SCHEME, name_zh="甲scheme")
        self.experts = [world.expert]
        self.experts += [someone(f"expert{n}@example.org", scheme, Role.EXPERT) for n in range(2, 6)]
        self.chief = someone("chief@example.org", scheme, Role.SCHEME)
        for one in (world.evaluator, world.body):
            give_password(one)
        self.version = make_version(world)
        results.exports[self.version.pk] = example_export()

    def second_evaluator(self) -> Someone:
        """Another evaluator of the mandate."""
        eve = someone("eve@example.org", self.world.body_organisation, Role.EVALUATOR)
        Mandate.objects.get(pk=self.world.mandate.pk).evaluators.add(eve.user)
        give_password(eve)
        return eve

    def submit(self) -> Submission:
        """Hand in the first version."""
        return handing.submit(
            actor_of(self.world.park), version=self.version, edition=EDITION, is_truthful=True
        )

    def mended(self, **files: str) -> DossierVersion:
        """A second version with a result; one cell of the first building differs."""
        files = files or {"buildings": BUILDINGS.replace("300", "310")}
        version = make_version(self.world, DossierVersion.objects.count() + 1, **files)
        self.results.exports[version.pk] = example_export()
        return version

    def to(self, state: State) -> Submission:
        """A submission in `state`."""
        submission = self.submit()
        for aim, act in self.story(submission):
            if Case(submission).state is state:
                return submission
            act()
            assert Case(submission).state is aim, f"after {act}"
        assert Case(submission).state is state, f"the story does not come to {state}"
        return submission

    def story(self, submission: Submission) -> list[tuple[State, Callable[[], object]]]:
        """What is done one after the other, and where each leads."""
        who, s = self.world, submission
        return [
            (State.ACCEPTED, lambda: handing.accept(actor_of(who.scheme), submission=s)),
            (State.ACCEPTED, lambda: self.declare(s)),
            (State.IN_REVIEW, lambda: judging.begin(actor_of(who.evaluator), submission=s)),
            (State.QUESTIONED, lambda: self.ask(s)),
            (State.QUESTIONED, lambda: self.answer(s)),
            (State.RESUBMITTED, lambda: self.resubmit(s)),
            (State.RESUBMITTED, lambda: judging.settle(actor_of(who.evaluator), submission=s, question=1)),
            (State.IN_REVIEW, lambda: judging.resume(actor_of(who.evaluator), submission=s)),
            (State.IN_REVIEW, lambda: self.judge_all(s)),
            (State.SIGNED, lambda: self.sign(s)),
            (State.ISSUED, lambda: self.issue(s)),
            (State.PANEL, lambda: self.convene(s)),
            (State.PANEL, lambda: self.vote_all(s)),
            (State.DECIDED, lambda: self.decide(s)),
            (State.APPEALED, lambda: self.appeal(s)),
            (State.APPEAL_DECIDED, lambda: self.rule(s)),
        ]  # fmt: skip

    def declare(self, submission: Submission, one: Someone | None = None) -> None:
        """An evaluator declares to be free of ties."""
        who = actor_of(one or self.world.evaluator)
        judging.declare_independence(who, submission=submission, answers=FREE)

    def ask(self, submission: Submission, *fields: str) -> None:
        """A question on one cell of a building."""
        judging.ask(
            actor_of(self.world.evaluator),
            submission=submission,
            code="A1.1",
            text="一号楼用电与抄表记录不符，请核对",
            fields=fields or ["buildings[B01].floor_area_m2"],
        )

    def answer(self, submission: Submission, question: int = 1) -> None:
        """The park answers."""
        judging.answer(
            actor_of(self.world.park), submission=submission, question=question, text="已更正为 310"
        )

    def resubmit(self, submission: Submission, version: DossierVersion | None = None) -> None:
        """The park hands in the mended version."""
        handing.resubmit(actor_of(self.world.park), submission=submission, version=version or self.mended())

    def judge_all(self, submission: Submission, one: Someone | None = None) -> None:
        """Every subject accepted, and a visit recorded."""
        who = actor_of(one or self.world.evaluator)
        for subject in Case(submission).subjects:
            judging.record_finding(
                who, submission=submission, code=subject.code, opinion=judging.Opinion("accept")
            )
        visiting.record_visit(who, submission=submission, seen=VISIT)

    def sign(self, submission: Submission, password: str = PASSWORD) -> None:
        """The evaluator signs what stands there."""
        read = compute_sha256(build_content(Case(submission)))
        stating.sign(
            actor_of(self.world.evaluator),
            submission=submission,
            conclusion="达到四星（创建）条件",
            read=read,
            password=password,
        )

    def issue(self, submission: Submission, one: Someone | None = None) -> None:
        """The body issues it."""
        statement = Case(submission).statement
        read = statement.sha256 if statement else ""
        who = actor_of(one or self.world.body)
        stating.issue(who, submission=submission, read=read, password=PASSWORD)

    def convene(self, submission: Submission) -> None:
        """Five experts are seated."""
        chosen = [one.user.pk for one in self.experts]
        deciding.convene(actor_of(self.world.scheme), submission=submission, experts=chosen)

    def vote_all(
        self, submission: Submission, ballots: str = "approve approve approve approve refuse"
    ) -> None:
        """Everyone declares and votes; the minutes are recorded."""
        for one, ballot in zip(self.experts, ballots.split(), strict=True):
            deciding.declare_interests(actor_of(one), submission=submission, answers=UNTIED)
            deciding.vote(actor_of(one), submission=submission, ballot=ballot, reasons="数据依据不足")
        deciding.record_minutes(actor_of(self.world.scheme), submission=submission, text="四票同意，一票反对")

    def decide(self, submission: Submission) -> None:
        """The scheme decides."""
        deciding.decide(actor_of(self.world.scheme), submission=submission, reasons="同意专家组意见")

    def appeal(self, submission: Submission) -> None:
        """The park appeals."""
        deciding.appeal(actor_of(self.world.park), submission=submission, reasons="C2.1 少计一项")

    def rule(self, submission: Submission, stage: str | None = None) -> None:
        """The chief decides the appeal."""
        ruling = deciding.Ruling(stage, "复核后维持原决定")
        deciding.decide_appeal(actor_of(self.chief), submission=submission, ruling=ruling)


@pytest.fixture
def play(world: World) -> Iterator[Play]:
    """A play over the two parks; to be imported where it is used."""
    results = Results()
    versions.SOURCES.append(results)
    yield Play(world, results)
    versions.SOURCES.remove(results)


STORY_STATES = tuple(state for state in State if state not in (State.DRAFT, State.RETURNED, State.WITHDRAWN))
ACTS = tuple(act for act in Act if act is not Act.SUBMIT)
