"""People's names: that of the first administrator, and changing one's own."""

import pytest
from django.test import Client
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM
from lingtan_web.organisations import services
from lingtan_web.organisations.models import User
from lingtan_web.roles import Role
from lingtan_web.serving.starting import create_first_person

GIVEN = {"LINGTAN_ADMIN_EMAIL": "a@example.org", "LINGTAN_ADMIN_PASSWORD": "several unrelated words"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, db: None) -> list[str]:
    """No variables are set; the questions that were asked."""
    for name in ("EMAIL", "PASSWORD", "NAME"):
        monkeypatch.delenv(f"LINGTAN_ADMIN_{name}", raising=False)
    return []


@pytest.mark.parametrize(
    ("variable", "name"), [("李 明 ", "李 明"), ("", "管理员"), ("  ", "管理员"), (None, "管理员")]
)
def test_the_first_administrator_has_a_name(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, variable: str | None, name: str
) -> None:
    for key, value in GIVEN.items():
        monkeypatch.setenv(key, value)
    if variable is not None:
        monkeypatch.setenv("LINGTAN_ADMIN_NAME", variable)
    assert create_first_person(lambda question, _: asked.append(question) or "x") is True
    assert not asked, "whoever starts it by variables is asked nothing"
    assert User.objects.get().name == name
    assert create_first_person(None) is False


@pytest.mark.parametrize(("typed", "name"), [("王芳", "王芳"), ("", "管理员")])
def test_at_a_terminal_the_name_is_asked_for(asked: list[str], typed: str, name: str) -> None:
    def answer(question: str, is_secret: bool) -> str:
        asked.append(question)
        return "several unrelated words" if is_secret else typed if "姓名" in question else "a@example.org"

    create_first_person(answer)
    assert [question.split()[0] for question in asked] == [
        "管理员邮箱",
        "管理员姓名（直接回车：管理员）",
        "管理员密码（至少",
    ]
    assert User.objects.get().name == name


def test_everybody_changes_their_own_name(world: World) -> None:
    for role in ("scheme", "park", "enterprise", "expert", "stranger"):
        one = world.someone(role)
        page = one.client.get("/account/").content.decode()
        assert f'value="{one.user.name}"' in page and '<a href="/account/">' in page
        assert one.client.post("/account/", {"name": f"  新\u3000{role} "}).status_code == 302
        one.user.refresh_from_db()
        assert one.user.name == f"新 {role}"
        assert f'<a href="/account/">新 {role}</a>' in one.client.get("/").content.decode()
    assert world.body.user.name == User.objects.get(pk=world.body.user.pk).name
    entry = Entry.objects.filter(act="person.renamed").latest("number")
    assert entry.actor_id == world.stranger.user.pk
    assert entry.details == {"user": world.stranger.user.pk, "was": "stranger", "now": "新 stranger"}
    world.stranger.client.post("/account/", {"name": "新 stranger"})
    assert Entry.objects.filter(act="person.renamed").latest("number") == entry, "nothing changed"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "web.name-missing"),
        (" \u3000 ", "web.name-missing"),
        ("名" * 81, "web.name-too-long"),
        ("名" * 80, None),
    ],
)
def test_a_name_is_there_and_not_endless(world: World, name: str, code: str | None) -> None:
    told = world.park.client.post("/account/", {"name": name})
    found = [one.code for one in told.context["faults"]] if told.context else [None]
    assert found == [code]
    _, secret = services.invite(
        SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK
    )
    if code is None:
        services.accept_invitation(SYSTEM, secret=secret, name=name, password="several unrelated words")
        return
    with pytest.raises(LingtanError) as refused:
        services.accept_invitation(SYSTEM, secret=secret, name=name, password="several unrelated words")
    assert [one.code for one in refused.value.faults] == [code]


def test_a_stranger_from_the_street_is_sent_to_the_door(db: None) -> None:
    assert Client().post("/account/", {"name": "x"}).headers["Location"].startswith("/accounts/login/")
