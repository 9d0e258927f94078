"""The lines of certificates in the matrix of addresses and roles, and the certificate they name."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from tests.web.certificate_world import KEYS_MADE, at, keep_certificate
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan.certificate.bundle import write_bundle
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.errors import fault
from lingtan_web.certificates.models import Certificate, Disclosure
from lingtan_web.certificates.scheme import set_up_scheme
from lingtan_web.certificates.services import entering
from lingtan_web.organisations.models import User
from lingtan_web.reviews.models import Submission
from lingtan_web.storage import put
from lingtan_web.trials.models import Trial, TrialLine

VEHICLES = "vehicle,enterprise,service,vehicles\nV1,E001,official,3\n"
ONE = "/register/{certificate}/"
PUBLIC: dict[str, tuple[str, int]] = {
    "public-register": ("/register/", 200),
    "register-csv": ("/register/open.csv", 200),
    "register-json": ("/register/open.json", 200),
    "register-feed": ("/register/feed.atom", 200),
    "certificate": (ONE, 200),
    "certificate-paper": (f"{ONE}certificate.pdf", 200),
    "certificate-credential": (f"{ONE}certificate.vc.jwt", 200),
    "certificate-scanned": ("/c/{certificate}?s=altered", 200),
    "certificate-bundle": (f"{ONE}bundle.zip", 200),
    "certificate-identity": ("/certificates/{certificate}", 301),
    "status-list": ("/status/0/message", 200),
    "scheme-keys": ("/.well-known/lingtan-keys.json", 200),
}
"""What everybody may fetch, and the answer."""
DESK = "/certificates/{certificate}/"
DESK_PAGES = {
    "certificate-desk": "/certificates/",
    "signing-keys": "/certificates/keys/",
    "manage-certificate": DESK,
    "trial": "/certificates/trials/{trial}/",
    "trial-park": "/certificates/trials/{trial}/{certificate}/",
    "trial-file": "/certificates/trials/{trial}.csv",
}
TRIALS = "/certificates/trials/"
DESK_ACTS = {
    "publish-lists": "/certificates/lists/",
    "rotate-keys": "/certificates/keys/rotate/",
    "revoke-key": "/certificates/keys/{kid}/revoke/",
    "open-case": f"{DESK}cases/",
    "record-hearing": f"{DESK}cases/1/heard/",
    "decide-case": f"{DESK}cases/1/",
    **{
        f"{act}-certificate": f"{DESK}{act}/"
        for act in ("survey", "extend", "reinstate", "replace", "reissue")
    },
}
"""For the scheme alone."""
JUDGE = f"{DESK}judge/"
ISSUE = "/certificates/issue/{submission}/"
PARK_PAGES = {"park-certificates": "certificates/", "park-certificate": "certificates/{certificate}/"}
"""For the park and the scheme."""
DISCLOSE = "certificates/{certificate}/disclose/"
PARK_ACTS = {
    "be-heard": "certificates/{certificate}/cases/1/",
    "declare-year": "certificates/{certificate}/declare/",
    "conceal-bundle": "certificates/{certificate}/conceal/",
    "exit-certificate": "certificates/{certificate}/exit/",
}
"""For the park alone."""
FILES = {
    "register-csv", "register-json", "register-feed", "certificate-paper", "certificate-credential",
    "certificate-identity", "certificate-bundle", "status-list", "scheme-keys", "trial-file",
}  # fmt: skip
"""Addresses that answer with no page of ours."""


_NO_PLAN = {"name": "创建方案", "name_en": "Plan", "reason": "没有方案", "reason_en": "there is none"}
FOUND: dict[str, Any] = {
    "park": "alpha", "park_name": "甲园区", "edition": "sh-seesa-zctp-2024", "outcome": "loses",
    "stars_before": 3, "stars_after": None, "score_before": "82.2", "score_after": "79.28", "lacking": ["x"],
    "gates": [
        {"id": "plan", "zh": "创建方案", "en": "Plan", "before": True, "after": False, "is_new": False},
        {"id": "new", "zh": "新要求", "en": "New", "before": None, "after": None, "is_new": True},
    ],
    "indicators": [
        {"id": "platform_coverage", "code": "B2.1", "zh": "平台覆盖率", "en": "Platform coverage",
         "kind": "constraint", "before": "2.92", "after": "0", "change": "-2.92",
         "passed_before": True, "passed_after": False, "is_new": False, "is_gone": False, "is_lost": True},
        {"id": "roofs", "code": "C1.2", "zh": "屋顶", "en": "Roofs", "kind": "guiding", "before": None,
         "after": "1.5", "change": "1.5", "passed_before": None, "passed_after": None, "is_new": True,
         "is_gone": False, "is_lost": False},
    ],
    "asked": ["buildings[B01].energy_class"],
    "why_not_more": [fault("assessment.gate-failed", **_NO_PLAN).as_dict()],
}  # fmt: skip
"""What a trial may come to: one of everything that its pages have words for; the stars granted were 4."""


def keep_bundle() -> str:
    """A bundle in the store with a park sheet and a register, as far as pages look at it."""
    return put(io.BytesIO(_bundle()))


@cache
def _bundle() -> bytes:
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room, "dossier")
        (folder / "registers").mkdir(parents=True)
        (folder / "park.yaml").write_text("id: alpha\nname_zh: 甲园区\nreporting: {year: 2024}\n", "utf-8")
        (folder / "registers" / "vehicles.csv").write_text(VEHICLES, "utf-8")
        write_bundle(Path(room, "b.zip"), FolderFiles(folder, Findings()), edition=b"{}", result={})
        return Path(room, "b.zip").read_bytes()


def make_certificate(world: World) -> dict[str, Any]:
    """A certificate of alpha with an open case, and the names that addresses have for it."""
    set_up_scheme(KEYS_MADE)
    today = timezone.localdate()
    made = keep_certificate(
        world.alpha, world.scheme.user, valid_from=today - timedelta(100), bundle=keep_bundle()
    )
    entering.open_case(actor_of(world.scheme), made, "incident", "发生事件", at=at(today - timedelta(3)))
    Disclosure.objects.create(
        certificate=made, withheld=["dossier/park.yaml"], bundle=made.bundle, by=world.park.user
    )
    submission = Submission.objects.filter(park=world.alpha).order_by("pk")[0]
    trial = make_trial(world.scheme.user, [made], FOUND)
    return {
        "certificate": made.number,
        "kid": made.key,
        "submission": submission.pk,
        "trial": trial.pk,
    }


def make_trial(by: User, certificates: Sequence[Certificate], found: dict[str, Any]) -> Trial:
    """A trial that is done, and came to the same for all."""
    made = Trial.objects.create(
        edition="draft-2030", name_zh="征求意见稿", name_en="Draft", sha256="6" * 64,
        content=put(io.BytesIO(b"{}")), certificates=[one.pk for one in certificates], by=by,
    )  # fmt: skip
    for one in certificates:
        add_line(made, one, found)
    return made


def add_line(trial: Trial, certificate: Certificate, found: dict[str, Any]) -> None:
    """What the edition of a trial comes to for one more certificate."""
    TrialLine.objects.create(trial=trial, certificate=certificate, outcome=found["outcome"], found=found)


def grow_certificates(world: World, number: int) -> Certificate:
    """One more of alpha, with a decided case and an open one."""
    scheme, today = actor_of(world.scheme), timezone.localdate()
    count = Certificate.objects.count() + 1
    made = keep_certificate(world.alpha, world.scheme.user, count, today - timedelta(350))
    entering.open_case(scheme, made, "incident", "事件", at=at(today - timedelta(40)))
    entering.decide(scheme, made, 1, "suspend", "属实", at=at(today - timedelta(20)))
    entering.open_case(scheme, made, "false_data", "数据不符", at=at(today - timedelta(19)))
    add_line(Trial.objects.latest("pk"), made, FOUND)
    make_trial(world.scheme.user, [made], FOUND)
    first = Certificate.objects.order_by("status_index")[0]
    if number < 7:  # there are eight grounds, and one of each may be open at once
        grounds = ("gate_failed", "constraint_lost", "coverage_fell", "surveillance_late", "not_cured",
                   "score_band", "false_data")  # fmt: skip
        entering.open_case(scheme, first, grounds[number], "又一宗")
    return made
