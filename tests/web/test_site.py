"""A site is started, backed up, wiped and restored; what is kept cannot be changed by its own role."""

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.web.sites import Site, build_site, free_port

KINDS = ["sqlite", "postgresql"]


@pytest.mark.parametrize("kind", KINDS)
def test_backup_wipe_restore_gives_the_same_site(tmp_path: Path, kind: str) -> None:
    backup = tmp_path / "site.tar"
    with build_site(tmp_path / "home", kind) as site:
        site.start("--example")
        assert site.stop() == 0
        made = site.run("site", "backup", str(backup), "--json")
        assert made.returncode == 0, made.stderr
        rows = json.loads(made.stdout)["rows"]
        assert rows["organisations.user"] == 1
        assert rows["parks.park"] == 1
        assert rows["audit.entry"] >= 2
        again = site.run("site", "backup", str(backup))
        assert again.returncode == 2 and "web.backup-exists" in again.stderr
        refused = site.run("site", "restore", str(backup))
        assert refused.returncode == 2 and "web.site-not-empty" in refused.stderr
        nowhere = site.run("site", "backup", str(tmp_path / "no" / "folder" / "site.tar"))
        assert nowhere.returncode == 2 and "web.backup-not-written" in nowhere.stderr
    with build_site(tmp_path / "other", kind) as empty:
        restored = empty.run("site", "restore", str(backup), "--json")
        assert restored.returncode == 0, restored.stderr
        assert json.loads(restored.stdout)["rows"] == rows
        assert empty.run("site", "audit").returncode == 0
        empty.start()
        assert empty.answers()


def test_keys_are_made_at_the_first_start_and_go_with_the_backup(tmp_path: Path) -> None:
    backup, said = tmp_path / "site.tar", {"LINGTAN_KEY_PASSPHRASE": "open sesame"}
    with build_site(tmp_path / "home", "sqlite") as site:
        site.variables |= said | {"LINGTAN_SCHEME_PREFIX": "SHZ"}
        site.start()
        assert site.stop() == 0
        made = {one.name: one.read_bytes() for one in (site.home / "keys").iterdir()}
        assert len(made) == 3 and {"ring.json", "root.pem"} < set(made)
        assert b"ENCRYPTED" in made["root.pem"]
        assert "SHZ" in (site.home / "scheme.yaml").read_text("utf-8")
        site.start()  # a second start makes no others
        assert site.stop() == 0
        assert site.run("site", "backup", str(backup)).returncode == 0
    with build_site(tmp_path / "other", "sqlite") as empty:
        assert empty.run("site", "restore", str(backup)).returncode == 0
        brought = {one.name: one.read_bytes() for one in (empty.home / "keys").iterdir()}
        assert brought == made
        assert all(one.stat().st_mode & 0o777 == 0o600 for one in (empty.home / "keys").iterdir())
        assert "SHZ" in (empty.home / "scheme.yaml").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_cannot_be_changed_in_the_role_of_the_application(tmp_path: Path, kind: str) -> None:
    with build_site(tmp_path / "home", kind) as site:
        site.start()
        site.stop()
        for statement in (
            "UPDATE audit_entry SET act = 'x'",
            "DELETE FROM audit_entry",
            "DROP TABLE audit_entry",
            *(
                ["TRUNCATE audit_entry", "ALTER TABLE audit_entry DISABLE TRIGGER ALL"]
                * (kind == "postgresql")
            ),
            *(["DROP TRIGGER keep_audit_entry_UPDATE", "PRAGMA writable_schema=1"] * (kind == "sqlite")),
        ):
            assert "refused" in _try(site, statement), statement
        assert site.run("site", "audit").returncode == 0


def _try(site: Site, statement: str) -> str:
    """What a connection of the application itself answers to a statement."""
    code = (
        "import django; django.setup()\n"
        "from django.db import connection, DatabaseError\n"
        "try:\n"
        f"    connection.cursor().execute({statement!r}); print('done')\n"
        "except DatabaseError as error: print('refused', error)\n"
    )
    variables = {**site.environment(), "DJANGO_SETTINGS_MODULE": "lingtan_web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_entry_is_found(tmp_path: Path, kind: str) -> None:
    """Whoever owns the tables can change them; the chain tells where."""
    with build_site(tmp_path / "home", kind) as site:
        site.start("--example")
        site.stop()
        change = "UPDATE audit_entry SET subject = 'another' WHERE number = 2"
        if kind == "sqlite":
            with sqlite3.connect(site.home / "lingtan.sqlite3") as owner:
                owner.execute("DROP TRIGGER keep_audit_entry_UPDATE")
                owner.execute(change)
        else:
            with psycopg.connect(site.variables["LINGTAN_DATABASE_OWNER_URL"]) as owner:
                owner.execute("DROP TRIGGER keep_audit_entry_update ON audit_entry")
                owner.execute(change)
        told = site.run("site", "audit", "--json")
        assert told.returncode == 1
        assert json.loads(told.stdout)["broken_at"] == 2


def test_a_damaged_backup_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    backup, damaged = tmp_path / "site.tar", tmp_path / "damaged.tar"
    with build_site(tmp_path / "home", "sqlite") as site:
        site.start("--example")
        site.stop()
        assert site.run("site", "backup", str(backup)).returncode == 0
    shutil.copyfile(backup, damaged)
    content = damaged.read_bytes()
    at = content.index(b"park.created")
    damaged.write_bytes(content[:at] + b"park.crushed" + content[at + 12 :])
    with build_site(tmp_path / "other", "sqlite") as empty:
        told = empty.run("site", "restore", str(damaged))
        assert told.returncode == 2
        assert "web.chain-broken" in told.stderr
        cut = tmp_path / "cut.tar"
        cut.write_bytes(content[: len(content) // 2])
        assert "web.backup-unreadable" in empty.run("site", "restore", str(cut)).stderr
        assert empty.run("site", "restore", str(backup)).returncode == 0


def test_without_an_administrator_it_does_not_start(tmp_path: Path) -> None:
    site = Site(tmp_path / "home", {"LINGTAN_ADMIN_EMAIL": "", "LINGTAN_ADMIN_PASSWORD": ""})
    told = site.run("serve", "--port", str(free_port()))
    assert told.returncode == 2 and "web.no-administrator" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_port_that_is_taken_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = Site(tmp_path / "home").run("serve", "--port", str(taken.getsockname()[1]))
    assert told.returncode == 2 and "web.port-taken" in told.stderr
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = Site(tmp_path / "file" / "home").run("serve", "--port", str(free_port()))
    assert told.returncode == 2 and "web.home-not-writable" in told.stderr


@pytest.mark.parametrize("url", ["mysql://a@b/c", "nonsense", "postgresql://a@127.0.0.1:1/none"])
def test_a_bad_database_is_told(tmp_path: Path, url: str) -> None:
    told = Site(tmp_path / "home", {"LINGTAN_DATABASE_URL": url}).run("serve", "--port", str(free_port()))
    assert told.returncode == 2
    assert "web.bad-database-url" in told.stderr or "web.database-not-ready" in told.stderr
    assert "LINGTAN_DATABASE_URL" in told.stderr
    assert "Traceback" not in told.stderr
