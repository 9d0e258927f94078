"""Files in and out: how an operation says that it takes or gives one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import File
from ninja.files import UploadedFile

Upload = Annotated[UploadedFile, File(description="文件 The file")]
Uploads = Annotated[list[UploadedFile], File(min_length=1, description="文件，可多个 Files, one or more")]
Truth = Literal["true", "false"]


def gives_file(kind: str = "application/octet-stream") -> dict[str, Any]:
    """What `declare` is told (`openapi_extra`) of an operation that answers with a file."""
    schema = {"type": "string", "format": "binary"}
    return {"responses": {200: {"content": {kind: {"schema": schema}}}}}
