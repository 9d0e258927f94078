"""Working dossiers through the interface: batches, conflicts, parts of enterprises, versions."""

from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.api_parts import START, Program, push, reading, register_meters
from tests.web.conftest import World

from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.models import CellChange, DossierVersion, RegisterRow, WorkingDossier
from lingtan_web.readings.models import FrozenReadings
from lingtan_web.storage import path_of

ROOT = "/parks/alpha/dossiers/2024"
METERS = f"{ROOT}/registers/meters"
ROW = "00000000000000a1"


def add(mark: str = ROW, **cells: str) -> dict[str, Any]:
    return {"kind": "add", "row": mark, "cells": cells}


def cell(mark: str, column: str, old: str, new: str) -> dict[str, Any]:
    return {"kind": "cell", "row": mark, "column": column, "old": old, "new": new}


def edit(program: Program, *edits: dict[str, Any], revision: int = 0, path: str = METERS) -> Any:
    return program.post(path, {"revision": revision, "edits": list(edits)})


def test_a_batch_is_one_revision_and_stands_in_the_log(world: World) -> None:
    program = Program(world.park)
    told = edit(program, add(meter="M1", enterprise="E001"), add("00000000000000a2", meter="M2")).json()
    assert (told["previous"], told["revision"], told["conflicts"]) == (0, 1, [])
    assert [row["cells"]["meter"] for row in told["rows"]] == ["M1", "M2"]
    assert Entry.objects.get(act="dossier.edited").via == "api"
    assert set(CellChange.objects.values_list("user", flat=True)) == {world.park.user.pk}
    listed = program.get(f"{METERS}?per_page=1&page=2").json()
    assert (listed["total"], listed["pages"], listed["items"][0]["cells"]) == (2, 2, {"meter": "M2"})
    shown = program.get(ROOT).json()
    assert {one["name"]: one["rows"] for one in shown["registers"]}["meters"] == 2
    assert shown["profile"]["id"] == "alpha"


def test_the_same_batch_again_does_nothing(world: World) -> None:
    program = Program(world.park)
    batch = (add(meter="M1"), cell(ROW, "meter", "M1", "M9"))
    first, again = edit(program, *batch).json(), edit(program, *batch).json()
    assert again["revision"] == first["revision"] == 1
    assert again["rows"] == first["rows"] == [{"row": ROW, "cells": {"meter": "M9"}}]


def test_what_somebody_else_changed_is_told_and_left(world: World) -> None:
    program = Program(world.park)
    edit(program, add(meter="M1", unit="kWh"))
    edit(program, cell(ROW, "unit", "kWh", "MWh"), revision=1)
    told = edit(program, cell(ROW, "unit", "kWh", "GJ"), cell(ROW, "meter", "M1", "M2"), revision=1).json()
    assert told["conflicts"] == [
        {
            "row": ROW, "column": "unit", "yours": "GJ", "theirs": "MWh", "is_gone": False,
            "cells": {"meter": "M1", "unit": "MWh"},
        }
    ]  # fmt: skip
    assert RegisterRow.objects.get(mark=ROW).cells == {"meter": "M2", "unit": "MWh"}


def test_an_enterprise_works_with_its_own_rows(world: World) -> None:
    register_meters(world, ("E001-EL", "E001"), ("E002-EL", "E002"))
    theirs = RegisterRow.objects.get(ident="E002-EL").mark
    program = Program(world.enterprise)
    assert [one["cells"]["meter"] for one in program.get(METERS).json()["items"]] == ["E001-EL"]
    assert program.get(ROOT).json()["profile"] is None
    assert (
        edit(program, cell(theirs, "unit", "kWh", "GJ")).json()["faults"][0]["code"] == "dossiers.row-exists"
    )
    assert (
        edit(program, add(meter="X", enterprise="E002")).json()["faults"][0]["code"]
        == "dossiers.not-your-row"
    )
    assert edit(program, add(meter="X")).json()["rows"][0]["cells"]["enterprise"] == "E001"
    permits = f"{ROOT}/registers/incidents"
    assert program.get(permits).status_code in (200, 404)
    assert not any("E002" in str(one) for one in program.get(f"{ROOT}/faults").json())
    assert RegisterRow.objects.get(mark=theirs).cells["unit"] == "kWh"


def test_another_park_and_another_year_are_not_there(world: World) -> None:
    program = Program(world.park)
    for path in ("/parks/beta/dossiers/2024", "/parks/alpha/dossiers/2023", f"{ROOT}/registers/none"):
        assert program.get(path).status_code == 404, path
    foreign = RegisterRow.objects.create(
        dossier=world.other_dossier, register="meters", position=0, cells={"meter": "B"}
    )
    answer = edit(program, cell(foreign.mark, "meter", "B", "stolen"))
    assert answer.json()["faults"][0]["code"] == "dossiers.row-exists"
    foreign.refresh_from_db()
    assert foreign.cells == {"meter": "B"}


