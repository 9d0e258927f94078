"""lingtan certificate verify | recompute | disclose, and what stands beside: issue, migrate, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lingtan.certificate import (
    Certificate,
    Ring,
    Verdict,
    verify_file,
)
from lingtan.certificate.bundle import Bundle, check_bundle
from lingtan.certificate.bundle import disclose as disclose_bundle
from lingtan.certificate.comparing import compare_files
from lingtan.certificate.recomputing import recompute as repeat
from lingtan.cli import issuing, keeping, migrating
from lingtan.cli.handed import name_of, read_keys, read_moment, read_status, take
from lingtan.cli.reading import AsJson
from lingtan.cli.show import print_faults, print_json, say, tell
from lingtan.cli.verdicts import export_recomputed, export_verdict, show_recomputed, show_verdict
from lingtan.errors import Fault, LingtanError, Place, fault

_UNSOUND = {"bundle-other", "bundle-altered", "bundle-added", "bundle-container", "bundle-lacks"}


Given = Annotated[
    list[Path],
    typer.Argument(
        help="PDF 证书、凭证（.jwt）或二维码文字；可多个，同一编号的逐项对照；- 表示标准输入 "
        "PDF, credential or text of a code; several of one number are compared; - for standard input",
    ),
]
One = Annotated[
    Path,
    typer.Argument(help="PDF 证书或凭证 PDF or credential; - for stdin"),
]
Keys = Annotated[
    Path,
    typer.Option(
        "--keys", exists=True, dir_okay=False, help="签发方的公钥文件 ring.json The scheme's public keys"
    ),
]
Root = Annotated[
    str | None,
    typer.Option("--root", help="应有的根证书指纹 SHA-256（印在证书上） The root's SHA-256 as printed"),
]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "--status",
        exists=True,
        dir_okay=False,
        help="签名的状态表 status/…/message，可重复 Signed status list",
    ),
]
BundleFile = Annotated[
    Path | None,
    typer.Option("--bundle", exists=True, dir_okay=False, help="证书背后的资料包 .zip The bundle behind it"),
]
OneBundle = Annotated[
    Path, typer.Option("--bundle", exists=True, dir_okay=False, help="资料包 .zip The bundle behind it")
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        parser=read_moment,
        metavar="DATE",
        help="按哪一天或时刻判断（北京时间，日期指当日末），缺省为现在 Day (its end) or time, now if absent",
    ),
]
Full = Annotated[bool, typer.Option("--full", help="一致的也列出 List what agrees, too")]
Source = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="完整的资料包 The whole bundle")]
Target = Annotated[Path, typer.Argument(help="新的资料包，不得已存在 New bundle, must not exist")]
Without = Annotated[
    list[str],
    typer.Option(
        "--without",
        help="不公开的文件，或以 / 结尾的文件夹，可重复 File or folder (ending in /) to withhold, repeatable",
    ),
]


@dataclass(frozen=True, slots=True)
class _Answer:
    """All that a check found."""

    verdicts: Sequence[tuple[str, Verdict]]
    differing: tuple[Fault, ...]
    bundle: Bundle | None
    of_bundle: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return all(one.holds for _, one in self.verdicts) and not self.differing and not self.of_bundle


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        help="证书：核对、重算、公开、密钥 Certificates: check, repeat, disclose, keys", no_args_is_help=True
    )
    group.command("verify")(verify)
    group.command("recompute")(recompute)
    group.command("disclose")(disclose)
    issuing.register(group)
    migrating.register(group)
    keeping.register(group)
    app.add_typer(group, name="certificate")


def verify(  # noqa: PLR0913 a command has its options
    files: Given,
    keys: Keys,
    status: Lists = None,
    root: Root = None,
    bundle: BundleFile = None,
    on: At = None,
    json: AsJson = False,
) -> int:
    """核对证书：谁签的、有没有改动、现在是否有效。Is it the scheme's, unaltered, and valid?"""
    ring = read_keys(keys, root)
    lists = tuple(read_status(file, ring) for file in status or ())
    at = on or datetime.now(UTC)
    given = [(name_of(file), take(file)) for file in files]
    verdicts = [(name, verify_file(data, ring, lists, at=at, name=name)) for name, data in given]
    checked, faults = _check_bundle(bundle, [one for _, one in verdicts])
    answer = _Answer(verdicts, compare_files(given), checked, faults)
    if json:
        print_json(_export(answer, ring, at))
    else:
        _show(answer)
    return 0 if answer.holds else 1


