"""Certified parks under another edition: who would keep, gain or lose a star, and why.

The park is the example: four stars, 82.2043 points, all gates passed. B2.1 is a constraint of 4 points,
passed from 60 %, full at 95 %, none at 40 %; the park has 80.101021 %.
"""

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import lingtan as lt
import lingtan_data
from lingtan.assessment import compute_groundwork
from lingtan.assessment.facts import Groundwork
from lingtan.certificate import migrating
from lingtan.certificate.bundle import disclose, write_bundle
from lingtan.certificate.migrating import IndicatorMove, Migration, export_migration, migrate
from lingtan.cli import main
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.dossier.records import Dossier
from lingtan.standards import load_edition
from lingtan.standards.freezing import compute_sha256, freeze_edition
from lingtan.standards.records import Edition

PARK = Path(__file__).parents[2] / "examples" / "parks" / "xinghuo"
EDITION = "sh-seesa-zctp-2024"
SHIPPED = load_edition(EDITION)


def make_bundle(file: Path, edition: Edition) -> Path:
    result = lt.export_assessment(lt.assess(lt.read_dossier(PARK), edition, on=date(2025, 6, 30)))
    files = FolderFiles(PARK, Findings())
    write_bundle(file, files, edition=freeze_edition(edition).content, result=result)
    return file


@pytest.fixture(autouse=True)
def _metered_once(monkeypatch: pytest.MonkeyPatch, kept: dict[str, Groundwork]) -> None:
    """Readings and inventory of one dossier do not depend on the edition: they are computed once here."""

    def quick(dossier: Dossier, edition: Edition, *, on: date) -> lt.Assessment:
        if dossier.fingerprint not in kept:
            kept[dossier.fingerprint] = compute_groundwork(dossier, on=on)
        return lt.assess(dossier, edition, on=on, groundwork=kept[dossier.fingerprint])

    monkeypatch.setattr(migrating, "assess", quick)


@pytest.fixture(scope="module")
def kept() -> dict[str, Groundwork]:
    return {}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundle") / "bundle.zip", SHIPPED)


def edition_with(**changes: Any) -> Edition:
    edition = SHIPPED.model_copy(update=changes)
    return edition.model_copy(update={"sha256": compute_sha256(edition)})


def with_indicator(code: str, **changes: Any) -> Edition:
    changed = (one.model_copy(update=changes) if one.code == code else one for one in SHIPPED.indicators)
    return edition_with(indicators=tuple(changed))


def without(code: str) -> Edition:
    kept = tuple(one for one in SHIPPED.indicators if one.code != code)
    return edition_with(indicators=kept)


def with_award(name: str, **changes: Any) -> Edition:
    changed = (one.model_copy(update=changes) if one.id == name else one for one in SHIPPED.awards)
    return edition_with(awards=tuple(changed))


def with_gate(formula: str) -> Edition:
    gate = SHIPPED.gates[0].model_copy(update={"id": "more", "formula": formula, "zh": "新要求"})
    return edition_with(gates=(*SHIPPED.gates, gate))


def why(found: Migration) -> set[str]:
    return {one.code for one in found.why_not_more}


def test_the_same_edition_moves_nothing(bundle: Path) -> None:
    found = migrate(bundle, SHIPPED)
    assert (found.outcome, found.stars_before, found.stars_after) == ("keeps", 4, 4)
    assert found.score_before == found.score_after
    assert (found.gates, found.indicators, found.asked, found.lacking) == ((), (), (), ())


def test_a_raised_pass_line_loses_the_star(bundle: Path) -> None:
    """80.101 % of 81: failed, so 4 × (80.101021 − 40) / 55 = 2.9164 points are gone, and every star."""
    found = migrate(bundle, with_indicator("B2.1", pass_at=Decimal(81)))
    (move,) = found.indicators
    assert (move.id, move.code, move.kind, move.after) == ("platform_coverage", "B2.1", "constraint", 0)
    assert (move.passed_before, move.passed_after, move.is_lost) == (True, False, True)
    assert move.change.quantize(Decimal("0.0001")) == Decimal("-2.9164")
    assert found.score_after is not None
    assert found.score_after.quantize(Decimal("0.01")) == Decimal("79.29")  # 82.2043 - 2.9164
    assert (found.outcome, found.stars_after) == ("loses", None)
    assert why(found) == {"assessment.required-failed"}