def test_evaluators_see_the_years_of_their_mandate(world: World) -> None:
    WorkingDossier.objects.create(park=world.alpha, year=2023)
    program = Program(world.evaluator)
    assert [one["year"] for one in program.get("/parks/alpha/dossiers").json()] == [2024]
    assert program.get("/parks/alpha/dossiers/2023").status_code == 404
    assert program.get("/parks/alpha").json()["years"] == [2024]
    assert [one["year"] for one in Program(world.park).get("/parks/alpha/dossiers").json()] == [2024, 2023]


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ({}, "revision"),
        ({"revision": 0}, "edits"),
        ({"revision": True, "edits": []}, "revision"),
        ({"revision": -1, "edits": []}, "revision"),
        ({"revision": 0, "edits": [], "more": 1}, "more"),
        ({"revision": 0, "edits": [{"kind": "drop", "row": ROW}]}, "edits.0"),
        ({"revision": 0, "edits": [cell("../etc", "unit", "", "x")]}, "edits.0.cell.row"),
        ({"revision": 0, "edits": [cell(ROW, "", "", "x")]}, "edits.0.cell.column"),
        ({"revision": 0, "edits": [cell(ROW, "unit", "", "x" * 32_768)]}, "edits.0.cell.new"),
        ({"revision": 0, "edits": [{**add(), "cells": {"unit": 1}}]}, "edits.0.add.cells.unit"),
        ({"revision": 0, "edits": [add()] * 2001}, "edits"),
        ([], ""),
    ],
)
def test_what_is_no_batch_is_told(world: World, body: Any, column: str) -> None:
    answer = Program(world.park).post(METERS, body)
    assert answer.status_code == 422
    told = answer.json()["faults"][0]
    assert (told["code"], told["column"] or "") == ("api.bad-field", column)
    assert not RegisterRow.objects.exists()


HOSTILE = [
    b"", b"\xff", b"{" * 100_000, b'{"revision": NaN, "edits": []}', b'{"revision": 1e999, "edits": []}',
    b'{"revision": 0, "revision": 1, "edits": []}', b'{"revision": 0, "edits": [1]}',
    b'{"revision": 0, "edits": [{"kind":"add","row":"00000000000000a1","cells":{"a":"\\ud800"}}]}',
    b'{"revision": ' + b"9" * 64 + b', "edits": []}', b'{"revision": 0.5, "edits": []}',
    b'{"revision": 0, "edits": [{"kind":"add","row":"00000000000000A1","cells":{}}]}',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_bodies_are_refused(world: World, body: bytes) -> None:
    answer = Program(world.park).post(METERS, body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["faults"]
    assert not RegisterRow.objects.exists()


def test_nothing_of_a_cell_is_more_than_text(world: World) -> None:
    program = Program(world.park)
    given = {"name": "=1+1", "x' OR 1=1 --": "<script>alert(1)</script>", "note": "a\x00b\r\nc"}
    told = edit(program, add(**given)).json()["rows"][0]["cells"]
    assert told == {**given, "note": "a\ufffdb\nc"}


def test_versions(world: World) -> None:
    program = Program(world.park)
    edit(program, add(meter="M1", carrier="electricity", role="supply", quantity="interval", unit="kWh"))
    made = program.post(f"{ROOT}/versions", {"label": "一稿"}).json()
    assert (made["number"], made["revision"], made["label"]) == (1, 1, "一稿")
    assert program.get(f"{ROOT}/versions").json()["items"] == [made]
    asked = program.post("/parks/alpha/results", {"year": 2024, "version": 1, "on": "2025-06-30"})
    assert asked.json()["state"] == "queued"


def test_a_version_takes_pushed_readings_along(world: World) -> None:
    year = START.astimezone().year
    WorkingDossier.objects.create(park=world.alpha, year=year)
    program = Program(world.park)
    path = f"/parks/alpha/dossiers/{year}"
    meter = {"carrier": "electricity", "role": "supply", "quantity": "interval", "unit": "kWh"}
    edit(program, add(meter="E001-EL", **meter), path=f"{path}/registers/meters")
    program.post("/parks/alpha/readings", push(reading(), reading(minute=15, value="2.25")))
    assert program.post(f"{path}/versions", {}).status_code == 200
    manifest = DossierVersion.objects.get().manifest
    kept = pl.read_parquet(path_of(manifest["readings/live-2.parquet"]))
    assert [str(value) for value in kept["value"]] == ["1.50", "2.25"]
    generation = FrozenReadings.objects.get().generation
    program.post(f"{path}/versions", {})  # nothing new: the lake is not read again
    assert FrozenReadings.objects.get().generation == generation
    program.post("/parks/alpha/readings", push(reading(minute=30), key="k-2"))
    program.post(f"{path}/versions", {})
    assert DossierVersion.objects.get(number=1).manifest == DossierVersion.objects.get(number=2).manifest
    assert DossierVersion.objects.get(number=3).manifest != manifest


def test_a_year_is_opened_once(world: World) -> None:
    program = Program(world.park)
    assert program.post("/parks/alpha/dossiers", {"year": 2025}).json() == {"year": 2025, "revision": 0}
    again = program.post("/parks/alpha/dossiers", {"year": 2025})
    assert (again.status_code, again.json()["faults"][0]["code"]) == (409, "dossiers.dossier-exists")


def test_queries_do_not_grow_with_rows_or_edits(world: World) -> None:
    program = Program(world.park)

    def count(method: str, path: str, body: Any = None) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert program.call(method, path, body).status_code == 200
        return len(asked)

    def batch(first: int, size: int) -> dict[str, Any]:
        return {
            "revision": 0,
            "edits": [add(f"{first + n:016x}", meter=f"M{first + n}") for n in range(size)],
        }

    edit(program, add(meter="M1"))
    program.get("/me")
    paths = (ROOT, "/parks/alpha/dossiers", METERS, f"{ROOT}/versions")
    before = {path: count("GET", path) for path in paths}
    written = count("POST", METERS, batch(1000, 1))
    assert max(before.values()) <= 20 and written <= 30, (before, written)
    assert count("POST", METERS, batch(2000, 60)) <= written
    assert {path: count("GET", path) for path in paths} == before
