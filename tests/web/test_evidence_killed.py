"""A process that is killed while a document is handed in leaves nothing that anybody sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import evidence_samples as samples
import pytest

HERE = Path(__file__).parent
LOOK = """
import django; django.setup()
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.dossiers.models import RegisterRow, CellChange, Revision, WorkingDossier
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import find_broken_entry
tables = (Document, DocumentVersion, RegisterRow, CellChange, Revision, Entry)
print(*(one.objects.count() for one in tables), WorkingDossier.objects.get().revision, find_broken_entry())
"""
BUILD = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park
from lingtan_web.dossiers.models import WorkingDossier
operator = Organisation.objects.create(kind="operator", name_zh="甲")
park = Park.objects.create(slug="alpha", name_zh="甲园区", operator=operator)
WorkingDossier.objects.create(park=park, year=2024)
"""


def run(
    home: Path, *command: str, given: bytes = b"", owner: bool = False
) -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LINGTAN_")}
    more = {"LINGTAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lingtan_web.settings"}
    as_owner = {"LINGTAN_AS_OWNER": "1"} if owner else {}
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, **more, **as_owner},
        input=given,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = run(folder, "-c", BUILD, owner=True)
    assert built.returncode == 0, built.stderr.decode()
    return folder


def look(home: Path) -> str:
    seen = run(home, "-c", LOOK)
    assert seen.returncode == 0, seen.stderr.decode()
    return seen.stdout.decode().splitlines()[-1]


def test_killed_at_every_step_then_done(home: Path) -> None:
    victim, content = str(HERE / "evidence_victim.py"), samples.pdf(content=b"BT (bill) ET")
    for step in ("waiting", "examined", "kept", "written"):
        died = run(home, victim, step, given=content)
        assert died.returncode == -signal.SIGKILL, (step, died.stderr.decode())
        assert look(home) == "0 0 0 0 0 0 0 None", step
    left = [file for file in (home / "store" / "incoming").iterdir() if file.is_file()]
    assert left  # what was half written lies aside, and nothing points to it
    done = run(home, victim, "done", given=content)
    assert done.returncode == 0, done.stderr.decode()
    assert look(home) == "1 1 1 1 1 1 1 None"
