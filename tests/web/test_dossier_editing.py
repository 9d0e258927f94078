"""Edits of a dossier: applied together, recorded, undone; conflicts and other people's rows refused."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction
from tests.web.conftest import World
from tests.web.dossier_parts import add, cells, edit, mark, put, remove

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import CellChange, RegisterRow, Revision
from lingtan_web.dossiers.scopes import Scope
from lingtan_web.dossiers.services import confirm_empty, set_profile, undo

ONE = {"enterprise": "E001", "period": "2024-01", "quantity": "5"}


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor(world.park.user.pk)


def codes(refused: pytest.ExceptionInfo[LingtanError]) -> set[str]:
    return {one.code for one in refused.value.faults}


def test_a_batch_is_one_revision_with_one_audit_entry(world: World, actor: Actor) -> None:
    before = Entry.objects.count()
    outcome = edit(
        actor,
        world.dossier,
        "water_use",
        add(1, **ONE),
        put(1, "quantity", "5", "6"),
        add(2, enterprise="E2"),
    )
    assert (outcome.previous, outcome.revision) == (0, 1)
    assert cells(world.dossier, "water_use") == [{**ONE, "quantity": "6"}, {"enterprise": "E2"}]
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.latest("number")
    assert (entry.act, entry.subject, entry.details["rows"]) == ("dossier.edited", "water_use", 2)
    change = CellChange.objects.get(column="quantity")
    assert (change.old, change.new, change.user_id, change.mark) == ("5", "6", actor.user_id, mark(1))
    assert RegisterRow.objects.get(mark=mark(1)).key == "2024-01/E001"


def test_sending_a_batch_twice_does_nothing_twice(world: World, actor: Actor) -> None:
    batch = [add(1, **ONE), put(1, "quantity", "5", "6")]
    edit(actor, world.dossier, "water_use", *batch)
    again = edit(actor, world.dossier, "water_use", *batch)
    assert (again.revision, again.conflicts) == (1, [])
    gone = [remove(1, **{**ONE, "quantity": "6"})]
    edit(actor, world.dossier, "water_use", *gone)
    assert edit(actor, world.dossier, "water_use", *gone).revision == 2
    assert cells(world.dossier, "water_use") == []


def test_a_cell_that_somebody_changed_is_not_overwritten(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE), add(2, **ONE))
    edit(Actor(world.scheme.user.pk), world.dossier, "water_use", put(1, "quantity", "5", "7"))
    outcome = edit(
        actor, world.dossier, "water_use", put(1, "quantity", "5", "9"), put(2, "quantity", "5", "8")
    )
    (conflict,) = outcome.conflicts
    assert (conflict.yours, conflict.theirs, conflict.column) == ("9", "7", "quantity")
    assert conflict.by is not None and conflict.by.user_id == world.scheme.user.pk
    assert [row["quantity"] for row in cells(world.dossier, "water_use")] == ["7", "8"]


def test_a_row_that_somebody_changed_is_not_deleted(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE))
    edit(actor, world.dossier, "water_use", put(1, "quantity", "5", "7"))
    outcome = edit(actor, world.dossier, "water_use", remove(1, **ONE))
    assert [(one.column, one.cells["quantity"]) for one in outcome.conflicts] == [("", "7")]
    assert len(cells(world.dossier, "water_use")) == 1
    gone = edit(actor, world.dossier, "water_use", put(9, "quantity", "5", "7"))
    assert [one.is_gone for one in gone.conflicts] == [True]


def test_a_row_comes_back_where_it_stood(world: World, actor: Actor) -> None:
    lines = [{**ONE, "quantity": str(number)} for number in range(3)]
    edit(actor, world.dossier, "water_use", *(add(n + 1, **line) for n, line in enumerate(lines)))
    number = RegisterRow.objects.get(mark=mark(2)).pk
    edit(actor, world.dossier, "water_use", remove(2, **lines[1]))
    edit(actor, world.dossier, "water_use", add(2, **lines[1]))
    assert cells(world.dossier, "water_use") == lines
    assert RegisterRow.objects.get(mark=mark(2)).pk == number  # its history goes on


def test_an_undo_takes_back_a_whole_revision(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE), add(2, **ONE))
    edit(
        actor,
        world.dossier,
        "water_use",
        put(1, "quantity", "5", "6"),
        remove(2, **ONE),
        add(3, enterprise="E3"),
    )
    assert undo(actor, dossier=world.dossier, revision=2) == 3
    assert cells(world.dossier, "water_use") == [ONE, ONE]
    assert Revision.objects.get(number=3).undoes == 2
    undo(actor, dossier=world.dossier, revision=3)  # and back again
    assert [row.get("quantity") for row in cells(world.dossier, "water_use")] == ["6", None]


def test_an_undo_overwrites_nothing_that_came_later(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE), add(2, **ONE))
    edit(actor, world.dossier, "water_use", put(1, "quantity", "5", "6"), put(2, "quantity", "5", "6"))
    edit(actor, world.dossier, "water_use", put(2, "quantity", "6", "8"))
    with pytest.raises(LingtanError) as refused:
        undo(actor, dossier=world.dossier, revision=2)
    assert codes(refused) == {"dossiers.changed-since"}
    assert [row["quantity"] for row in cells(world.dossier, "water_use")] == ["6", "8"]
    with pytest.raises(LingtanError) as refused:
        undo(actor, dossier=world.dossier, revision=77)
    assert codes(refused) == {"dossiers.nothing-to-undo"}


def test_an_undo_takes_back_park_yaml(world: World, actor: Actor) -> None:
    set_profile(
        actor, dossier=world.dossier, given={"location.province": "上海", "profile.area_m2": "1,000.5"}
    )
    assert world.dossier.profile["location"]["province"] == "上海"
    assert world.dossier.profile["profile"]["area_m2"] == "1000.5"
    set_profile(actor, dossier=world.dossier, given={"location.province": "江苏"})
    undo(actor, dossier=world.dossier, revision=2)
    assert world.dossier.profile["location"]["province"] == "上海"


def test_bad_keys_of_park_yaml_are_told_together(world: World, actor: Actor) -> None:
    given = {"profile.area_m2": "big", "profile.employees_persons": "-3", "name_zh": ""}
    with pytest.raises(LingtanError) as refused:
        set_profile(actor, dossier=world.dossier, given=given)
    assert {one.place.column for one in refused.value.faults} >= {"profile.area_m2"}
    assert world.dossier.profile == {} and world.dossier.revision == 0


def test_the_id_and_the_year_of_a_dossier_are_not_for_the_form(world: World, actor: Actor) -> None:
    set_profile(actor, dossier=world.dossier, given={"id": "beta", "reporting.year": "2020", "note": "x"})
    assert world.dossier.profile["id"] == "alpha" and world.dossier.profile["reporting"]["year"] == 2024


def test_empty_is_confirmed_only_where_there_is_nothing(world: World, actor: Actor) -> None:
    confirm_empty(actor, dossier=world.dossier, register="incidents", is_empty=True)
    assert world.dossier.profile["confirmed_empty"] == ["incidents"]
    confirm_empty(actor, dossier=world.dossier, register="incidents", is_empty=False)
    assert "confirmed_empty" not in world.dossier.profile
    edit(actor, world.dossier, "incidents", add(1, incident="I1"))
    with pytest.raises(LingtanError) as refused:
        confirm_empty(actor, dossier=world.dossier, register="incidents", is_empty=True)
    assert codes(refused) == {"dossier.confirmed-not-empty"}


OWN = Scope(frozenset(["E001"]), can_edit=True)


def test_an_enterprise_writes_its_own_rows_only(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, enterprise="E002", period="2024-01"))
    edit(actor, world.dossier, "water_use", add(2, period="2024-02"), scope=OWN)
    assert cells(world.dossier, "water_use")[1] == {"enterprise": "E001", "period": "2024-02"}
    for given, code in [
        (put(1, "period", "2024-01", "2024-03"), "dossiers.row-exists"),
        (remove(1, enterprise="E002", period="2024-01"), "dossiers.row-exists"),
        (add(1, enterprise="E001"), "dossiers.row-exists"),
        (add(3, enterprise="E002", period="2024-01"), "dossiers.not-your-row"),
        (put(2, "enterprise", "E001", "E002"), "dossiers.not-your-row"),
        (put(2, "enterprise", "E001", ""), "dossiers.not-your-row"),
    ]:
        with pytest.raises(LingtanError) as refused:
            edit(actor, world.dossier, "water_use", given, scope=OWN)
        assert codes(refused) == {code}, given
    assert len(cells(world.dossier, "water_use")) == 2


def test_an_enterprise_takes_back_only_what_its_own_people_did(world: World, actor: Actor) -> None:
    own = Actor(world.enterprise.user.pk)
    edit(actor, world.dossier, "water_use", add(1, **ONE))
    edit(own, world.dossier, "water_use", put(1, "quantity", "5", "6"), scope=OWN)
    with pytest.raises(LingtanError) as refused:
        undo(own, dossier=world.dossier, revision=1, scope=OWN)
    assert codes(refused) == {"dossiers.nothing-to-undo"}
    undo(own, dossier=world.dossier, revision=2, scope=OWN)
    assert cells(world.dossier, "water_use") == [ONE]


def test_the_list_of_enterprises_is_the_parks(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "enterprises", add(1, enterprise="E001"))
    edit(actor, world.dossier, "enterprises", put(1, "name", "", "甲厂"), scope=OWN)
    for given in (add(2, enterprise="E001"), remove(1, enterprise="E001", name="甲厂")):
        with pytest.raises(LingtanError) as refused:
            edit(actor, world.dossier, "enterprises", given, scope=OWN)
        assert codes(refused) == {"dossiers.not-your-register"}


def test_a_mark_of_another_dossier_is_not_taken(world: World, actor: Actor) -> None:
    edit(actor, world.other_dossier, "water_use", add(1, **ONE))
    with pytest.raises(LingtanError) as refused:
        edit(actor, world.dossier, "water_use", put(1, "quantity", "5", "6"))
    assert codes(refused) == {"dossiers.row-exists"}


@pytest.mark.parametrize(
    "given",
    ["x", 5, None, {}, {"kind": "drop", "row": mark(1)}, {"kind": "add", "row": "1", "cells": {}},
     {"kind": "add", "row": mark(1), "cells": {"a": 1}}, {"kind": "add", "row": mark(1), "cells": []},
     {"kind": "cell", "row": mark(1), "column": "", "old": "", "new": ""},
     {"kind": "cell", "row": mark(1), "column": "quantity", "old": 1, "new": "x"},
     {"kind": "cell", "row": mark(1), "column": "x" * 121, "old": "", "new": "x"}],
)  # fmt: skip
def test_what_is_no_edit_is_refused(world: World, actor: Actor, given: object) -> None:
    with pytest.raises(LingtanError) as refused:
        edit(actor, world.dossier, "water_use", given)  # type: ignore[arg-type]
    assert codes(refused) == {"dossiers.bad-edit"}


def test_limits_of_cells_and_batches(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, source="x" * 32_767))
    with pytest.raises(LingtanError) as refused:
        edit(actor, world.dossier, "water_use", add(2, source="x" * 32_768))
    assert codes(refused) == {"dossier.cell-too-long"}
    edit(actor, world.dossier, "water_use", *(add(n, enterprise="E") for n in range(10, 2_010)))
    with pytest.raises(LingtanError) as refused:
        edit(actor, world.dossier, "water_use", *(add(n, enterprise="E") for n in range(3_000, 5_001)))
    assert codes(refused) == {"dossiers.bad-batch"}


def test_hostile_characters_are_kept_harmless(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, source="a\x00b\ud800c\r\nd"))
    (row,) = cells(world.dossier, "water_use")
    assert row["source"] == "a\ufffdb?c\nd"


@pytest.mark.parametrize("model", [CellChange, Revision])
def test_the_record_of_changes_is_kept_by_the_database(world: World, actor: Actor, model: type) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE))
    for act in (lambda: model.objects.update(user=None), lambda: model.objects.all().delete()):  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_whole_row_is_kept_as_it_was(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "water_use", add(1, **ONE))
    change = CellChange.objects.get()
    assert (change.column, change.old) == ("", "")
    assert json.loads(change.new) == {"mark": mark(1), "position": 0, "cells": ONE}
