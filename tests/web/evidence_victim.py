"""A process that hands in a document and is killed on the way: `evidence_victim.py STEP`.

STEP is where it kills itself: `waiting` (the file is half written), `examined`, `kept` (the content is in
the store), `written` (the rows are written, nothing committed), `done` (not at all).
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from lingtan_web.audit.services import Actor  # noqa: E402
from lingtan_web.dossiers.models import WorkingDossier  # noqa: E402
from lingtan_web.dossiers.services.changing import Change  # noqa: E402
from lingtan_web.evidence import receiving, services  # noqa: E402
from lingtan_web.evidence.saying import Said  # noqa: E402


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, and death behind it: the moment is ours, everything else is as it is."""

    def run(*given: Any, **named: Any) -> Any:
        function(*given, **named)
        die()

    return run


class HalfUpload(SimpleUploadedFile):
    """An upload that breaks off after its first block."""

    def chunks(self, chunk_size: int | None = None) -> Any:
        yield b"%PDF-1.7 half"
        die()


def main(step: str, content: bytes) -> None:
    upload = (HalfUpload if step == "waiting" else SimpleUploadedFile)("bill.pdf", content)
    if step == "examined":
        receiving.examine_files = after(receiving.examine_files)
    elif step == "kept":
        receiving.storage.put = after(receiving.storage.put)
    elif step == "written":
        Change.write = after(Change.write)  # type: ignore[method-assign]
    dossier = WorkingDossier.objects.select_related("park__operator").get(park__slug="alpha")
    services.hand_in(
        Actor(None), dossier=dossier, owner=dossier.park.operator, uploads=[upload], said=Said(title="电费")
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer.read())
