"""What tests of the interface share: tokens, calls, pushes."""

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from dossier_files import folder_of
from tests.web.cockpit_parts import NDRC, ON, SEESA
from tests.web.conftest import Someone, World
from tests.web.review_matrix import empty_result

from lingtan.dossier.reading import read_dossier
from lingtan.reports.results import compute_results
from lingtan.standards import load_edition
from lingtan_web.assessments.models import Calculation, EditionResult, State
from lingtan_web.assessments.snapshots import write_snapshot
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import DossierVersion, RegisterRow
from lingtan_web.organisations.services import SCOPES, create_token
from lingtan_web.reviews.models import Round, Step, Submission
from lingtan_web.storage import put

SNAPSHOT = b'{"registers":{},"park":{},"boundary":"","files":{}}'
V1 = "/api/v1"
START = (timezone.now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Form:
    """A form: files by field (several of one field as a list), and texts."""

    files: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """As it is sent."""
        made = {
            name: [SimpleUploadedFile(*one) for one in (given if isinstance(given, list) else [given])]
            for name, given in self.files.items()
        }
        return encode_multipart(BOUNDARY, {**made, **self.texts})


class Program:
    """A program with a token: what it calls, and what it is answered."""

    def __init__(self, someone: Someone, *scopes: str) -> None:
        self.token, self.secret = create_token(
            SYSTEM, user=someone.user, name="program", scopes=scopes or SCOPES, days=30
        )
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request with the token; `body` is bytes, or is written as JSON."""
        if isinstance(body, Form):
            content, kind = body.content, MULTIPART_CONTENT
        else:
            content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            kind = "application/json"
        answer = self.client.generic(
            method, f"{V1}{path}", content, content_type=kind,
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )  # fmt: skip
        return whole(answer) if answer.streaming else answer

    def get(self, path: str) -> Any:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self.call("POST", path, body, **headers)


def whole(answer: Any) -> HttpResponse:
    """A file that was answered, read to its end."""
    text = answer.getvalue()
    read = HttpResponse(text, status=answer.status_code, headers=dict(answer.items()))
    read.json = lambda: json.loads(text)  # type: ignore[attr-defined]
    return read


def register_meters(world: World, *meters: tuple[str, str]) -> None:
    """Meters with the keys of their enterprises, in the dossier of alpha."""
    for position, (meter, enterprise) in enumerate(meters):
        cells = {"meter": meter, "enterprise": enterprise, "carrier": "electricity", "unit": "kWh"}
        RegisterRow.objects.create(dossier=world.dossier, register="meters", position=position, cells=cells)


def reading(meter: str = "E001-EL", minute: int = 0, value: Any = "1.5") -> dict[str, Any]:
    """A reading of yesterday."""
    return {"meter": meter, "at": (START + timedelta(minutes=minute)).isoformat(), "value": value}


def push(*readings: dict[str, Any], key: str = "k-1") -> dict[str, Any]:
    """A push."""
    return {"key": key, "readings": list(readings)}


@cache
def _artefacts() -> tuple[dict[str, str], tuple[dict[str, Any], ...]]:
    """The files of one calculation of a small dossier, computed once, and the sheets of its editions."""
    with tempfile.TemporaryDirectory() as scratch:
        dossier = read_dossier(folder_of(Path(scratch)))
        results = compute_results(dossier, [load_edition(one) for one in (SEESA, NDRC)], on=ON)
        aside = Path(scratch) / "snapshot"
        aside.mkdir()
        snapshot = write_snapshot(results, aside)
        kept = {name: put(io.BytesIO((aside / name).read_bytes())) for name in snapshot.files}
    return kept, snapshot.editions


def make_result(world: World, version: DossierVersion) -> Calculation:
    """A calculation of `version` that is done."""
    artefacts, sheets = _artefacts()
    made = Calculation.objects.create(
        version=version, on=ON, editions=[SEESA, NDRC], editions_key=f"{SEESA},{NDRC}",
        software="lingtan test", state=State.DONE, artefacts=artefacts, finished_at=timezone.now(),
    )  # fmt: skip
    for position, sheet in enumerate(sheets):
        EditionResult.objects.create(
            calculation=made, position=position, edition=sheet["edition"], stars=sheet["stars"],
            stage=sheet["stage"] or "", score=sheet["score"] or "", sheet=sheet,
        )  # fmt: skip
    return made


def make_submission(world: World, version: DossierVersion) -> Submission:
    """A submission of `version` that was accepted."""
    user = world.park.user
    made = Submission.objects.create(park=version.dossier.park, year=2024, number=1, edition=SEESA, by=user)
    Round.objects.create(
        submission=made, number=1, by=user, version=version, on=ON, result=empty_result(),
        result_sha256="1" * 64, snapshot=put(io.BytesIO(SNAPSHOT)),
    )  # fmt: skip
    moves = [("submit", "park", "draft", "submitted"), ("accept", "scheme", "submitted", "accepted")]
    for number, (act, role, before, after) in enumerate(moves, start=1):
        Step.objects.create(
            submission=made, number=number, by=user, act=act, role=role, before=before, after=after
        )
    return made


def withdraw(submission: Submission) -> None:
    """The park takes it back: its dossier is open again."""
    Step.objects.create(
        submission=submission, number=3, by=submission.by, act="withdraw", role="park", before="accepted",
        after="withdrawn",
    )  # fmt: skip
