"""Killed in the middle of an import or an edit: everything of it stands, or nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

VICTIM = Path(__file__).with_name("dossier_victim.py")
SETUP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
import io, zipfile
from django.core.files.uploadedfile import SimpleUploadedFile
from lingtan_web.audit.services import SYSTEM
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.services import create_park
from lingtan_web.dossiers.services import open_dossier, preview_import
operator = Organisation.objects.create(kind="operator", name_zh="x")
park = create_park(SYSTEM, slug="alpha", name_zh="x", operator=operator)
dossier = open_dossier(SYSTEM, park=park, year=2024)
stream = io.BytesIO()
with zipfile.ZipFile(stream, "w") as archive:
    archive.writestr("park.yaml", "id: alpha\\nname_zh: x\\nreporting: {year: 2024}\\n")
    lines = "\\n".join(f"2024,E{n},{n}" for n in range(5000))
    archive.writestr("registers/water_use.csv", "period,enterprise,fresh_m3\\n" + lines)
preview_import(SYSTEM, dossier=dossier, upload=SimpleUploadedFile("a.zip", stream.getvalue()))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with an empty dossier and a preview of 5,000 rows."""
    home = tmp_path_factory.mktemp("site")
    run([sys.executable, "-c", SETUP], home, LINGTAN_AS_OWNER="1").communicate(timeout=120)
    return home


def run(command: list[str], home: Path, **more: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINGTAN_")}
    environment = {
        **kept,
        "LINGTAN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lingtan_web.settings",
        **more,
    }
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def state(home: Path) -> tuple[int, int, int, int, int]:
    """Rows, cells, revisions, the number on the dossier, entries of the log."""
    with sqlite3.connect(home / "lingtan.sqlite3") as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        questions = (
            "SELECT COUNT(*) FROM dossiers_registerrow", "SELECT COUNT(*) FROM dossiers_cellchange",
            "SELECT COUNT(*) FROM dossiers_revision", "SELECT revision FROM dossiers_workingdossier",
            "SELECT COUNT(*) FROM audit_entry",
        )  # fmt: skip
        found = [file.execute(question).fetchone()[0] for question in questions]
    file.close()
    return found[0], found[1], found[2], found[3], found[4]


@pytest.mark.parametrize("act", ["import", "edit"])
@pytest.mark.parametrize("after", [0.1, 0.4, 1.2])
def test_nothing_is_half_done(site: Path, tmp_path: Path, act: str, after: float) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("lingtan.sqlite3", "secret-key"):
        (home / name).write_bytes((site / name).read_bytes())
    (home / "store").symlink_to(site / "store")
    before = state(home)
    victim = run([sys.executable, str(VICTIM), act], home)
    assert victim.stdout and victim.stdin and victim.stdout.readline() == "ready\n"
    victim.stdin.write("go\n")
    victim.stdin.flush()
    time.sleep(after)
    victim.kill()
    told, _ = victim.communicate(timeout=60)
    now, rows = state(home), 5_000 if act == "import" else 2_000
    whole = (rows, rows, before[2] + 1, before[3] + 1, before[4] + 1)
    assert now == whole if "done" in told else now in (before, whole)
