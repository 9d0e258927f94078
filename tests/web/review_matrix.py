"""The lines of the reviews in the matrix of addresses and roles, and the review they name."""

from functools import cache
from io import BytesIO
from typing import Any

from tests.web.conftest import World

from lingtan.standards import load_edition
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.reviews import models as kept
from lingtan_web.reviews.workflow import TABLE, Act, State
from lingtan_web.roles import Role
from lingtan_web.storage import put

EDITION = "sh-seesa-zctp-2024"
SEE = "scheme body evaluator park"
WORK = "scheme body evaluator"


@cache
def empty_result() -> dict[str, Any]:
    """A result under which nothing is known."""
    edition = load_edition(EDITION)
    head = dict.fromkeys(("dossier_sha256", "readings_sha256", "software", "stars", "stage", "score"))
    return {
        **head,
        "edition": EDITION,
        "edition_name": edition.zh,
        "edition_sha256": edition.sha256,
        "on": "2025-06-30",
        "gates": [{"id": one.id, "name": one.zh, "name_en": one.en, "passed": None} for one in edition.gates],
        "indicators": [
            {
                **{"code": one.code, "id": one.id, "name": one.zh, "name_en": one.en, "kind": one.kind},
                **dict.fromkeys(("value", "points", "earned", "passed", "target")),
                **{"unit": one.unit, "applies": True},
            }
            for one in edition.indicators
        ],
    }


def make_review(world: World) -> None:
    """Alpha's review no. 1, handed in and returned, so that the dossier is open."""
    none = "0" * 64
    version = DossierVersion.objects.create(
        dossier=world.dossier, number=1, revision=1, manifest={}, manifest_sha256=none, fingerprint=none
    )
    user = world.park.user
    submission = kept.Submission.objects.create(
        park=world.alpha, year=2024, number=1, edition=EDITION, by=user
    )
    way = (State.DRAFT, Act.SUBMIT, Role.PARK), (State.SUBMITTED, Act.RETURN, Role.SCHEME)
    for number, (before, act, role) in enumerate(way, start=1):
        kept.Step.objects.create(
            submission=submission, number=number, act=act, role=role, before=before,
            after=TABLE[before, act, role], by=user,
        )  # fmt: skip
    snapshot = put(BytesIO(b'{"registers":{},"park":{},"boundary":"","files":{}}'))
    kept.Round.objects.create(
        submission=submission, number=1, version=version, on="2025-06-30", by=user, result=empty_result(),
        result_sha256="0" * 64, snapshot=snapshot,
    )  # fmt: skip


PAGES: dict[str, tuple[str, str]] = {
    "reviews": ("reviews/", SEE),
    "review": ("reviews/1/", SEE),
    "review-changes": ("reviews/1/changes/", SEE),
    "review-findings": ("reviews/1/findings/", SEE),
    "review-questions": ("reviews/1/questions/", SEE),
    "review-sample": ("reviews/1/sample/", WORK),
    "review-visits": ("reviews/1/visits/", SEE),
    "review-panel": ("reviews/1/panel/", "scheme body park"),
}
FORMS: dict[str, tuple[str, str]] = {
    "submit-review": ("reviews/submit/", "park"),
    "review-resubmit": ("reviews/1/resubmit/", "park"),
    "review-independence": ("reviews/1/independence/", "evaluator"),
    "review-finding": ("reviews/1/findings/A1.1/", "evaluator"),
    "review-visit-new": ("reviews/1/visits/new/", "evaluator"),
    "review-statement": ("reviews/1/statement/", SEE),
    "review-decision": ("reviews/1/decision/", SEE),
}
ACTS: dict[str, tuple[str, str]] = {
    "review-accept": ("reviews/1/accept/", "scheme"),
    "review-return": ("reviews/1/return/", "scheme"),
    "review-withdraw": ("reviews/1/withdraw/", "park"),
    "review-begin": ("reviews/1/begin/", "evaluator"),
    "review-resume": ("reviews/1/resume/", "evaluator"),
    "review-ask": ("reviews/1/findings/A1.1/ask/", "evaluator"),
    "review-answer": ("reviews/1/questions/1/answer/", "park evaluator"),
    "review-settle": ("reviews/1/questions/1/settle/", "evaluator"),
    "review-issue": ("reviews/1/statement/issue/", "body"),
    "review-send-back": ("reviews/1/statement/back/", "body"),
    "review-convene": ("reviews/1/panel/convene/", "scheme"),
    "review-interests": ("reviews/1/panel/interests/", ""),
    "review-vote": ("reviews/1/panel/vote/", ""),
    "review-minutes": ("reviews/1/panel/minutes/", "scheme"),
    "review-appeal": ("reviews/1/appeal/", "park"),
    "review-decide-appeal": ("reviews/1/appeal/decide/", "scheme"),
}
