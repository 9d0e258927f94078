"""A Mosquitto of our own on loopback, for tests and demos: started, stopped and killed by its id."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

BINARY = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
_START_SECONDS = 20

_SETTINGS = """\
listener {port} 127.0.0.1
user {user}
set_tcp_nodelay true
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval {changes}
max_queued_messages 0
max_inflight_messages 1000
log_dest file {folder}/broker.log
log_type error
log_type warning
{more}
"""


def find_port() -> int:
    """A port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LocalBroker:
    """A broker that keeps its sessions in `folder`, on disk after every `changes` changes.

    A change is a message that came in, was queued for a subscriber, or was acknowledged. Killed,
    it forgets what changed since: at most `changes` and one round of its loop. `more` are further lines
    of its settings.
    """

    folder: Path
    changes: int = 1000
    more: str = "allow_anonymous true"
    port: int = field(default_factory=find_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens; OSError if it does not."""
        if BINARY is None:
            raise FileNotFoundError("mosquitto")
        file = self.folder / "mosquitto.conf"
        values = {"port": self.port, "folder": self.folder, "changes": self.changes, "more": self.more}
        file.write_text(_SETTINGS.format(**values, user=getpass.getuser()), encoding="utf-8")
        self._process = subprocess.Popen([BINARY, "-c", str(file)], stderr=subprocess.DEVNULL)
        until = time.monotonic() + _START_SECONDS
        while not self._is_listening():
            if time.monotonic() > until or self._process.poll() is not None:
                raise OSError(f"mosquitto did not start: {self.folder / 'broker.log'}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ask it to end: it writes its sessions first."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def kill(self) -> None:
        """Kill it: it writes nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=60)
            self._process = None

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