def test_a_pass_line_that_is_still_reached_changes_nothing(bundle: Path) -> None:
    found = migrate(bundle, with_indicator("B2.1", pass_at=Decimal(80)))
    assert (found.outcome, found.indicators) == ("keeps", ())


def test_a_limit_raised_costs_points_alone(bundle: Path) -> None:
    """Full at 100 instead of 95: 4 × 40.101021 / 60 = 2.6734, that is 0.2430 less; 81.96 keeps the star."""
    found = migrate(bundle, with_indicator("B2.1", score_full_at=Decimal(100)))
    (move,) = found.indicators
    assert move.change.quantize(Decimal("0.0001")) == Decimal("-0.2430")
    assert not move.is_lost
    assert (found.outcome, found.stars_after) == ("keeps", 4)


@pytest.mark.parametrize(
    ("threshold", "outcome", "stars"), [("82.20", "keeps", 4), ("82.21", "loses", 3), ("90", "loses", 3)]
)
def test_a_threshold_moved(bundle: Path, threshold: str, outcome: str, stars: int) -> None:
    found = migrate(bundle, with_award("creation", from_score=Decimal(threshold)))
    assert (found.outcome, found.stars_after) == (outcome, stars)
    assert found.indicators == ()
    assert ("assessment.score-too-low" in why(found)) is (stars == 3 or threshold == "82.20")


def test_a_milder_edition_gives_a_star(bundle: Path) -> None:
    found = migrate(bundle, with_award("benchmark", from_score=Decimal(82), conditions=()))
    assert (found.outcome, found.stars_before, found.stars_after) == ("gains", 4, 5)


@pytest.mark.parametrize(
    ("formula", "after", "outcome"),
    [("grave_incidents == 0", True, "keeps"), ("grave_incidents > 0", False, "loses"),
     ("if grave_incidents == 0 then unknown else yes", None, "loses")],
)  # fmt: skip
def test_a_gate_that_is_new(bundle: Path, formula: str, after: bool | None, outcome: str) -> None:
    found = migrate(bundle, with_gate(formula))
    assert found.outcome == outcome
    moves = [(one.id, one.is_new, one.before, one.after) for one in found.gates]
    assert moves == ([] if after else [("more", True, None, after)])


def test_a_gate_that_is_judged_otherwise(bundle: Path) -> None:
    gates = tuple(
        one.model_copy(update={"formula": "grave_incidents > 0"}) if one.id == "no_grave_incident" else one
        for one in SHIPPED.gates
    )
    found = migrate(bundle, edition_with(gates=gates))
    (move,) = found.gates
    assert (move.id, move.is_new, move.before, move.after) == ("no_grave_incident", False, True, False)
    assert found.outcome == "loses"


def test_an_indicator_that_is_gone(bundle: Path) -> None:
    """B2.2 earned 1.2727 of 2."""
    found = migrate(bundle, without("B2.2"))
    gone = {one.code: one for one in found.indicators}["B2.2"]
    assert (gone.id, gone.after, gone.is_gone, gone.is_new) == ("project_screening_rate", None, True, False)
    assert not gone.is_lost  # there is no pass line any more
    assert gone.change.quantize(Decimal("0.0001")) == Decimal("-1.2727")


def test_an_indicator_that_is_new_asks_for_its_data(tmp_path: Path) -> None:
    """The old edition did not look at the screening of projects; one project of the example has none."""
    found = migrate(make_bundle(tmp_path / "b.zip", without("B2.2")), SHIPPED)
    new = {one.code: one for one in found.indicators}["B2.2"]
    assert (new.before, new.passed_before, new.is_new, new.is_gone) == (None, None, True, False)
    assert found.asked == ("projects[P2024-10].screened",)


