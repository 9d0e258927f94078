"""A whole site in one file, and back: rows as JSON lines, files by their content, both proven on the way.

The file is a .tar: `site.json` (format, version, rows per table), `tables/<name>.jsonl`, `store/<sha256>`,
`lakes/<park>/…` (pushed readings), `secret-key`, `scheme.yaml` and `keys/…`. The rows are one snapshot of
the database, and the files are read after it: nothing that a row needs ever leaves the store
(`storekeeping`), so every file they need is in it. A backup of SQLite can be restored into PostgreSQL and
the other way round.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from lingtan.errors import LingtanError, Place, fault
from lingtan.version import VERSION
from lingtan_web import storage
from lingtan_web.audit.services import find_broken_entry
from lingtan_web.certificates.scheme import FILE as SCHEME
from lingtan_web.certificates.scheme import KEYS
from lingtan_web.serving.lakes import place_lakes, read_lakes, write_lakes

FORMAT = 1
BATCH = 500
_OWN = re.compile(r"secret-key|scheme\.yaml|keys/[A-Za-z0-9_-]+\.(pem|json|lock)")
_LEFT_OUT = frozenset(["contenttypes", "auth", "sessions", "usersessions"])
"""Made by migrations, or the sign-ins of now: after a restore people sign in again."""


class _Exactly(DjangoJSONEncoder):
    """Moments to the microsecond: the audit log is hashed over them, and Django's form cuts them."""

    def default(self, o: Any) -> Any:
        """ISO 8601 for moments."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def backup_site(file: Path) -> dict[str, int]:
    """Write the site to `file`; how many rows of each table.

    LingtanError if the file is there already or cannot be written; then nothing is left behind.
    """
    if file.exists():
        raise LingtanError([fault("web.backup-exists", Place(str(file)))])
    aside = file.with_name(f".{file.name}.incoming")
    try:
        with aside.open("xb") as raw:
            os.fchmod(raw.fileno(), 0o600)
            with tarfile.open(fileobj=raw, mode="w") as archive:
                counts = _write(archive)
            raw.flush()
            os.fsync(raw.fileno())
        aside.rename(file)
    except OSError as error:
        raise LingtanError(
            [fault("web.backup-not-written", Place(str(file)), reason=error.strerror)]
        ) from None
    finally:
        aside.unlink(missing_ok=True)
    return counts


def _write(archive: tarfile.TarFile) -> dict[str, int]:
    counts: dict[str, int] = {}
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in _models():
            counts[model._meta.label_lower] = _write_table(archive, model)
    for path in sorted((Path(settings.HOME) / "store").glob("??/*")):
        with suppress(FileNotFoundError):  # given up just now: an upload that nobody confirmed
            archive.add(path, f"store/{path.name}")
    write_lakes(archive)
    for name in _find_own(Path(settings.HOME)):
        archive.add(Path(settings.HOME) / name, name)
    about = {"format": FORMAT, "software": VERSION, "rows": counts}
    _add(archive, "site.json", io.BytesIO(json.dumps(about).encode()))
    return counts


def _find_own(home: Path) -> list[str]:
    """What else belongs to the site: its secret, who issues certificates, and the keys."""
    found = [home / "secret-key", home / SCHEME, *sorted((home / KEYS).glob("*.*"))]
    return [one.relative_to(home).as_posix() for one in found if one.exists()]


def _models() -> list[type[models.Model]]:
    """Every table of ours, those first that others refer to."""
    listed = [
        one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in _LEFT_OUT
    ]
    placed: list[type[models.Model]] = []
    while listed:
        ready = [one for one in listed if not _referred(one) & set(listed) - {one}]
        placed += ready or listed[:1]
        listed = [one for one in listed if one not in placed]
    return placed


def _referred(model: type[models.Model]) -> set[type[models.Model]]:
    fields = model._meta.local_fields
    return {field.remote_field.model for field in fields if field.remote_field is not None}


def _write_table(archive: tarfile.TarFile, model: type[models.Model]) -> int:
    with tempfile.TemporaryFile(dir=settings.HOME) as sink:
        rows, number = model._base_manager.order_by("pk").iterator(BATCH), 0
        for row in rows:
            sink.write(serializers.serialize("jsonl", [row], cls=_Exactly).encode())
            number += 1
        sink.seek(0)
        _add(archive, f"tables/{model._meta.label_lower}.jsonl", sink)
    return number


def _add(archive: tarfile.TarFile, name: str, stream: IO[bytes]) -> None:
    about = tarfile.TarInfo(name)
    about.mode = 0o600
    about.size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    archive.addfile(about, stream)


def restore_site(file: Path) -> dict[str, int]:
    """Bring the site of `file` back into an empty one; how many rows of each table.

    LingtanError: not empty, no backup, a file whose content is not what its name says, a broken audit
    chain. Rows come in one transaction: after any failure the site is as empty as before.
    """
    from lingtan_web.organisations.models import User

    if User.objects.exists():
        raise LingtanError([fault("web.site-not-empty", Place(str(settings.HOME)))])
    try:
        with tarfile.open(file, "r:") as archive:
            return _read(archive)
    except (OSError, tarfile.TarError, ValueError, KeyError, serializers.base.DeserializationError) as error:
        raise LingtanError(
            [fault("web.backup-unreadable", Place(str(file)), reason=str(error)[:200])]
        ) from None


def _read(archive: tarfile.TarFile) -> dict[str, int]:
    about = json.loads(_open(archive, "site.json").read())
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}")
    for member in archive:
        if member.name.startswith("store/"):
            _keep(archive, member)
    with tempfile.TemporaryDirectory(dir=settings.HOME) as aside:
        read_lakes(archive, Path(aside))
        return _read_rows(archive, about, Path(aside))


def _read_rows(archive: tarfile.TarFile, about: dict[str, Any], lakes: Path) -> dict[str, int]:
    with transaction.atomic():
        counts = {model._meta.label_lower: _read_table(archive, model) for model in _models()}
        if counts != about["rows"]:
            raise ValueError("rows are missing")
        connection.check_constraints()
        _reset_sequences()
        broken = find_broken_entry()
        if broken is not None:
            raise LingtanError([fault("web.chain-broken", number=broken)])
        place_lakes(lakes)
    names = [one for one in archive.getnames() if _OWN.fullmatch(one)]
    if SCHEME in names:
        shutil.rmtree(Path(settings.HOME) / KEYS, ignore_errors=True)  # of a start that issued nothing yet
    for name in names:
        _keep_own(name, _open(archive, name).read())
    return counts


def _open(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise ValueError(f"{name} is not a file")
    return found


def _keep(archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    stated = member.name.removeprefix("store/")
    if storage.put(_open(archive, member.name)) != stated:
        raise ValueError(f"{stated[:12]}… is not what its name says")


def _read_table(archive: tarfile.TarFile, model: type[models.Model]) -> int:
    stream = io.TextIOWrapper(_open(archive, f"tables/{model._meta.label_lower}.jsonl"), "utf-8")
    number = 0
    for batch in _batches(serializers.deserialize("jsonl", stream)):
        model._base_manager.bulk_create([one.object for one in batch])
        number += len(batch)
    return number


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _keep_own(name: str, content: bytes) -> None:
    """A file for its owner only."""
    file = Path(settings.HOME) / name
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def hash_file(file: Path) -> str:
    """SHA-256 of a backup in hexadecimal, to write down beside it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
