"""Whole sites in processes of their own: started as people start them, on SQLite and on PostgreSQL."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

ADMIN = {"LINGTAN_ADMIN_EMAIL": "admin@example.org", "LINGTAN_ADMIN_PASSWORD": "a long enough secret"}
SERVER = "postgresql://postgres@127.0.0.1:5432"


@dataclass
class Site:
    """A site that may be started, killed and looked at."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINGTAN_", "DJANGO_"))}
        return {**kept, **ADMIN, "LINGTAN_HOME": str(self.home), **self.variables}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of ours on this site."""
        command = [sys.executable, "-m", "lingtan.cli", *arguments]
        return subprocess.run(
            command,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *arguments: str) -> None:
        """Serve until `stop` or `kill`; waits until it answers."""
        self.port = free_port()
        command = [sys.executable, "-m", "lingtan.cli", "serve", "--port", str(self.port), *arguments]
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(1800):
            if self.process.poll() is not None:
                raise AssertionError((self.home / "server.log").read_text("utf-8"))
            if self.answers():
                return
            time.sleep(0.1)
        raise AssertionError("the site does not answer")

    def answers(self) -> bool:
        """Whether its health page answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End all of its processes at once, as a power cut would: nobody gets to tidy up."""
        assert self.process
        for one in [*_descendants(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self) -> int:
        """Tell it to stop; its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def _descendants(process: int) -> list[int]:
    """The processes that a process of ours started, and those that they started."""
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    except FileNotFoundError:
        return []
    return [found for child in map(int, listed) for found in (*_descendants(child), child)]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def build_site(home: Path, kind: str) -> Iterator[Site]:
    """A site on `sqlite` or `postgresql` (with an owner and a lesser role); skips without one."""
    if kind == "sqlite":
        site = Site(home)
        try:
            yield site
        finally:
            _end(site)
        return
    with build_database() as variables:
        site = Site(home, variables)
        try:
            yield site
        finally:
            _end(site)


def _end(site: Site) -> None:
    if site.process and site.process.poll() is None:
        site.stop()


@contextmanager
def build_database() -> Iterator[dict[str, str]]:
    """A database of its own with two roles: the owner of its tables, and the one the application uses."""
    mark = secrets.token_hex(4)
    try:
        admin = psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL on 127.0.0.1:5432: {error}")
    name, owner, lesser = f"lingtan_{mark}", f"lingtan_owner_{mark}", f"lingtan_app_{mark}"
    with admin:
        admin.execute(f"CREATE ROLE {owner} LOGIN")
        admin.execute(f"CREATE ROLE {lesser} LOGIN")
        admin.execute(f"CREATE DATABASE {name} OWNER {owner}")
        try:
            yield {
                "LINGTAN_DATABASE_URL": f"postgresql://{lesser}@127.0.0.1:5432/{name}",
                "LINGTAN_DATABASE_OWNER_URL": f"postgresql://{owner}@127.0.0.1:5432/{name}",
            }
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            admin.execute(f"DROP ROLE {owner}")
            admin.execute(f"DROP ROLE {lesser}")