def recompute(  # noqa: PLR0913 a command has its options
    file: One, bundle: OneBundle, keys: Keys, root: Root = None, full: Full = False, json: AsJson = False
) -> int:
    """用资料包重做评价，逐项与证书对照。Repeat the assessment from the bundle and compare."""
    ring, name = read_keys(keys, root), name_of(file)
    found = verify_file(take(file), ring, (), at=datetime.now(UTC), name=name)
    if found.certificate is None:
        return _refuse((*found.faults, fault("certificate.bundle-needs-certificate", Place(name))), json=json)
    tell(f"重做评价 repeating the assessment: {found.certificate.number}")
    try:
        again = repeat(found.certificate, bundle)
    except LingtanError as error:
        if any(one.code.removeprefix("certificate.") in _UNSOUND for one in error.faults):
            return _refuse(error.faults, json=json)
        raise
    if json:
        print_json({"number": found.certificate.number, **export_recomputed(again), "faults": []})
    else:
        show_recomputed(again, full=full)
    return 0 if again.agrees else 1


def disclose(source: Source, target: Target, without: Without) -> int:
    """复制资料包，留下不公开的文件；清单保持完整。Copy a bundle without some of its files."""
    withheld = disclose_bundle(source, target, without)
    say(f"已写入 written: {target}")
    for name in withheld:
        say(f"未公开 withheld: {name}", "dim")
    return 0


def _show(answer: _Answer) -> None:
    for name, found in answer.verdicts:
        show_verdict(name, found)
        print_faults(found.faults, quiet=True)
    if answer.bundle:
        say("资料包与证书相符 the bundle is the one behind the certificate", "bold green")
        for name in answer.bundle.withheld:
            say(f"未公开 withheld: {name}", "dim")
    print_faults((*answer.differing, *answer.of_bundle), quiet=True)


def _export(answer: _Answer, ring: Ring, at: datetime) -> dict[str, object]:
    return {
        "holds": answer.holds,
        "at": at.isoformat(timespec="seconds"),
        "scheme": ring.scheme,
        "scheme_name": ring.name,
        "root_sha256": ring.fingerprint,
        "files": [export_verdict(name, found) for name, found in answer.verdicts],
        "differences": [one.as_dict() for one in answer.differing],
        "bundle": {"sha256": answer.bundle.sha256, "withheld": list(answer.bundle.withheld)}
        if answer.bundle
        else None,
        "bundle_faults": [one.as_dict() for one in answer.of_bundle],
    }


def _refuse(faults: tuple[Fault, ...], *, json: bool) -> int:
    if json:
        print_json({"agrees": False, "faults": [one.as_dict() for one in faults]})
    else:
        print_faults(faults)
    return 1


def _check_bundle(file: Path | None, verdicts: Sequence[Verdict]) -> tuple[Bundle | None, tuple[Fault, ...]]:
    """The bundle if it is the one behind the first certificate read, or why it is not."""
    if file is None:
        return None, ()
    made: Certificate | None = next((one.certificate for one in verdicts if one.certificate), None)
    if made is None:
        return None, (fault("certificate.bundle-needs-certificate", Place(file.name)),)
    try:
        return check_bundle(file, made.bundle_sha256), ()
    except LingtanError as error:
        return None, error.faults
