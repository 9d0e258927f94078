"""Order of rows never matters: the same result to the last byte, row numbers of places aside."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lingtan as lt
from lingtan.assessment import compute_groundwork

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
ON = date(2025, 6, 30)


def without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_places(one) for key, one in value.items() if key not in ("place", "row")}
    return [without_places(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def dossier() -> lt.Dossier:
    return lt.read_dossier(EXAMPLE)


@pytest.fixture(scope="module")
def metering(dossier: lt.Dossier) -> lt.Metering:
    return lt.compute_metering(dossier)


def exported(dossier: lt.Dossier, metering: lt.Metering) -> list[Any]:
    ground = compute_groundwork(dossier, on=ON, metering=metering)
    result = lt.assess(dossier, "sh-seesa-zctp-2024", on=ON, groundwork=ground)
    return [
        without_places(lt.export_assessment(result)),
        without_places(lt.export_inventory(ground.inventory)),
        without_places(lt.export_inventory(ground.national)),
        without_places(lt.export_ledger(ground.ledger)),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_rows_give_the_same(dossier: lt.Dossier, metering: lt.Metering, seed: int) -> None:
    shuffle = random.Random(seed)
    rows = {name: tuple(shuffle.sample(rows, len(rows))) for name, rows in dossier.rows.items()}
    names = list(rows)
    shuffle.shuffle(names)
    shuffled = replace(dossier, rows={name: rows[name] for name in names})
    assert exported(shuffled, metering) == exported(dossier, metering)
