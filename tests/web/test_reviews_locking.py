"""While a review runs, the working dossier is open only where a question reopened it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.web.review_parts import Play, actor_of, play

from lingtan.dossier.registers import registers
from lingtan.errors import LingtanError
from lingtan_web.dossiers.edits import Edit
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.services import apply_edits, set_boundary, set_profile
from lingtan_web.reviews.services import handing
from lingtan_web.reviews.workflow import State

__all__ = ["play"]


@pytest.fixture
def dossier(play: Play) -> WorkingDossier:
    found = WorkingDossier.objects.get(park=play.world.alpha, year=2024)
    for position, name in enumerate(("B01", "B02")):
        cells = {"building": name, "name": "楼", "floor_area_m2": "300"}
        RegisterRow.objects.create(
            dossier=found, register="buildings", position=position, mark=f"mark{name}", cells=cells
        )
    return found


def edit(play: Play, dossier: WorkingDossier, *edits: Edit) -> Callable[[], object]:
    return lambda: apply_edits(
        actor_of(play.world.park),
        dossier=dossier,
        register=registers()["buildings"],
        edits=edits,
        revision=dossier.revision,
    )


def closed(act: Callable[[], object]) -> list[str]:
    """The fields that an act was refused for."""
    with pytest.raises(LingtanError) as error:
        act()
    assert {one.code for one in error.value.faults} == {"review.dossier-closed"}
    return [one.context["field"] for one in error.value.faults]


def put(row: str, column: str, old: str, new: str) -> Edit:
    return Edit("put", f"mark{row}", column, old, new)


def test_only_what_was_asked_about_is_open(play: Play, dossier: WorkingDossier) -> None:
    area = put("B01", "floor_area_m2", "300", "310")
    edit(play, dossier, put("B01", "floor_area_m2", "300", "301"))()
    edit(play, dossier, put("B01", "floor_area_m2", "301", "300"))()
    submission = play.to(State.IN_REVIEW)
    assert closed(edit(play, dossier, area)) == ["buildings[B01].floor_area_m2"]
    play.ask(submission, "buildings[B01].floor_area_m2", "park.note")
    name = put("B01", "name", "楼", "一号楼")
    other = put("B02", "floor_area_m2", "300", "310")
    assert closed(edit(play, dossier, name, other)) == ["buildings[B01].name", "buildings[B02].floor_area_m2"]
    assert closed(edit(play, dossier, area, other)) == ["buildings[B02].floor_area_m2"]
    assert RegisterRow.objects.get(mark="markB01").cells["floor_area_m2"] == "300", "nothing half-done"
    edit(play, dossier, area)()
    assert RegisterRow.objects.get(mark="markB01").cells["floor_area_m2"] == "310"
    assert closed(
        lambda: set_boundary(actor_of(play.world.park), dossier=dossier, boundary={"type": "x"})
    ) == ["boundary"]
    handing.withdraw(actor_of(play.world.park), submission=submission)
    edit(play, dossier, other)()


def test_rows_that_come_and_go(play: Play, dossier: WorkingDossier) -> None:
    submission = play.to(State.QUESTIONED)
    new = Edit("add", "markB03", cells={"building": "B03", "floor_area_m2": "5"})
    gone = Edit("remove", "markB02", cells={"building": "B02", "name": "楼", "floor_area_m2": "300"})
    assert closed(edit(play, dossier, new)) == ["buildings[B03]"]
    assert closed(edit(play, dossier, gone)) == ["buildings[B02]"]
    play.ask(submission, "buildings[+]", "buildings[B02]")
    edit(play, dossier, new, gone)()
    assert set(RegisterRow.objects.values_list("key", flat=True)) == {"B01", "B03"}


def test_the_park_sheet(play: Play, dossier: WorkingDossier) -> None:
    who = actor_of(play.world.park)
    set_profile(who, dossier=dossier, given={"note": "初稿"})
    submission = play.to(State.QUESTIONED)
    given = {"note": "改了"}
    assert closed(lambda: set_profile(who, dossier=dossier, given=given)) == ["park.note"]
    play.ask(submission, "park.note")
    set_profile(who, dossier=dossier, given=given)
    dossier.refresh_from_db()
    assert dossier.profile["note"] == "改了"


def test_another_year_stays_open(play: Play, dossier: WorkingDossier) -> None:
    play.to(State.IN_REVIEW)
    later = WorkingDossier.objects.create(park=play.world.alpha, year=2025)
    set_boundary(actor_of(play.world.park), dossier=later, boundary={"type": "x"})
    later.refresh_from_db()
    assert later.boundary == {"type": "x"}
