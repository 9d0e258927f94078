"""Pages of reviews by role and state, and the acts by their forms."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.web.conftest import PASSWORD, World
from tests.web.review_parts import EDITION, FREE, STORY_STATES, UNTIED, Play, actor_of, play

from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.notices.sources import find_waiting
from lingtan_web.reviews import models as kept
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.reviews.services import judging
from lingtan_web.reviews.workflow import State
from lingtan_web.storage import open_stored

__all__ = ["play"]

EVERYBODY = "scheme body evaluator park"
GETS: dict[str, str] = {
    "": EVERYBODY,
    "changes/": EVERYBODY,
    "findings/": EVERYBODY,
    "questions/": EVERYBODY,
    "visits/": EVERYBODY,
    "statement/": EVERYBODY,
    "decision/": EVERYBODY,
    "sample/": "scheme body evaluator",
    "panel/": "scheme body park",
    "independence/": "evaluator",
    "findings/A1.1/": "evaluator",
    "findings/physical_boundary/": "evaluator",
    "visits/new/": "evaluator",
    "resubmit/": "park",
}
INSIDERS = ("scheme", "body", "evaluator", "park", "enterprise")
OUTSIDERS = ("other_park", "stranger")


def root(submission: Submission) -> str:
    return f"/parks/alpha/reviews/{submission.number}/"


@pytest.mark.parametrize("state", STORY_STATES)
def test_every_page_by_every_role_in(state: State, play: Play) -> None:
    submission = play.to(state)
    for page, may in GETS.items():
        for role in INSIDERS:
            answer = play.world.someone(role).client.get(root(submission) + page)
            assert answer.status_code == (200 if role in may.split() else 403), (page, role)
        for role in OUTSIDERS:
            assert play.world.someone(role).client.get(root(submission) + page).status_code == 404
    seated = state in (State.PANEL, State.DECIDED, State.APPEALED, State.APPEAL_DECIDED)
    for page in ("", "findings/", "statement/", "panel/", "decision/"):
        answer = play.world.expert.client.get(root(submission) + page)
        assert answer.status_code == (200 if seated else 404)
    english = play.world.scheme.client
    english.cookies["lingtan-language"] = "en"
    for page in ("", "findings/", "statement/", "panel/", "decision/", "changes/", "questions/", "sample/"):
        assert english.get(root(submission) + page).status_code == 200


def test_lists_show_what_is_one_s_own(play: Play) -> None:
    play.to(State.SUBMITTED)
    world = play.world
    for role, awaited in (("scheme", "您"), ("park", "评价管理方"), ("body", "评价管理方")):
        page = world.someone(role).client.get("/reviews/")
        assert page.status_code == 200 and awaited in page.content.decode()
        assert world.someone(role).client.get("/parks/alpha/reviews/").status_code == 200
    assert "第 1 号" not in world.expert.client.get("/reviews/").content.decode()
    assert world.enterprise.client.get("/reviews/").status_code == 403
    assert world.enterprise.client.get("/parks/alpha/reviews/").status_code == 403
    other = world.other_park.client.get("/reviews/").content.decode()
    assert "甲园区" not in other
    assert world.other_park.client.get("/parks/beta/reviews/").status_code == 200


def test_a_review_of_another_park_is_not_there(play: Play) -> None:
    submission = play.to(State.SUBMITTED)
    assert play.world.scheme.client.get(f"/parks/beta/reviews/{submission.number}/").status_code == 404
    assert play.world.park.client.get("/parks/alpha/reviews/99/").status_code == 404


def test_an_evaluator_of_another_year_does_not_see_it(play: Play) -> None:
    submission = play.to(State.SUBMITTED)
    type(play.world.mandate).objects.filter(pk=play.world.mandate.pk).update(year=2022)
    for role in ("evaluator", "body"):
        assert play.world.someone(role).client.get(root(submission)).status_code == 404


def test_the_park_sees_findings_once_they_are_issued(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    play.declare if Case(submission).independence else None
    opinion = judging.Opinion("reject", reasons="没有原始记录可查")
    from tests.web.review_parts import actor_of

    judging.record_finding(
        actor_of(play.world.evaluator), submission=submission, code="C1.1", opinion=opinion
    )
    for page in ("", "findings/", "statement/"):
        assert "没有原始记录可查" not in play.world.park.client.get(root(submission) + page).content.decode()
    assert "没有原始记录可查" in play.world.body.client.get(root(submission) + "findings/").content.decode()


def test_who_voted_how_is_for_scheme_and_experts_after_the_minutes(play: Play) -> None:
    submission = play.to(State.PANEL)
    first = play.experts[0]
    first.client.post(root(submission) + "panel/interests/", {f"point-{name}": "no" for name in UNTIED})
    first.client.post(root(submission) + "panel/vote/", {"ballot": "refuse", "reasons": "依据不足"})
    page = root(submission) + "panel/"
    assert "依据不足" in first.client.get(page).content.decode(), "one's own"
    assert "依据不足" not in play.experts[1].client.get(page).content.decode()
    assert "依据不足" not in play.world.scheme.client.get(page).content.decode()
    play.experts = play.experts[1:]
    for one in play.experts:
        one.client.post(root(submission) + "panel/interests/", {f"point-{name}": "no" for name in UNTIED})
        one.client.post(root(submission) + "panel/vote/", {"ballot": "approve"})
    play.world.scheme.client.post(root(submission) + "panel/minutes/", {"text": "四比一"})
    assert "依据不足" in play.world.scheme.client.get(page).content.decode()
    assert "依据不足" in play.experts[1].client.get(page).content.decode()
    assert "依据不足" not in play.world.body.client.get(page).content.decode()
    play.world.scheme.client.post(root(submission) + "decision/", {"reasons": "见纪要"})
    shown = play.world.park.client.get(page).content.decode()
    assert "依据不足" not in shown and "同意 4，不同意 1" in shown


def photograph(**more: object) -> SimpleUploadedFile:
    sink = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(sink, "JPEG", **more)
    return SimpleUploadedFile("现场.jpg", sink.getvalue(), "image/jpeg")


def test_the_whole_story_by_forms(play: Play) -> None:
    """From submission to the decision on the appeal, each person by their own pages."""
    world, park = play.world, play.world.park.client

    def post(client: Client, page: str, **data: object) -> None:
        answer = client.post(f"/parks/alpha/reviews/1/{page}", data)
        assert answer.status_code == 302, (page, answer.content.decode()[-2000:])

    choice = f"{play.version.pk}:{EDITION}"
    assert choice in park.get("/parks/alpha/reviews/submit/").content.decode()
    assert park.post("/parks/alpha/reviews/submit/", {"choice": choice}).status_code == 422
    sent = park.post("/parks/alpha/reviews/submit/", {"choice": choice, "is_truthful": "on"})
    assert sent.headers["Location"] == "/parks/alpha/reviews/1/"
    evaluator, scheme, body = world.evaluator.client, world.scheme.client, world.body.client
    post(scheme, "accept/")
    post(evaluator, "independence/", **{f"point-{name}": "no" for name in FREE})
    post(evaluator, "begin/")
    post(
        evaluator,
        "findings/A1.1/ask/",
        text="请核对一号楼面积",
        fields="buildings[B01].floor_area_m2\nbuildings[B01].evidence",
    )
    post(park, "questions/1/answer/", text="按测绘报告更正为 310")
    mended = play.mended()
    assert f"{mended.pk}:{EDITION}" in park.get("/parks/alpha/reviews/1/resubmit/").content.decode()
    post(park, "resubmit/", choice=f"{mended.pk}:{EDITION}", note="已更正")
    shown = evaluator.get("/parks/alpha/reviews/1/changes/").content.decode()
    assert "buildings[B01].floor_area_m2" in shown and "310" in shown
    post(evaluator, "questions/1/settle/", text="可以接受")
    post(evaluator, "resume/")
    for subject in Case(Submission.objects.get()).subjects:
        post(evaluator, f"findings/{subject.code}/", verdict="accept")
    post(
        evaluator,
        "visits/new/",
        day="2026-03-02",
        place="能源站",
        present="张三",
        seen="表计一致",
        photos=[photograph()],
        captions="总表",
    )
    photo = kept.VisitPhoto.objects.get()
    for one in (world.park, world.evaluator, world.scheme):
        picture = one.client.get(f"/parks/alpha/reviews/1/photos/{photo.pk}/")
        assert picture.status_code == 200 and picture["Content-Type"] == "image/jpeg"
        assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    assert world.other_park.client.get(f"/parks/alpha/reviews/1/photos/{photo.pk}/").status_code == 404
    read = evaluator.get("/parks/alpha/reviews/1/statement/").context["read"]
    post(evaluator, "statement/", read=read, conclusion="达到四星条件", password=PASSWORD)
    statement = kept.Statement.objects.get()
    post(body, "statement/issue/", read=statement.sha256, password=PASSWORD)
    post(scheme, "panel/convene/", expert=[one.user.pk for one in play.experts])
    for one in play.experts:
        post(one.client, "panel/interests/", **{f"point-{name}": "no" for name in UNTIED})
        post(one.client, "panel/vote/", ballot="approve")
    post(scheme, "panel/minutes/", text="五票同意")
    post(scheme, "decision/", reasons="同意")
    post(park, "appeal/", reasons="对 C2.1 有异议")
    assert (
        scheme.post("/parks/alpha/reviews/1/appeal/decide/", {"stage": "dismiss", "reasons": "x"}).status_code
        == 422
    )
    post(play.chief.client, "appeal/decide/", stage="dismiss", reasons="维持")
    assert Case(Submission.objects.get()).state is State.APPEAL_DECIDED
    assert compute_sha256(statement.content) == statement.sha256
    assert "★★★★" in park.get("/parks/alpha/reviews/1/decision/").content.decode()


def test_a_tie_leads_an_expert_out(play: Play) -> None:
    submission = play.to(State.PANEL)
    client = play.experts[0].client
    answers = {f"point-{name}": "no" for name in UNTIED} | {"point-advised": "yes"}
    assert client.post(root(submission) + "panel/interests/", answers).headers["Location"] == "/reviews/"
    assert client.get(root(submission) + "panel/").status_code == 404


def test_withdrawn_returned_and_sent_back_by_forms(play: Play) -> None:
    submission = play.to(State.SUBMITTED)
    assert play.world.scheme.client.post(root(submission) + "return/", {"reasons": ""}).status_code == 422
    play.world.scheme.client.post(root(submission) + "return/", {"reasons": "材料不全"})
    assert Case(submission).state is State.RETURNED
    second = play.to(State.SIGNED)
    play.world.body.client.post(root(second) + "statement/back/", {"reasons": "补依据"})
    assert Case(second).state is State.IN_REVIEW
    play.world.park.client.post(root(second) + "withdraw/", {})
    assert Case(second).state is State.WITHDRAWN
    for one in (submission, second):
        assert play.world.park.client.get(root(one)).status_code == 200


def test_findings_through_htmx(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    client, page = play.world.evaluator.client, root(submission) + "findings/A1.2/"
    sent = client.post(page, {"verdict": "accept"}, headers={"HX-Request": "true"})
    assert sent.status_code == 200
    text = sent.content.decode()
    assert 'id="line-a12"' in text and 'hx-swap-oob="true"' in text and "已评 1 / 40" in text
    wrong = client.post(page, {"verdict": "correct", "value": "abc", "reasons": "理由一"})
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    assert "读不成数" in shown and "理由一" in shown and 'value="abc"' in shown, "what was typed stays"
    assert client.get(root(submission) + "findings/Z9/").status_code == 404
    asked = client.post(root(submission) + "findings/A1.2/ask/", {"text": "请说明", "fields": "x"})
    assert asked.status_code == 422 and "请说明" in asked.content.decode()


def test_two_readers_do_not_see_each_other_s_word_first(play: Play) -> None:
    other = play.second_evaluator()
    submission = play.to(State.ACCEPTED)
    play.declare(submission)
    play.declare(submission, other)
    other.client.post(root(submission) + "begin/")
    case = Case(submission)
    from lingtan_web.reviews.queries.sampling import find_twice

    code = find_twice(case)[0]
    page = root(submission) + f"findings/{code}/"
    other.client.post(page, {"verdict": "reject", "reasons": "查无凭证"})
    first = play.world.evaluator.client
    for where in ("findings/", f"findings/{code}/"):
        assert "查无凭证" not in first.get(root(submission) + where).content.decode()
    first.post(page, {"verdict": "accept"})
    assert "查无凭证" in first.get(root(submission) + "findings/").content.decode()


def test_figures_for_the_scheme(play: Play) -> None:
    other = play.second_evaluator()
    submission = play.to(State.ACCEPTED)
    play.declare(submission)
    play.declare(submission, other)
    other.client.post(root(submission) + "begin/")
    given = {
        "A1.1": "accept accept",
        "A1.2": "accept reject",
        "A1.3": "reject reject",
        "A1.4": "accept accept",
    }
    for code, said in given.items():
        for one, verdict in zip((play.world.evaluator, other), said.split(), strict=True):
            one.client.post(root(submission) + f"findings/{code}/", {"verdict": verdict, "reasons": "x"})
    page = play.world.scheme.client.get("/reviews/figures/")
    assert page.status_code == 200
    (pair,) = page.context["pairs"]
    # 2 both accept, 1 accept/reject, 1 both reject: po 3/4; pe 3/4·2/4 + 1/4·2/4 = 1/2; kappa 1/2
    assert (pair.agreement.count, pair.kappa, pair.band.en) == (4, 0.5, "moderate")
    assert [(one.name, one.count, one.left) for one in page.context["loads"]] == [
        ("evaluator", 1, 11),
        ("eve", 1, 11),
    ]
    assert page.context["verdicts"][0][0] == "A1.3"
    for role in ("park", "body", "evaluator", "expert"):
        assert play.world.someone(role).client.get("/reviews/figures/").status_code == 403


def test_pages_need_no_more_queries_with_more_rows(play: Play, django_assert_max_num_queries: object) -> None:
    submission = play.to(State.DECIDED)
    for page in (
        "",
        "findings/",
        "questions/",
        "statement/",
        "panel/",
        "decision/",
        "visits/",
        "changes/",
        "sample/",
    ):
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            assert play.world.scheme.client.get(root(submission) + page).status_code == 200
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        play.world.scheme.client.get("/reviews/")


def test_whose_turn_it_is_stands_in_their_work(play: Play) -> None:
    from django.utils import timezone

    today = timezone.localdate()
    submission = play.to(State.QUESTIONED)

    def waits_for(one: object) -> list[str]:
        return [w.kind for w in find_waiting(today, one) if w.kind in ("question", "review", "appeal")]  # type: ignore[arg-type]

    assert waits_for(play.world.park.user) == ["question"]
    assert waits_for(play.world.scheme.user) == []
    everyone = [w for w in find_waiting(today) if w.key.startswith("review/")]
    assert everyone[0].to == {play.world.park.user.pk}
    assert waits_for(play.world.evaluator.user) == []
    assert everyone[0].due is not None and (everyone[0].due - today).days == 20
    assert play.world.park.client.get(everyone[0].link).status_code == 200
    play.answer(submission)
    assert waits_for(play.world.evaluator.user) == ["question"], "answered: theirs to settle"
    play.world.park.client.post(root(submission) + "withdraw/", {})
    assert waits_for(play.world.park.user) == []


def test_submitted_versions_are_open_to_those_who_review(play: Play) -> None:
    from lingtan_web.assessments.queries import submitted_versions

    assert not submitted_versions(play.world.alpha).exists()
    play.to(State.SUBMITTED)
    assert list(submitted_versions(play.world.alpha)) == [play.version]
    assert not submitted_versions(play.world.beta).exists()
    assert DossierVersion.objects.count() == 1


def test_pictures_are_made_anew(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010E] = "secret words"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 55.0, 12.0), 3: "E", 4: (121.0, 28.0, 30.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 10:00:00"
    data = {"day": "2026-03-02", "place": "站", "present": "张", "seen": "看"}
    for keeps in ({}, {"keeps_place": "on"}):
        sent = play.world.evaluator.client.post(
            root(submission) + "visits/new/", {**data, **keeps, "photos": [photograph(exif=exif)]}
        )
        assert sent.status_code == 302
    bare, placed = kept.VisitPhoto.objects.order_by("pk")
    assert (bare.width, bare.height) == (300, 400), "turned as it was seen"
    assert (bare.latitude, bare.longitude, bare.taken_at) == (None, None, "")
    assert (str(placed.latitude), str(placed.longitude)) == ("30.920000", "121.475000")
    assert placed.taken_at == "2026:03:02 10:00:00"
    with open_stored(bare.sha256) as stream:
        raw = stream.read()
    with Image.open(io.BytesIO(raw)) as image:
        assert image.format == "JPEG" and not image.getexif()
    assert b"secret words" not in raw and b"Exif" not in raw


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "读不出来"),
        (b"GIF89a", "读不出来"),
        (b"\xff\xd8\xff\xe0 not really", "读不出来"),
        (b"", "读不出来"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20_000_001, "太大"),
    ],
)
def test_hostile_pictures(play: Play, content: bytes, code: str) -> None:
    submission = play.to(State.IN_REVIEW)
    data = {"day": "2026-03-02", "place": "站", "present": "张", "seen": "看过了"}
    hostile = SimpleUploadedFile("../../etc/x.jpg", content or b" ", "image/jpeg")
    sent = play.world.evaluator.client.post(root(submission) + "visits/new/", {**data, "photos": [hostile]})
    assert sent.status_code == 422 and code in sent.content.decode() and "看过了" in sent.content.decode()
    assert not kept.SiteVisit.objects.exists()


def test_a_bomb_of_pixels_is_not_opened(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    sink = io.BytesIO()
    Image.new("1", (9000, 9000)).save(sink, "PNG")
    data = {"day": "2026-03-02", "place": "站", "present": "张", "seen": "看"}
    bomb = SimpleUploadedFile("x.png", sink.getvalue(), "image/png")
    sent = play.world.evaluator.client.post(root(submission) + "visits/new/", {**data, "photos": [bomb]})
    assert sent.status_code == 422 and "太大" in sent.content.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": "2999-01-01"}, "不可用"),
        ({"day": "30 February"}, "不可用"),
        ({"place": " "}, "没有填写"),
        ({"seen": "长" * 4001}, "超过"),
        ({"photos": [13]}, "最多上传"),
    ],
)
def test_what_a_visit_must_have(play: Play, changed: dict[str, object], code: str) -> None:
    submission = play.to(State.IN_REVIEW)
    if changed.get("photos"):
        changed = {"photos": [photograph() for _ in range(13)]}
    data = {"day": "2026-03-02", "place": "站", "present": "张", "seen": "看", **changed}
    sent = play.world.evaluator.client.post(root(submission) + "visits/new/", data)
    assert sent.status_code == 422 and code in sent.content.decode()


CODES = ("review.photo-unreadable", "review.photo-too-large", "review.too-many-photos", "review.visit-day")


def test_worlds_are_apart(world: World) -> None:
    assert world.expert.client.get("/parks/alpha/reviews/").status_code == 404
    assert len(CODES) == 4


def test_guessing_a_password_by_signing_is_stopped_as_at_the_door(play: Play) -> None:
    """Five wrong ones in five minutes (the limit of allauth), at signing and at the door together."""
    submission = play.to(State.ACCEPTED)
    play.declare(submission)
    judging.begin(actor_of(play.world.evaluator), submission=submission)
    play.judge_all(submission)
    evaluator, page = play.world.evaluator, root(submission) + "statement/"
    read = evaluator.client.get(page).context["read"]

    def sign(password: str, conclusion: str = "符合") -> list[str]:
        answer = evaluator.client.post(page, {"read": read, "conclusion": conclusion, "password": password})
        return [] if answer.status_code == 302 else [one.code for one in answer.context["faults"]]

    for _ in range(6):  # what is not a wrong password does not count
        assert sign(PASSWORD, conclusion="") == ["review.text-lacking"]
    at_the_door = Client()
    login = {"login": evaluator.user.email.upper(), "password": "wrong one at the door"}
    assert at_the_door.post("/accounts/login/", login).status_code == 200
    for number in range(4):
        assert sign(f"wrong {number}") == ["review.not-confirmed"]
    assert sign(PASSWORD) == ["review.too-many-attempts"], "the right one does not help for a while"
    assert not kept.Statement.objects.exists()
    at_the_door.post("/accounts/login/", login | {"password": PASSWORD})
    assert "_auth_user_id" not in at_the_door.session, "nor at the door"
    cache.clear()
    assert sign(PASSWORD) == []


def test_issuing_is_counted_too(play: Play) -> None:
    submission = play.to(State.SIGNED)
    statement = kept.Statement.objects.get()
    page, told = root(submission) + "statement/issue/", []
    for password in [*(f"wrong {number}" for number in range(5)), PASSWORD]:
        answer = play.world.body.client.post(page, {"read": statement.sha256, "password": password})
        told += [one.code for one in answer.context["faults"]]
    assert told == ["review.not-confirmed"] * 5 + ["review.too-many-attempts"]
