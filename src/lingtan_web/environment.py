"""What the surroundings say: the variables `LINGTAN_…`, and the folder that keeps the state."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dj_database_url

from lingtan.errors import LingtanError, fault

SQLITE_OPTIONS = {
    "timeout": 20,  # seconds a writer waits for another
    "transaction_mode": "IMMEDIATE",  # a transaction that will write takes its turn when it begins
    # recursive_triggers: without it REPLACE takes rows away and the triggers that keep them are not asked
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA recursive_triggers=ON;",
}


@dataclass(frozen=True, slots=True)
class SchemeVariables:
    """What is said of the scheme that issues certificates. Id, name, prefix and address count at set-up only.

    `module`, `token` and `pin` open a PKCS#11 module that holds the signing key, instead of a file.
    """

    address: str = ""
    id: str = ""
    name: str = ""
    prefix: str = ""
    passphrase: str = field(default="", repr=False)
    stamper: str = ""
    module: str = ""
    token: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings a person may give; every one has a default that works without a server."""

    home: Path
    database: dict[str, Any]
    owner: dict[str, Any] | None
    hosts: tuple[str, ...]
    is_https: bool
    proxies: int
    secret_key: str
    scheme: SchemeVariables


def read_environment() -> Environment:
    """The environment; makes LINGTAN_HOME and the secret key on first use.

    LingtanError for an address of a database that cannot be read or a folder that cannot be made.
    """
    home = find_home()
    url = os.environ.get("LINGTAN_DATABASE_URL") or f"sqlite:///{home / 'lingtan.sqlite3'}"
    owner = os.environ.get("LINGTAN_DATABASE_OWNER_URL")
    return Environment(
        home=home,
        database=read_database(url),
        owner=read_database(owner) if owner else None,
        hosts=_listed("LINGTAN_HOSTS") or ("localhost", "127.0.0.1", "[::1]"),
        is_https=os.environ.get("LINGTAN_HTTPS", "") == "1",
        proxies=int(os.environ.get("LINGTAN_PROXIES", "0") or 0),
        secret_key=os.environ.get("LINGTAN_SECRET_KEY") or _kept_secret(home / "secret-key"),
        scheme=read_scheme_variables(),
    )


def read_scheme_variables() -> SchemeVariables:
    """The variables of certificates: all of them may be left out."""
    said = os.environ.get
    return SchemeVariables(
        address=(said("LINGTAN_PUBLIC_URL", "") or said("LINGTAN_ADDRESS", "")).rstrip("/"),
        id=said("LINGTAN_SCHEME_ID", ""),
        name=said("LINGTAN_SCHEME_NAME", ""),
        prefix=said("LINGTAN_SCHEME_PREFIX", ""),
        passphrase=said("LINGTAN_KEY_PASSPHRASE", ""),
        stamper=said("LINGTAN_TIMESTAMP_URL", ""),
        module=said("LINGTAN_PKCS11_MODULE", ""),
        token=said("LINGTAN_PKCS11_TOKEN", ""),
        pin=said("LINGTAN_PKCS11_PIN", ""),
    )


def find_home() -> Path:
    """LINGTAN_HOME, by default `lingtan` in the user's data directory; made if it is not there."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    home = Path(os.environ.get("LINGTAN_HOME") or Path(data) / "lingtan").absolute()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise LingtanError([fault("web.home-not-writable", path=home, reason=error.strerror)]) from None
    return home


def read_database(url: str) -> dict[str, Any]:
    """Django's settings of the database at `url`: SQLite or PostgreSQL."""
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url))
    except Exception:  # the library raises several kinds
        raise LingtanError([fault("web.bad-database-url")]) from None
    if found.get("ENGINE") == "django.db.backends.sqlite3":
        return found | {"OPTIONS": SQLITE_OPTIONS}
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise LingtanError([fault("web.bad-database-url")])
    return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def _listed(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _kept_secret(file: Path) -> str:
    """The secret in `file`; made on first use, readable by its owner only."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise LingtanError([fault("web.home-not-writable", path=file, reason=error.strerror)]) from None
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secret)
    return secret
