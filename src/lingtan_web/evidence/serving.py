"""Handing a file out: never as something a browser would run, whatever is in it."""

from __future__ import annotations

from django.http import FileResponse

from lingtan_web import storage
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.evidence.previews import MEDIA_TYPE

_CLOSED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def serve_file(document: Document, version: DocumentVersion) -> FileResponse:
    """The file as it was handed in, to be saved and not shown."""
    name = f"{document.key}-{version.name}"
    stream = storage.open_stored(version.sha256)
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type=version.known_kind.media_type
    )
    return _closed(response)


def serve_preview(version: DocumentVersion) -> FileResponse:
    """The picture that was made anew from a picture."""
    stream = storage.open_stored(version.preview_sha256)
    return _closed(FileResponse(stream, content_type=MEDIA_TYPE))


def _closed(response: FileResponse) -> FileResponse:
    response.headers["Content-Security-Policy"] = _CLOSED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
