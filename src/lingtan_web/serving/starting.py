"""`lingtan serve`: the database made or brought up to date, the first person, then server and worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lingtan.errors import LingtanError, fault
from lingtan_web.environment import find_home

AGAIN_AFTER = 2.0  # seconds before a worker that died is started again
Ask = Callable[[str, bool], str]  # question, whether the answer is secret


def check_port(host: str, port: int) -> None:
    """LingtanError if the address cannot be listened on: said before anything is made."""
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(kind, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
    except OSError as error:
        raise LingtanError([fault("web.port-taken", port=port, reason=error.strerror or error)]) from None


def prepare_site() -> None:
    """Make LINGTAN_HOME and the tables, as their owner, in a process of its own."""
    find_home()
    done = _django("prepare", LINGTAN_AS_OWNER="1")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise LingtanError([fault("web.database-not-ready", reason=reason[:300])])


def _django(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lingtan_web", *arguments]
    return subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def load_application(*, as_owner: bool = False) -> None:
    """Set Django up in this process; as the owner of the tables where rows are brought back."""
    if as_owner:
        os.environ["LINGTAN_AS_OWNER"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingtan_web.settings")
    import django

    django.setup()


def create_first_person(ask: Ask | None) -> bool:
    """The first administrator, from the variables or by asking; False if there is one already.

    LingtanError where neither is possible, or the answers are not good enough.
    """
    from lingtan_web.organisations.models import User
    from lingtan_web.organisations.services import FIRST_ADMIN, create_first_admin

    if User.objects.exists():
        return False
    email, password, name = (
        os.environ.get(f"LINGTAN_ADMIN_{one}", "") for one in ("EMAIL", "PASSWORD", "NAME")
    )
    if ask and not email:
        email = ask("管理员邮箱 Administrator's e-mail address", False)
        name = name or ask(f"管理员姓名（直接回车：{FIRST_ADMIN}） Name (Enter: {FIRST_ADMIN})", False)
    if ask and not password:
        password = ask("管理员密码（至少 12 个字符） Password (12 characters or more)", True)
    if not email or not password:
        raise LingtanError([fault("web.no-administrator")])
    create_first_admin(email=email, password=password, name=name)
    return True


def create_scheme() -> bool:
    """Who issues certificates, and the keys, from the variables; False if they are there already."""
    from django.utils import timezone

    from lingtan_web.certificates.scheme import set_up_scheme

    return set_up_scheme(timezone.now())


def run_site(host: str, port: int, *, workers: int) -> int:
    """Serve until told to stop (SIGINT, SIGTERM); the exit code of the server."""
    metrics = Path(find_home()) / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    server = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "lingtan_web.wsgi:application",
    ]  # fmt: skip
    queue = [sys.executable, "-m", "lingtan_web", "work"]
    return _Running(server, queue).wait()


class _Running:
    """The server and the worker beside it; what ends one ends both, a worker that died comes back."""

    def __init__(self, server: Sequence[str], queue: Sequence[str]) -> None:
        self._queue_command = queue
        self._is_stopping = False
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self._stop)
        self._server = subprocess.Popen(server, start_new_session=True)
        self._queue = subprocess.Popen(queue, start_new_session=True)

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        for process in (self._server, self._queue):
            if process.poll() is None:
                process.terminate()

    def wait(self) -> int:
        """Until the server has ended; its exit code, 0 if it was told to."""
        while self._server.poll() is None:
            if self._queue.poll() is not None and not self._is_stopping:
                time.sleep(AGAIN_AFTER)
                self._queue = subprocess.Popen(self._queue_command, start_new_session=True)
            time.sleep(0.2)
        asked = self._is_stopping
        self._stop()
        self._queue.wait()
        return 0 if asked else self._server.returncode
