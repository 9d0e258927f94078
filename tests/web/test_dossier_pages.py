"""Pages of a dossier: what each side sees, in a constant number of questions, in both languages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import World
from tests.web.dossier_parts import READINGS, add, cells, dossier_zip, edit, mark, upload

from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import EnterprisePart, RegisterRow
from lingtan_web.parks.models import ParkEnterprise

HERE = "/parks/alpha/dossier/2024/"
PAGES = ["", "faults/", "profile/", "history/", "import/", "versions/", "readings/", "enterprises/",
         "registers/water_use/", "registers/evidence/",
         "registers/water_use/rows/?from=0&count=200"]  # fmt: skip
HIDDEN = "隐藏的邻居"
ESCAPED = json.dumps(HIDDEN)[1:-1]


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor(world.park.user.pk)


def fill(world: World, count: int, start: int = 0) -> None:
    """Rows of water use, each with a key of its own and a reference."""
    actor = Actor(world.park.user.pk)
    lines = [
        {
            "enterprise": "E001",
            "period": f"{2000 + n // 12}-{n % 12 + 1:02}",
            "fresh_m3": "x",
            "evidence": f"EV{n}",
        }
        for n in range(start, start + count)
    ]
    edit(actor, world.dossier, "water_use", *(add(start + n + 1, **line) for n, line in enumerate(lines)))


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_questions_does_not_grow_with_rows(world: World, path: str) -> None:
    fill(world, 5)
    world.park.client.get(HERE + path)  # what is made once is made
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert world.park.client.get(HERE + path).status_code == 200
    fill(world, 400, start=5)
    world.park.client.get(HERE + path)
    with CaptureQueriesContext(connection) as many:
        assert world.park.client.get(HERE + path).status_code == 200
    assert len(many) <= len(few) <= 30, [query["sql"][:90] for query in many]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", ["park", "scheme", "evaluator", "enterprise"])
def test_pages_in_both_languages(world: World, role: str, language: str) -> None:
    fill(world, 3)
    client = world.someone(role).client
    client.cookies["lingtan-language"] = language
    for path in ["", "faults/", "history/", "registers/water_use/"]:
        text = client.get(HERE + path).content.decode()
        assert ("Dossier" in text) == (language == "en"), path


def rows_of(client: Client, register: str) -> dict[str, Any]:
    answer = client.get(f"{HERE}registers/{register}/rows/?from=0&count=200")
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_an_enterprise_sees_nothing_of_its_neighbours_not_even_counts(world: World, actor: Actor) -> None:
    own = {"enterprise": "E001", "permit": "P1"}
    edit(actor, world.dossier, "permits", add(1, enterprise="E002", permit="P1", note=HIDDEN), add(2, **own))
    edit(actor, world.dossier, "permits", *(add(n, enterprise="E002", permit=HIDDEN) for n in range(10, 47)))
    edit(
        actor,
        world.dossier,
        "enterprises",
        add(90, enterprise="E002", name=HIDDEN),
        add(91, enterprise="E001"),
    )
    edit(actor, world.dossier, "lighting", add(95, lamp=HIDDEN))
    client = world.enterprise.client
    for path in [
        "",
        "faults/",
        "faults/?notes=1",
        "history/",
        "registers/permits/",
        "registers/enterprises/",
    ]:
        text = client.get(HERE + path).content.decode()
        assert HIDDEN not in text and ESCAPED not in text and "E002" not in text, path
        assert not re.search(r">\s*3[78]\s*<", text), path
    found = rows_of(client, "permits")
    assert found["total"] == 1 and [row["cells"] for row in found["rows"]] == [own]
    told = {fault["column"] for fault in found["rows"][0]["faults"]}
    assert "permit" not in told  # that a neighbour has the same id is not theirs to know
    assert client.get(f"{HERE}registers/lighting/").status_code == 404
    assert client.get(f"{HERE}history/?register=permits&row={mark(1)}").status_code == 404
    assert client.get(f"{HERE}history/1/").status_code == 404
    for ending in ("xlsx", "zip"):
        content = b"".join(client.get(f"{HERE}export/{ending}/"))  # type: ignore[call-overload]
        assert HIDDEN.encode() not in content and b"E002" not in content
    assert ESCAPED in world.park.client.get(f"{HERE}registers/permits/").content.decode()
    assert rows_of(world.park.client, "permits")["total"] == 39


def test_an_id_of_a_neighbour_cannot_be_found_out_by_trying(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "buildings", add(1, building="B7", enterprise="E002"))
    edit(actor, world.dossier, "meters", add(2, meter="M1", enterprise="E001", building="B7"))
    edit(actor, world.dossier, "meters", add(3, meter="M2", enterprise="E001", building="B8"))
    one, other = rows_of(world.enterprise.client, "meters")["rows"]
    assert [fault["column"] for fault in one["faults"]] == [fault["column"] for fault in other["faults"]]
    seen = rows_of(world.park.client, "meters")["rows"]
    assert "building" in {fault["column"] for fault in seen[1]["faults"]}
    assert "building" not in {fault["column"] for fault in seen[0]["faults"]}


def test_equal_keys_are_told_with_the_place_of_the_other(world: World, actor: Actor) -> None:
    line = {"enterprise": "E001", "period": "2024-01"}
    fill(world, 250)
    edit(actor, world.dossier, "water_use", add(900, **line), add(901, **line, fresh_m3="5"))
    answer = world.park.client.get(f"{HERE}registers/water_use/rows/?from=200&count=200")
    last = json.loads(answer.content)["rows"][-1]
    (fault,) = [one for one in last["faults"] if one["column"] == "period"]
    assert "第 251 行" in fault["text"] and fault["severity"] == "error"


def send(client: Client, register: str, *edits: object, revision: int = 0) -> Any:
    body = json.dumps({"revision": revision, "edits": edits})
    return client.post(f"{HERE}registers/{register}/edits/", body, content_type="application/json")


def test_edits_come_back_with_their_faults_and_conflicts(world: World) -> None:
    answer = send(world.park.client, "vehicles", add(1, vehicle="V1", service="flying"))
    said = answer.json()
    assert (said["previous"], said["revision"], said["total"]) == (0, 1, 1)
    assert "service" in {fault["column"] for fault in said["rows"][0]["faults"]}
    change = {"kind": "cell", "row": mark(1), "column": "service", "old": "official", "new": "logistics"}
    (conflict,) = send(world.park.client, "vehicles", change, revision=1).json()["conflicts"]
    assert (conflict["yours"], conflict["theirs"], conflict["by"]) == ("logistics", "flying", "park")


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "null", '{"edits": 5}', "{" * 5000, '{"edits": [[]]}', "\ud83d"]
)
def test_a_batch_that_is_none_is_refused_in_words(world: World, body: str) -> None:
    answer = world.park.client.post(
        f"{HERE}registers/vehicles/edits/",
        body.encode("utf-8", "surrogatepass"),
        content_type="application/json",
    )
    assert answer.status_code == 422 and answer.json()["faults"][0]["text"]
    assert not RegisterRow.objects.exists()


def test_a_batch_larger_than_allowed_is_refused(world: World) -> None:
    body = json.dumps({"edits": [], "x": "y" * 4_000_000})
    answer = world.park.client.post(f"{HERE}registers/vehicles/edits/", body, content_type="application/json")
    assert answer.status_code == 422


def test_the_whole_way_of_an_import_on_its_pages(world: World) -> None:
    given = {"file": upload("a.zip", dossier_zip(vehicles="vehicle,service\nV1,flying\n"))}
    answer = world.park.client.post(f"{HERE}import/", given)
    page = world.park.client.get(answer.headers["Location"])
    assert "V1" in page.content.decode() and "flying" in page.content.decode()
    for query in (
        "?register=vehicles&kind=added",
        "?kind=faults",
        "?kind=unchanged",
        "?page=99",
        "?kind=<x>",
    ):
        assert world.park.client.get(answer.headers["Location"] + query).status_code == 200
    digest = page.context["preview"].plan_sha256
    form = {"digest": digest, "register": ["vehicles"]}
    done = world.park.client.post(f"{answer.headers['Location']}confirm/", form)
    assert done.headers["Location"] == f"{HERE}history/1/"
    assert world.park.client.get(done.headers["Location"]).status_code == 200
    world.park.client.post(f"{HERE}history/1/undo/")
    assert cells(world.dossier, "vehicles") == []


def test_readings_are_looked_at_before_they_are_taken(world: World) -> None:
    client = world.park.client
    assert client.post(f"{HERE}readings/", {"file": upload("a.csv", READINGS)}).status_code == 302
    assert world.dossier.files.get().path == "readings/a.csv"
    for name, content in (("b.csv", b"just words\n"), ("b.parquet", b"PAR1"), ("b.exe", b"MZ")):
        answer = client.post(f"{HERE}readings/", {"file": upload(name, content)})
        assert answer.status_code == 422
        assert answer.context["faults"][0].code == "dossiers.not-readings"
    client.post(f"{HERE}readings/{world.dossier.files.get().pk}/detach/")
    assert not world.dossier.files.exists()


def test_enterprises_are_invited_reminded_and_say_when_they_are_done(world: World, actor: Actor) -> None:
    edit(
        actor, world.dossier, "enterprises", add(1, enterprise="E001"), add(2, enterprise="E003", name="丙厂")
    )
    client = world.park.client
    client.post(f"{HERE}enterprises/remind/", {"key": ["E001", "E003"]})
    assert [letter.to for letter in mail.outbox] == [["enterprise@example.org"]]
    part = EnterprisePart.objects.get(key="E001")
    assert part.reminded_at is not None and part.done_at is None
    world.enterprise.client.post(f"{HERE}enterprises/done/", {"is_done": "1"})
    refused = client.post(f"{HERE}enterprises/remind/", {"key": ["E001"]})
    assert refused.context["faults"][0].code == "dossiers.no-such-enterprise"
    page = client.get(f"{HERE}enterprises/").content.decode()
    assert "已完成" in page and "丙厂" in page
    invited = client.post(
        f"{HERE}enterprises/invite/", {"key": "E003", "name": "丙厂", "email": "c@example.org"}
    )
    assert invited.status_code == 200
    assert ParkEnterprise.objects.get(park=world.alpha, key="E003").organisation is not None
    world.enterprise.client.post(f"{HERE}enterprises/confidential/", {"key": "E001", "is_confidential": "1"})
    assert ParkEnterprise.objects.get(park=world.alpha, key="E001").is_confidential


def test_a_park_cannot_put_its_people_into_an_enterprise_that_has_some(world: World) -> None:
    given = {"key": "E001", "name": "x", "email": "spy@example.org"}
    refused = world.park.client.post(f"{HERE}enterprises/invite/", given)
    assert refused.context["faults"][0].code == "dossiers.enterprise-has-people"
    taken = {
        "key": "E009",
        "name": str(world.alpha.enterprises.get(key="E001").organisation),
        "email": "s@example.org",
    }
    refused = world.park.client.post(f"{HERE}enterprises/invite/", taken)
    assert refused.context["faults"][0].code == "web.organisation-exists"
    blank = world.park.client.post(f"{HERE}enterprises/invite/", {**taken, "key": " "})
    assert blank.status_code == 422


def test_the_history_of_a_cell_tells_who(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "vehicles", add(1, vehicle="V1", service="official"))
    change = {"kind": "cell", "row": mark(1), "column": "service", "old": "official", "new": "logistics"}
    edit(Actor(world.scheme.user.pk), world.dossier, "vehicles", change)
    page = world.park.client.get(f"{HERE}history/?register=vehicles&row={mark(1)}&column=service")
    text = page.content.decode()
    assert "scheme" in text and "物流" in text and "公务通勤" in text


def test_park_yaml_as_a_form(world: World) -> None:
    client = world.park.client
    assert (
        client.post(f"{HERE}profile/", {"name_zh": "甲园区", "profile.area_m2": "１,０００"}).status_code
        == 302
    )
    world.dossier.refresh_from_db()
    assert world.dossier.profile["profile"] == {"area_m2": "1000"}
    assert 'value="1000"' in client.get(f"{HERE}profile/").content.decode()
    refused = client.post(f"{HERE}profile/", {"profile.area_m2": "big"})
    assert refused.status_code == 422
    assert [one.place.column for one in refused.context["faults"]] == ["profile.area_m2"]


def test_what_is_written_is_never_markup(world: World, actor: Actor) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    edit(actor, world.dossier, "vehicles", add(1, vehicle=evil, service=evil, **{evil: evil}))
    table = f'vehicle,"{evil}"\n"{evil}2",x\n'
    answer = world.park.client.post(f"{HERE}import/", {"file": upload("a.zip", dossier_zip(vehicles=table))})
    paths = ["registers/vehicles/", "faults/", "history/1/", f"history/?register=vehicles&row={mark(1)}"]
    for address in (*(HERE + path for path in paths), answer.headers["Location"]):
        page = world.park.client.get(address)
        assert page.status_code == 200 and "<img src=x" not in page.content.decode(), address


def test_bad_addresses_are_not_found(world: World) -> None:
    for path in (
        "registers/nothing/",
        "export/exe/",
        "import/none/",
        "versions/9/",
        "history/9/",
        "../2031/",
    ):
        assert world.park.client.get(HERE + path).status_code == 404, path
    assert world.park.client.post("/parks/alpha/dossier/open/", {"year": "99"}).status_code == 422
