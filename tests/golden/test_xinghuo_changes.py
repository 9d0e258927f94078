"""One thing taken away from the invented park: exactly what rests on it changes, and nothing else."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lingtan
from lingtan.trace import gaps_of, walk

PARK = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
EDITION, ON = "sh-seesa-zctp-2024", date(2025, 6, 30)
Row = dict[str, str]


@dataclass(frozen=True)
class Change:
    """What differs between two assessments."""

    indicators: frozenset[str]
    gates: frozenset[str]
    missing: frozenset[str]
    faults: frozenset[str]


def assess(folder: Path) -> Any:
    return lingtan.assess(lingtan.read_dossier(folder), EDITION, on=ON)


@pytest.fixture(scope="module")
def before() -> Any:
    return assess(PARK)


@pytest.fixture
def park(tmp_path: Path) -> Path:
    """A copy to take things away from."""
    return shutil.copytree(PARK, tmp_path / "xinghuo")


def drop(file: Path, is_dropped: Callable[[Row], bool]) -> None:
    """Take rows out of a register; that none is found would test nothing."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    kept = [row for row in rows if not is_dropped(row)]
    assert len(kept) < len(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)


def compare(before: Any, after: Any) -> Change:
    def shown(one: Any) -> Any:
        return (one.value, one.earned, one.points, one.passed, one.applies)

    old = {one.code: shown(one) for one in before.indicators}
    return Change(
        frozenset(one.code for one in after.indicators if shown(one) != old[one.code]),
        frozenset(
            gate.id for gate, was in zip(after.gates, before.gates, strict=True) if gate.passed != was.passed
        ),
        frozenset(datum.datum for datum in after.missing) - {datum.datum for datum in before.missing},
        frozenset(fault.code for fault in after.faults) - {fault.code for fault in before.faults},
    )


def value(result: Any, code: str) -> Any:
    return {one.code: one.value for one in result.indicators}[code]


def behind(result: Any, code: str) -> set[str]:
    """The names of all values that an indicator rests on."""
    node = {one.code: one.node for one in result.indicators}[code]
    return {below.name for below in walk(node)}


def refused(result: Any) -> set[tuple[str, str]]:
    """What the ledger did not count, and why."""
    return {(entry.id, entry.refused) for entry in result.ledger.entries if entry.refused}


def take_evidence(park: Path, key: str) -> None:
    """One evidence file, and its line in the list."""
    with (park / "evidence" / "evidence.csv").open(encoding="utf-8", newline="") as opened:
        name = next(row["file"] for row in csv.DictReader(opened) if row["id"] == key)
    (park / "evidence" / name).unlink()
    drop(park / "evidence" / "evidence.csv", lambda row: row["id"] == key)


def test_the_park_as_it_stands_has_four_stars(before: Any) -> None:
    assert before.stars == 4
    assert 80 <= before.score < 90
    assert all(gate.passed for gate in before.gates)


def test_one_certificate_less(before: Any, park: Path) -> None:
    """15,000 MWh of bought electricity lose their proof.

    C1.1 (renewable share) and C1.2 (national method: that power at 0.8325 instead of 0) worsen. Green
    electricity no longer covers what is bought, so the credits may not be used (E1.2 becomes 0, which is
    better), less is cancelled in all, so own reductions are a larger part of it (E1.1), and more remains
    (E1.3). Nothing is missing; the gate on the electricity structure asks for 10 % only.
    """
    drop(park / "registers" / "certificates.csv", lambda row: row["certificate"] == "GEC-2024-0006")
    after = assess(park)
    change = compare(before, after)
    assert change.indicators == {"C1.1", "C1.2", "E1.1", "E1.2", "E1.3"}
    assert change.gates == frozenset()
    assert change.missing == frozenset()
    assert change.faults == {"ledger.credit-before-certificates"}
    assert refused(after) - refused(before) == {
        ("CCER-2024-01", "ledger.credit-before-certificates"),
        ("CCER-2024-02", "ledger.credit-before-certificates"),
    }
    cell = "certificates[GEC-2024-0006].quantity_mwh"
    assert cell in behind(before, "C1.1")
    assert cell not in behind(after, "C1.1")
    assert value(after, "E1.2") == 0
    assert value(after, "C1.1") < value(before, "C1.1")
    assert value(after, "C1.2") > value(before, "C1.2")
    assert value(after, "E1.1") > value(before, "E1.1")
    assert value(after, "E1.3") < value(before, "E1.3")


