"""A document of the park alpha and a row without a file, for tests that need them to be there."""

import io

from tests.web.conftest import World

from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.storage import put


def make_evidence(world: World) -> dict[str, int]:
    """Numbers of a document (`document`, a picture in version 1) and of a row without a file (`unfiled`)."""
    content = put(io.BytesIO(b"a picture"))
    document = Document.objects.create(park=world.alpha, key="EV001", owner=world.alpha.operator)
    DocumentVersion.objects.create(
        document=document, number=1, name="a.png", kind="png", sha256=content, size=9, preview_sha256=content
    )
    rows = [
        RegisterRow.objects.create(dossier=world.dossier, register="evidence", position=n, cells=cells)
        for n, cells in enumerate(
            ({"id": "EV001", "title": "a", "sha256": content}, {"id": "EV002", "title": "b"})
        )
    ]
    return {"document": document.pk, "unfiled": rows[1].pk}
