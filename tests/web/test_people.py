"""Invitations, roles, tokens, signing in: who gets in, and who does not."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD, World

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, find_broken_entry
from lingtan_web.organisations import services
from lingtan_web.organisations.models import ApiToken, Invitation, Membership, Organisation, User
from lingtan_web.organisations.secrets import hash_secret
from lingtan_web.parks import services as parks
from lingtan_web.parks.models import ParkEnterprise
from lingtan_web.roles import Kind, Role

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def codes(refused: pytest.ExceptionInfo[LingtanError]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def invited(world: World) -> tuple[Invitation, str]:
    return services.invite(SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK)


def sent_link(world: World, email: str = "new@example.org", role: str = "park") -> str:
    given = {"email": email, "role": role}
    sent = world.park.client.post(f"/organisations/{world.alpha.operator_id}/invite/", given)
    return str(sent.context["link"])


def test_an_invitation_makes_a_person_with_its_role(world: World) -> None:
    link = sent_link(world, "New@Example.org")
    page = Client()
    assert page.get(link).status_code == 200
    page.post(link, {"name": "新同事", "password": PASSWORD})
    assert page.get("/").context["page"].object_list[0] == world.alpha
    assert Membership.objects.get(user__email="new@example.org").role == Role.PARK
    assert page.get(link).status_code == 422  # it is taken


def test_an_invitation_adds_a_role_to_whoever_it_was_sent_to_and_nobody_else(world: World) -> None:
    link = sent_link(world, world.stranger.user.email)
    assert (
        "sign in first"
        in Client(headers={"cookie": "lingtan-language=en"}).post(link).content.decode().lower()
    )
    told = world.expert.client.post(link)
    assert told.status_code == 422 and "另一个邮箱" in told.content.decode()  # web.invitation-for-another
    assert world.stranger.client.post(link).status_code == 302
    assert world.stranger.client.get("/parks/alpha/people/").status_code == 200


@pytest.mark.parametrize("spoilt", ["revoked", "expired", "cut", "taken"])
def test_an_invitation_that_is_not_open_lets_nobody_in(world: World, spoilt: str) -> None:
    invitation, secret = services.invite(
        SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK
    )
    now = timezone.now()
    if spoilt == "revoked":
        services.revoke_invitation(SYSTEM, invitation=invitation)
    elif spoilt == "expired":
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=now)
    elif spoilt == "cut":
        secret = secret[:-1]
    else:
        services.accept_invitation(SYSTEM, secret=secret, name="n", password=PASSWORD)
    with pytest.raises(LingtanError) as refused:
        services.accept_invitation(SYSTEM, secret=secret, name="n", password=PASSWORD)
    assert codes(refused) == ["web.invitation-not-open"]


def test_an_invitation_is_open_until_its_last_moment(world: World) -> None:
    _, secret = services.invite(
        SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK
    )
    Invitation.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    assert services.find_invitation(secret).email == "n@example.org"


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("", PASSWORD, "web.name-missing"),
        ("某人", "short", "web.weak-password"),
        ("某人", "password1234", "web.weak-password"),
        ("某人", "n@example.org", "web.weak-password"),
    ],
)
def test_a_new_person_needs_a_name_and_a_strong_password(
    world: World, name: str, password: str, code: str
) -> None:
    _, secret = services.invite(
        SYSTEM, organisation=world.alpha.operator, email="n@example.org", role=Role.PARK
    )
    with pytest.raises(LingtanError) as refused:
        services.accept_invitation(SYSTEM, secret=secret, name=name, password=password)
    assert codes(refused) == [code]
    assert not User.objects.filter(email="n@example.org").exists()


def test_someone_with_an_account_signs_in_first(world: World) -> None:
    _, secret = services.invite(
        SYSTEM, organisation=world.alpha.operator, email=world.expert.user.email, role=Role.PARK
    )
    with pytest.raises(LingtanError) as refused:
        services.accept_invitation(SYSTEM, secret=secret, name="x", password=PASSWORD)
    assert codes(refused) == ["web.sign-in-first"]


@pytest.mark.parametrize("email", ["", "no address", "a@", "ａ＠ｂ", "a@b", "x" * 300 + "@example.org"])
def test_a_bad_address_is_refused(world: World, email: str) -> None:
    with pytest.raises(LingtanError) as refused:
        services.invite(SYSTEM, organisation=world.alpha.operator, email=email, role=Role.PARK)
    assert codes(refused) == ["web.bad-address"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARK])
def test_an_organisation_gives_its_own_roles_only(world: World, role: Role) -> None:
    with pytest.raises(LingtanError) as refused:
        services.invite(SYSTEM, organisation=world.alpha.operator, email="x@example.org", role=role)
    assert codes(refused) == ["web.role-not-of-organisation"]
    assert not Entry.objects.exists()


def test_a_role_that_ends_ends_at_once(world: World) -> None:
    assert world.park.client.get("/parks/alpha/people/").status_code == 200
    services.end_membership(SYSTEM, membership=world.park.user.memberships.get())
    assert world.park.client.get("/parks/alpha/people/").status_code == 404


def test_the_last_person_of_the_scheme_stays(world: World) -> None:
    with pytest.raises(LingtanError) as refused:
        services.end_membership(SYSTEM, membership=world.scheme.user.memberships.get())
    assert codes(refused) == ["web.last-of-scheme"]
    assert world.scheme.client.get("/organisations/").status_code == 200


def test_organisations_are_told_apart(world: World) -> None:
    for kind, name, code in (
        (Kind.BODY, " ", "web.name-missing"),
        (Kind.BODY, "甲body", "web.organisation-exists"),
    ):
        with pytest.raises(LingtanError) as refused:
            services.create_organisation(SYSTEM, kind=kind, name_zh=name)
        assert codes(refused) == [code]
    told = world.scheme.client.post("/organisations/", {"kind": "king", "name_zh": "x"})
    assert told.status_code == 422 and "king" in told.content.decode()  # web.unknown-kind


@pytest.mark.parametrize(
    ("scopes", "days", "code"),
    [
        ([], 1, "web.bad-scope"),
        (["everything"], 1, "web.bad-scope"),
        (["read"], 0, "web.bad-days"),
        (["read"], 367, "web.bad-days"),
    ],
)
def test_a_token_has_known_scopes_and_an_end(world: World, scopes: list[str], days: int, code: str) -> None:
    with pytest.raises(LingtanError) as refused:
        services.create_token(SYSTEM, user=world.park.user, name="t", scopes=scopes, days=days)
    assert codes(refused) == [code]


def test_a_secret_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    given = {"name": "网关", "scopes": ["read"], "days": "366"}
    shown = world.park.client.post("/account/tokens/", given).content.decode()
    secret = re.search(r"ltk_[\w-]{43}", shown)
    assert secret
    kept = ApiToken.objects.get()
    assert kept.secret_hash == hash_secret(secret[0]) and secret[0] not in str(vars(kept))
    assert secret[0] not in world.park.client.get("/account/tokens/").content.decode()
    assert secret[0] not in str(list(Entry.objects.values_list("details", "subject")))
    world.park.client.post(f"/account/tokens/{kept.pk}/revoke/")
    kept.refresh_from_db()
    assert kept.revoked_at


def test_parks_and_mandates_are_checked(world: World) -> None:
    body, operator = world.body_organisation, world.alpha.operator
    today = timezone.localdate()
    one_day = (today, today)
    tries = [
        (lambda: parks.create_park(SYSTEM, slug="A b", name_zh="x", operator=operator), "web.bad-slug"),
        (lambda: parks.create_park(SYSTEM, slug="alpha", name_zh="x", operator=operator), "web.park-exists"),
        (lambda: parks.create_park(SYSTEM, slug="c1", name_zh=" ", operator=operator), "web.name-missing"),
        (lambda: parks.create_park(SYSTEM, slug="c1", name_zh="x", operator=body), "web.not-an-operator"),
        (
            lambda: parks.place_enterprise(SYSTEM, park=world.alpha, key="E9", organisation=body),
            "web.not-an-enterprise",
        ),
        (
            lambda: parks.place_enterprise(SYSTEM, park=world.alpha, key="E001", organisation=_another()),
            "web.enterprise-taken",
        ),
        (
            lambda: parks.give_mandate(SYSTEM, park=world.alpha, body=operator, year=2024, days=one_day),
            "web.not-a-body",
        ),
        (
            lambda: parks.give_mandate(
                SYSTEM, park=world.alpha, body=body, year=2024, days=(today, today - timedelta(1))
            ),
            "web.days-reversed",
        ),
        (
            lambda: parks.name_evaluators(SYSTEM, mandate=world.mandate, evaluators=[world.expert.user]),
            "web.not-an-evaluator",
        ),
    ]
    for attempt, code in tries:
        with pytest.raises(LingtanError) as refused:
            attempt()
        assert codes(refused) == [code]
    assert not Entry.objects.exists()


def _another() -> Organisation:
    return Organisation.objects.create(kind=Kind.ENTERPRISE, name_zh="丙")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": "二〇二四", "from_day": "2026-01-01", "to_day": "2026-01-02"}, "不是年份"),  # web.bad-year
        ({"year": "1989", "from_day": "2026-01-01", "to_day": "2026-01-02"}, "不是年份"),
        ({"year": "2024", "from_day": "1.1.2026", "to_day": "2026-01-02"}, "不是日期"),  # web.bad-day
        ({"year": "2024", "from_day": "2026-01-01", "to_day": "2026-02-30"}, "不是日期"),
    ],
)
def test_days_and_years_that_are_none(world: World, given: dict[str, str], words: str) -> None:
    told = world.scheme.client.post(
        "/parks/alpha/people/mandates/", {**given, "body": world.body_organisation.pk}
    )
    assert told.status_code == 422 and words in told.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "is_in"), [(0, 0, True), (-9, 0, True), (1, 9, False), (-9, -1, False)]
)
def test_an_evaluator_has_access_between_the_days_of_the_mandate(
    world: World, first: int, last: int, is_in: bool
) -> None:
    today = timezone.localdate()
    world.mandate.from_day, world.mandate.to_day = today + timedelta(first), today + timedelta(last)
    world.mandate.save()
    assert world.evaluator.client.get("/parks/alpha/").status_code == (302 if is_in else 404)


def test_an_evaluator_sees_the_year_of_the_mandate_only(world: World) -> None:
    assert world.evaluator.client.get("/parks/alpha/dossier/2024/").status_code == 200
    assert world.evaluator.client.get("/parks/alpha/dossier/2023/").status_code == 404
    assert world.evaluator.client.get("/parks/beta/").status_code == 404
    parks.end_mandate(SYSTEM, mandate=world.mandate)
    assert world.evaluator.client.get("/parks/alpha/dossier/2024/").status_code == 404


def test_an_enterprise_is_placed_once(world: World) -> None:
    given = {"key": "E003", "organisation": ParkEnterprise.objects.get(key="E001").organisation_id}
    assert world.park.client.post("/parks/alpha/people/enterprises/", given).status_code == 302
    assert world.park.client.post("/parks/alpha/people/enterprises/", given).status_code == 302
    assert ParkEnterprise.objects.filter(park=world.alpha, key="E003").count() == 1


def test_passwords_are_hashed_slowly_and_signing_in_is_limited(world: World) -> None:
    user = User.objects.create_user("slow@example.org", PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    page = Client()
    answers = [
        page.post("/accounts/login/", {"login": "slow@example.org", "password": f"wrong {n} times"})
        for n in range(8)
    ]
    assert "sessionid" not in page.cookies or "_auth_user_id" not in page.session
    told = [answer.content.decode() for answer in answers]
    assert any("太多" in text or "过多" in text or "稍后" in text for text in told[5:]), told[-1][:2000]
    page.post("/accounts/login/", {"login": "slow@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in page.session  # the right one does not help for a while


def test_unknown_and_known_addresses_are_told_the_same(world: World) -> None:
    User.objects.create_user("known@example.org", PASSWORD)
    told = []
    for email in ("known@example.org", "unknown@example.org"):
        answer = Client().post("/accounts/login/", {"login": email, "password": "wrong, and long"})
        token = answer.content.decode().replace(email, "")
        told.append(re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", token))
    assert told[0] == told[1]


def test_a_second_factor_is_asked_for(world: World) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = User.objects.create_user("two@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    page = Client()
    answer = page.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in page.session
    assert page.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert page.get("/account/").status_code == 302


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    answer = client.post("/accounts/signup/", {"email": "me@example.org", "password1": PASSWORD})
    assert answer.status_code in (200, 403)
    assert not User.objects.exists()


def test_the_chain_holds_and_is_numbered_without_gaps(world: World) -> None:
    for name in ("一", "二", "三"):
        services.create_organisation(SYSTEM, kind=Kind.BODY, name_zh=name)
    assert find_broken_entry() is None
    assert [entry.number for entry in Entry.objects.order_by("number")] == [1, 2, 3]


def test_the_log_holds_the_network_of_an_address_only(world: World) -> None:
    world.scheme.client.post(
        "/organisations/", {"kind": "body", "name_zh": "记录"}, REMOTE_ADDR="203.0.113.77"
    )
    assert Entry.objects.get().address == "203.0.113.0"
