"""lingtan certificate keys new | rotate | revoke | show: the keys of a scheme."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from lingtan.certificate import Ring, add_key, make_ring, read_ring, revoke_key
from lingtan.certificate.credential import ZONE
from lingtan.certificate.keyring import RING
from lingtan.cli.reading import AsJson
from lingtan.cli.show import print_json, say
from lingtan.cli.verdicts import export_keys, show_ring
from lingtan.errors import LingtanError, Place, fault

PASSPHRASE = "LINGTAN_KEY_PASSPHRASE"
Folder = Annotated[
    Path,
    typer.Argument(
        help="密钥文件夹；口令取自环境变量 LINGTAN_KEY_PASSPHRASE Folder of keys; passphrase there"
    ),
]
Shown = Annotated[
    Path, typer.Argument(exists=True, help="密钥文件夹或 ring.json Folder of keys, or ring.json")
]
Scheme = Annotated[str, typer.Option("--scheme", help="计划代号，如 lzc Short id of the scheme")]
Name = Annotated[str, typer.Option("--name", help="计划名称，写入根证书 Name of the scheme, in its root")]
Kid = Annotated[str, typer.Argument(help="要吊销的密钥 Name of the key to revoke")]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="自哪一天起不可信，缺省为今天 Day of the leak"),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `certificate`."""
    keys = typer.Typer(
        help="签发密钥：新建、轮换、吊销、查看 Keys: new, rotate, revoke, show", no_args_is_help=True
    )
    keys.command("new")(new)
    keys.command("rotate")(rotate)
    keys.command("revoke")(revoke)
    keys.command("show")(show)
    group.add_typer(keys, name="keys")


def new(folder: Folder, scheme: Scheme, name: Name, json: AsJson = False) -> int:
    """新建根密钥和第一把签发密钥。Make a root and a first signing key."""
    with _writing(folder):
        ring = make_ring(folder, scheme=scheme, name=name, on=_now(), passphrase=_passphrase())
    _answer(ring, json=json)
    if not json:
        say(f"公开 publish: {folder / RING}；根密钥可移出保管 the root may be taken away: root.pem", "dim")
    return 0


def rotate(folder: Folder, json: AsJson = False) -> int:
    """换一把签发密钥；旧密钥签的仍然有效。A new signing key; what older ones signed stays good."""
    ring = read_ring(folder / RING)
    with _writing(folder):
        ring = add_key(folder, ring, on=_now(), passphrase=_passphrase())
    return _answer(ring, json=json)


def revoke(folder: Folder, kid: Kid, since: Since = None, json: AsJson = False) -> int:
    """吊销一把泄露的密钥；用它签的全部须重签。Revoke a leaked key; all it signed must be signed anew."""
    ring = read_ring(folder / RING)
    day = since.replace(tzinfo=ZONE) if since else _now()
    if not ring.root.not_valid_before_utc - timedelta(days=1) <= day <= _now():
        raise typer.BadParameter(f"{day:%Y-%m-%d} 早于根密钥或在将来 is before the root was made, or to come")
    with _writing(folder):
        ring = revoke_key(folder, ring, kid, on=_now(), since=day, passphrase=_passphrase())
    return _answer(ring, json=json)


def show(folder: Shown, json: AsJson = False) -> int:
    """列出密钥、期限、吊销和根证书指纹。Keys, their days, what is revoked, the root's SHA-256."""
    return _answer(read_ring(folder / RING if folder.is_dir() else folder), json=json)


def _answer(ring: Ring, *, json: bool) -> int:
    if json:
        print_json(export_keys(ring))
    else:
        show_ring(ring)
    return 0


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LingtanError([fault("certificate.keys-unwritable", Place(str(folder)), reason=error)]) from None


def _passphrase() -> str:
    return os.environ.get(PASSPHRASE, "")


def _now() -> datetime:
    """Whole seconds: what X.509 can say."""
    return datetime.now(UTC).replace(microsecond=0)
