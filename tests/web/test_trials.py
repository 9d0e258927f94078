"""Another edition tried on the certified parks of a site: who would keep, gain or lose stars, and why.

The park is the example: four stars, 82.2043 points. B2.1 is a constraint of 4 points, passed from 60 %,
none at 40 %, full at 95 %; the park has 80.101021 %, so 4 × 40.101021 / 55 = 2.9164 points.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from tests.web.certificate_matrix import FOUND, add_line, keep_bundle, make_trial
from tests.web.certificate_world import at, keep_certificate, keys
from tests.web.conftest import Someone, World
from tests.web.review_parts import actor_of

import lingtan as lt
from lingtan.certificate import migrating
from lingtan.certificate.bundle import write_bundle
from lingtan.cli import main
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError
from lingtan.standards import freeze_edition, load_edition
from lingtan.standards.freezing import compute_sha256
from lingtan.standards.records import Edition
from lingtan_web.audit.models import Entry
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.services import entering
from lingtan_web.storage import path_of, put
from lingtan_web.trials import services
from lingtan_web.trials.models import Trial, TrialLine
from lingtan_web.trials.tasks import try_one

__all__ = ["keys"]
PARK = Path(__file__).parents[2] / "examples" / "parks" / "xinghuo"
EDITION = "sh-seesa-zctp-2024"
SHIPPED = load_edition(EDITION)
TODAY = timezone.localdate()
HERE = "/certificates/trials/"


def edition_with(**changes: Any) -> Edition:
    edition = SHIPPED.model_copy(update=changes)
    return edition.model_copy(update={"sha256": compute_sha256(edition)})


def with_indicator(code: str, **changes: Any) -> Edition:
    changed = (one.model_copy(update=changes) if one.code == code else one for one in SHIPPED.indicators)
    return edition_with(indicators=tuple(changed), zh="征求意见稿", en="Draft")


COVERAGE = next(one for one in SHIPPED.indicators if one.code == "B2.1")
STRICTER = with_indicator(
    "B2.1",
    pass_at=Decimal(81),
    cases=tuple(case for case in COVERAGE.cases if case.value is None or not 60 <= case.value < 81),
)


def as_file(edition: Edition) -> SimpleUploadedFile:
    return SimpleUploadedFile("edition.json", freeze_edition(edition).content)


def read(who: Someone, address: str, **headers: str) -> str:
    answer = who.client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def refused(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(LingtanError) as caught:
        act()
    return {one.code for one in caught.value.faults}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the example park, as of the day it is assessed in the documents."""
    result = lt.export_assessment(lt.assess(lt.read_dossier(PARK), SHIPPED, on=date(2025, 6, 30)))
    file = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    write_bundle(file, FolderFiles(PARK, Findings()), edition=freeze_edition(SHIPPED).content, result=result)
    return file


@pytest.fixture
def certified(world: World, keys: Path, example: Path) -> Certificate:
    """A certificate of the example park that runs."""
    with example.open("rb") as stream:
        bundle = put(stream)
    return keep_certificate(world.alpha, world.scheme.user, 1, TODAY - timedelta(100), bundle=bundle)


@pytest.fixture
def several(world: World, keys: Path) -> list[Certificate]:
    """Three that run, one of them suspended, with bundles whose result says too little to be compared."""
    made = [
        keep_certificate(park, world.scheme.user, count, TODAY - timedelta(100), bundle=keep_bundle())
        for count, park in enumerate((world.alpha, world.beta, world.alpha), 1)
    ]
    scheme = actor_of(world.scheme)
    entering.open_case(scheme, made[1], "incident", "事件", at=at(TODAY - timedelta(40)))
    entering.decide(scheme, made[1], 1, "suspend", "属实", at=at(TODAY - timedelta(20)))
    return made


def test_a_draft_tried_on_a_certified_park(world: World, certified: Certificate) -> None:
    """A pass line raised to 81: 2.9164 points and every star are gone, and the page says through what."""
    answer = world.scheme.client.post(HERE, {"edition": "", "file": as_file(STRICTER)})
    trial = Trial.objects.get()
    assert answer.headers["Location"] == f"{HERE}{trial.pk}/"
    shown = read(world.scheme, f"{HERE}{trial.pk}/")
    assert "已完成 0 / 1" in shown and "every 4s" in shown
    call_command("work", "--once")
    shown = read(world.scheme, f"{HERE}{trial.pk}/")
    assert "every 4s" not in shown
    assert "征求意见稿" in shown and "降星" in shown and "不再合格" in shown
    assert "82.2 → 79.28" in shown  # rounded down
    one = read(world.scheme, f"{HERE}{trial.pk}/{certified.number}/")
    assert "B2.1" in one and "-2.92" in one and "变动 1 项" in one
    (row,) = csv.DictReader(io.StringIO(read(world.scheme, f"{HERE}{trial.pk}.csv").removeprefix("\ufeff")))
    assert (row["stars_granted"], row["stars_before"], row["stars_after"], row["outcome"]) == (
        "4", "4", "", "loses",
    )  # fmt: skip
    assert (row["certificate"], row["score_after"]) == (certified.number, "79.2879")
    said = json.loads(read(world.scheme, f"{HERE}{trial.pk}.json"))
    assert (said["edition_sha256"], said["counts"], said["faults"]) == (STRICTER.sha256, {"loses": 1}, [])
    assert [one["certificate"] for one in said["parks"]] == [certified.number]
    entry = Entry.objects.get(act="edition.tried")
    assert (entry.details["sha256"], entry.details["certificates"]) == (STRICTER.sha256, 1)