def test_an_edition_without_stars_takes_none(bundle: Path) -> None:
    found = migrate(bundle, load_edition("cn-ndrc-910-2025"))
    assert (found.outcome, found.stars_before, found.stars_after) == ("unstarred", 4, None)


def test_what_is_withheld_is_said(bundle: Path, tmp_path: Path) -> None:
    """Without the register of lighting A1.5 has no value: it earned 1.8409."""
    part = tmp_path / "part.zip"
    disclose(bundle, part, ["dossier/registers/lighting.csv"])
    found = migrate(part, SHIPPED)
    assert found.lacking == ("dossier/registers/lighting.csv",)
    assert [one.code for one in found.indicators] == ["A1.5"]
    assert found.indicators[0].change.quantize(Decimal("0.0001")) == Decimal("-1.8409")
    assert found.asked


def test_a_move_from_nothing_and_to_nothing() -> None:
    move = IndicatorMove("a", "A", "甲", "A", "guiding", None, Decimal(2), None, None)
    assert (move.change, move.is_lost) == (2, False)


def test_the_export_has_exact_numbers_and_every_reason(bundle: Path) -> None:
    said = json.loads(json.dumps(export_migration(migrate(bundle, with_gate("grave_incidents > 0")))))
    assert said["outcome"] == "loses"
    assert said["score_before"].startswith("82.204319")
    assert said["gates"][0]["id"] == "more"
    assert said["why_not_more"][0]["code"].startswith("assessment.gate")


# -- the command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["certificate", "migrate", *(str(one) for one in arguments)])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped edition with four stars from 85 points, as a folder."""
    folder = tmp_path_factory.mktemp("editions") / "stricter"
    shutil.copytree(lingtan_data.path("standards", EDITION), folder)
    file = folder / "edition.yaml"
    text = file.read_text("utf-8").replace("from_score: 80", "from_score: 85")
    file.write_text(text.replace(f"id: {EDITION}", "id: stricter"), "utf-8")
    return folder


def test_several_parks_are_counted(bundle: Path, stricter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bundle, bundle, "--edition", stricter, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["edition"], said["counts"], said["faults"]) == ("stricter", {"loses": 2}, [])
    assert [(one["stars_before"], one["stars_after"]) for one in said["parks"]] == [(4, 3), (4, 3)]


def test_people_read_who_and_why(bundle: Path, stricter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bundle, "--edition", stricter) == 0
    out = capsys.readouterr().out
    for text in ("星火零碳特色产业园区", "降星 would lose", "82.2043", "85"):
        assert text in out


def test_one_bad_bundle_does_not_stop_the_others(
    bundle: Path, stricter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, part = tmp_path / "bad.zip", tmp_path / "part.zip"
    bad.write_bytes(b"PK")
    disclose(bundle, part, ["result.json"])
    assert run(bad, part, bundle, "--edition", stricter, "--json") == 2
    said = capsys.readouterr()
    codes = [one["code"] for one in json.loads(said.out)["faults"]]
    assert codes == ["certificate.bundle-unreadable", "certificate.bundle-lacks"]
    assert len(json.loads(said.out)["parks"]) == 1
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "said",
    [
        {"on": "2025-06-30"}, {"on": 5}, {}, [], "x", {"on": "2025-06-30", "edition": "e", "stars": "many"},
        {"on": "2025-06-30", "edition": "e", "stars": 4, "score": "much"},
        {"on": "2025-06-30", "edition": "e", "stars": 4, "score": "82", "gates": [1]},
    ],
)  # fmt: skip
def test_a_result_of_another_shape(tmp_path: Path, said: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.zip"
    files = FolderFiles(PARK, Findings())
    write_bundle(file, files, edition=freeze_edition(SHIPPED).content, result=said)
    assert run(file, "--edition", EDITION) == 2
    err = capsys.readouterr().err
    assert "[certificate.bundle-unreadable]" in err
    assert "Traceback" not in err


def test_what_is_no_edition_or_no_file(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bundle, "--edition", "nothing") == 2
    assert run("none.zip", "--edition", EDITION) == 2
    assert "Traceback" not in capsys.readouterr().err