def test_the_proof_of_the_credits_less(before: Any, park: Path) -> None:
    """Without proof of retirement no credit counts: E1.2 is 0, more remains (E1.3), less is cancelled (E1.1).

    What the credits do not touch stays: renewable share, national balance, gates.
    """
    take_evidence(park, "EV047")
    after = assess(park)
    change = compare(before, after)
    assert change.indicators == {"E1.1", "E1.2", "E1.3"}
    assert change.gates == frozenset()
    assert change.missing == {"credits[CCER-2024-01].evidence", "credits[CCER-2024-02].evidence"}
    assert change.faults == {"ledger.no-evidence", "dossier.evidence-unknown"}
    assert refused(after) - refused(before) == {
        ("CCER-2024-01", "ledger.no-evidence"),
        ("CCER-2024-02", "ledger.no-evidence"),
    }


def test_the_proof_of_the_direct_supply_less(before: Any, park: Path) -> None:
    """24,000 MWh are no longer green: as with a certificate less; the four settlements are asked for."""
    take_evidence(park, "EV044")
    after = assess(park)
    change = compare(before, after)
    assert change.indicators == {"C1.1", "C1.2", "E1.1", "E1.2", "E1.3"}
    assert change.gates == frozenset()
    quarters = ("03", "06", "09", "12")
    assert change.missing == {f"green_electricity[ZG-2024-01/2024-{month}].evidence" for month in quarters}


def test_only_the_file_of_an_evidence_less(before: Any, park: Path) -> None:
    """The list still names document and hash (a workbook never carries files): a warning, no other result."""
    (park / "evidence" / "direct-supply-2024.pdf").unlink()
    after = assess(park)
    change = compare(before, after)
    assert change == Change(
        frozenset(), frozenset(), frozenset(), frozenset({"dossier.evidence-file-missing"})
    )
    warning = next(one for one in after.faults if one.code == "dossier.evidence-file-missing")
    assert "direct-supply-2024.pdf" in warning.words("zh").what
    assert (after.stars, after.score) == (before.stars, before.score)


def test_one_month_of_electricity_less(before: Any, park: Path) -> None:
    """Scope 2 of the year, and all that rests on it, is not known until the month is handed in."""

    def is_dropped(row: Row) -> bool:
        return (row["period"], row["enterprise"], row["use"]) == ("2024-05", "E001", "purchased")

    drop(park / "registers" / "energy_activity.csv", is_dropped)
    after = assess(park)
    change = compare(before, after)
    asked = "energy_activity[2024-05/E001/electricity/purchased]"
    assert change.missing == {asked}
    assert change.indicators == {"B1.3", "B2.1", "C1.1", "C1.2", "C1.3", "E1.1", "E1.2", "E1.3"}
    assert change.gates == {"electricity_structure", "ghg_report"}
    assert after.stars is None
    datum = next(one for one in after.missing if one.datum == asked)
    assert datum.asked_of == "E001"
    assert datum.points_at_stake == 37  # 3 + 4 + 6 + 6 + 4 + 5 + 4 + 5, the points of those eight
    for one in after.indicators:
        if one.code in change.indicators:
            assert asked in {gap.datum for gap in gaps_of(one.node)}, one.code


def test_the_only_row_of_incidents_less(before: Any, park: Path) -> None:
    """No row and no word that there was nothing: not known, so the gate stays shut and there is no star."""
    drop(park / "registers" / "incidents.csv", lambda row: True)
    after = assess(park)
    change = compare(before, after)
    assert change.indicators == frozenset()
    assert change.gates == {"no_grave_incident"}
    assert change.missing == {"register incidents"}
    assert after.score == before.score
    assert after.stars is None


def test_no_incident_and_that_confirmed_changes_nothing(before: Any, park: Path) -> None:
    drop(park / "registers" / "incidents.csv", lambda row: True)
    with (park / "park.yaml").open("a", encoding="utf-8") as file:
        file.write("confirmed_empty: [incidents]\n")
    after = assess(park)
    change = compare(before, after)
    assert change == Change(frozenset(), frozenset(), frozenset(), frozenset())
    assert (after.stars, after.score) == (before.stars, before.score)