def test_the_command_tries_every_certificate_of_the_site(
    world: World, certified: Certificate, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_certificate(world.beta, world.scheme.user, 9, TODAY - timedelta(4000))  # ran out long ago
    command = ["certificate", "migrate", "--edition", EDITION, "--site", "--json"]
    with pytest.raises(SystemExit) as left:
        main(command)
    said = json.loads(capsys.readouterr().out)
    assert (left.value.code or 0, said["counts"], len(said["parks"])) == (0, {"keeps": 1}, 1)


def test_nothing_to_try_is_told(world: World, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--site"]):
        with pytest.raises(SystemExit) as left:
            main(["certificate", "migrate", "--edition", EDITION, *more])
        assert left.value.code == 2
        assert "certificate.nothing-to-migrate" in capsys.readouterr().err
    answer = world.scheme.client.post(HERE, {"edition": EDITION})
    assert answer.status_code == 422
    assert "没有可试算的证书" in answer.content.decode()  # trial.no-certificates
    assert not Trial.objects.exists()


def test_what_has_ended_is_left_out(world: World, several: list[Certificate]) -> None:
    keep_certificate(world.alpha, world.scheme.user, 4, TODAY - timedelta(4000))
    entering.exit_certificate(actor_of(world.park), several[2], "转产", at=at(TODAY))
    trial = services.ask_trial(actor_of(world.scheme), SHIPPED)
    assert trial.certificates == [several[0].pk, several[1].pk]


def test_only_the_scheme_may(world: World, several: list[Certificate]) -> None:
    for who in (world.park, world.body, world.evaluator, world.expert):
        with pytest.raises(PermissionDenied):
            services.ask_trial(actor_of(who), SHIPPED)
    assert not Trial.objects.exists()


def test_one_that_cannot_be_tried_does_not_stop_the_others(
    world: World, several: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three have an edition of no shape in their bundle, one's bundle is gone, one meets a bug of ours."""
    gone = keep_certificate(world.beta, world.scheme.user, 4, TODAY, bundle="a" * 64)
    bug = keep_certificate(world.beta, world.scheme.user, 5, TODAY, bundle=put(io.BytesIO(b"bug")))
    real = services.migrate

    def broken(file: Path, edition: Edition) -> migrating.Migration:
        if file == path_of(bug.bundle):
            raise RuntimeError("a bug")
        return real(file, edition)

    monkeypatch.setattr(services, "migrate", broken)
    trial = services.ask_trial(actor_of(world.scheme), SHIPPED)
    call_command("work", "--once")
    told = {one.certificate: [fault["code"] for fault in one.faults] for one in TrialLine.objects.all()}
    others = {gone: ["trial.bundle-gone"], bug: ["trial.our-bug"]}
    assert told == {**{one: ["edition.not-frozen"] for one in several}, **others}
    shown = read(world.scheme, f"{HERE}{trial.pk}/")
    assert "未能试算" in shown and "every 4s" not in shown
    assert "不是园区资料的问题" in read(world.scheme, f"{HERE}{trial.pk}/{bug.number}/")
    said = json.loads(read(world.scheme, f"{HERE}{trial.pk}.json"))
    assert len(said["faults"]) == 5 and said["parks"] == []


def test_broken_off_it_goes_on_where_it_was(world: World, several: list[Certificate]) -> None:
    """Killed after the first: the worker begins the task again; each is tried once, in order."""
    trial = services.ask_trial(actor_of(world.scheme), SHIPPED)
    assert services.try_next(trial) is True
    try_one.call(trial.pk)  # begun again
    assert TrialLine.objects.filter(trial=trial).count() == 2
    call_command("work", "--once")
    found = TrialLine.objects.filter(trial=trial).order_by("pk").values_list("certificate", flat=True)
    assert list(found) == trial.certificates
    assert services.try_next(trial) is False


def test_two_workers_at_once_try_each_once(
    world: World, several: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = services.ask_trial(actor_of(world.scheme), SHIPPED)
    real = services.try_certificate

    def late(one: Trial, certificate: Certificate) -> TrialLine:
        add_line(one, certificate, FOUND)  # the other one was quicker
        return real(one, certificate)

    monkeypatch.setattr(services, "try_certificate", late)
    services.try_next(trial)
    assert TrialLine.objects.get(trial=trial).outcome == "loses"


def test_what_is_handed_in_as_an_edition() -> None:
    content = freeze_edition(STRICTER).content
    read_edition = services.read_edition
    assert read_edition("", io.BytesIO(content)).sha256 == STRICTER.sha256
    assert read_edition(EDITION, None).sha256 == SHIPPED.sha256
    assert read_edition(EDITION, io.BytesIO(content)).sha256 == STRICTER.sha256  # the file goes before
    assert refused(lambda: read_edition("", None)) == {"trial.no-edition"}
    assert refused(lambda: read_edition("none-such", None)) == {"edition.not-found"}
    for odd in (b"", b"PK", b"{}", b"[" * 100_000, content[:-9], "标准".encode("gbk")):
        assert refused(lambda odd=odd: read_edition("", io.BytesIO(odd))) == {"edition.not-frozen"}
    changed = content.replace(b'"pass_at":81', b'"pass_at":80')
    assert changed != content
    assert refused(lambda: read_edition("", io.BytesIO(changed))) == {"edition.frozen-changed"}


@pytest.mark.parametrize(("over", "code"), [(0, "edition.not-frozen"), (1, "trial.too-large")])
def test_the_largest_edition(over: int, code: str) -> None:
    file = io.BytesIO(b" " * (services.LARGEST_EDITION + over))
    assert refused(lambda: services.read_edition("", file)) == {code}


def test_an_edition_whose_rules_do_not_hold() -> None:
    """Frozen by another program, with a hash that is right: a formula of no sense, a case that fails."""
    broken = with_indicator("B2.1", formula="1 +")
    assert refused(lambda: services.read_edition("", as_file(broken)))
    failing = with_indicator("B2.1", score_full_at=Decimal(81), pass_at=Decimal(81))
    assert refused(lambda: services.read_edition("", as_file(failing))) == {"edition.case-failed"}


def test_names_without_end_find_room(world: World, several: list[Certificate]) -> None:
    """Columns of a database are so long and no longer; the edition itself is kept whole."""
    odd = edition_with(id="e" * 300, zh="标" * 300, en="d\u202e" * 200)
    trial = services.ask_trial(actor_of(world.scheme), odd)
    assert (len(trial.edition), len(trial.name_zh), len(trial.name_en)) == (100, 200, 200)
    assert "\u202e" not in trial.name_en
    assert trial.sha256 == odd.sha256
    assert read(world.scheme, f"{HERE}{trial.pk}/")


def test_lines_stand_by_urgency_and_are_filtered(world: World, several: list[Certificate]) -> None:
    trial = make_trial(world.scheme.user, several[:1], {**FOUND, "outcome": "keeps"})
    Trial.objects.filter(pk=trial.pk).update(certificates=[one.pk for one in several])
    add_line(trial, several[1], {**FOUND, "stars_before": 4})
    add_line(trial, several[2], {**FOUND, "outcome": "gains"})
    shown = read(world.scheme, f"{HERE}{trial.pk}/")
    places = [shown.index(one.number) for one in (several[1], several[2], several[0])]
    assert places == sorted(places)
    assert "评审后授予 4 星" in shown  # stars_before is 3, the certificate says 4
    part = read(world.scheme, f"{HERE}{trial.pk}/?outcome=loses", **{"HX-Request": "true"})
    assert several[1].number in part and several[2].number not in part and "<html" not in part
    assert "评审后授予" not in part  # here both say 4
    assert "无这样的" not in read(world.scheme, f"{HERE}{trial.pk}/?outcome=%00nonsense&page=x")
    assert "没有这样的证书" in read(world.scheme, f"{HERE}{trial.pk}/?outcome=unstarred")
    for wrong in (f"{HERE}{trial.pk}.xlsx", f"{HERE}999/", f"{HERE}{trial.pk}/LZC-2000-00001-A/"):
        assert world.scheme.client.get(wrong).status_code == 404


def test_names_do_no_harm_in_a_spreadsheet(world: World, several: list[Certificate]) -> None:
    world.alpha.name_zh = "=cmd|' /C calc'!A0"
    world.alpha.save()
    trial = make_trial(world.scheme.user, several[:1], FOUND)
    (row,) = csv.DictReader(io.StringIO(read(world.scheme, f"{HERE}{trial.pk}.csv").removeprefix("\ufeff")))
    assert row["park_name"].startswith("'=")
    assert "创建方案：不通过" in row["reasons_zh"] and "B2.1 平台覆盖率：不再合格" in row["reasons_zh"]
    assert "C1.2 Roofs (new) +1.50 points" in row["reasons_en"]
