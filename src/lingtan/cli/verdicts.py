"""Verdicts, repeated assessments and keys as tables and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from lingtan.certificate import Certificate, Code, Ring, Verdict
from lingtan.certificate.credential import ZONE
from lingtan.certificate.keyring import find_revocation
from lingtan.certificate.recomputing import Agreement, Line, Recomputed
from lingtan.certificate.words import find_fields, find_words
from lingtan.cli.show import print_table, say
from lingtan.texts import number

STYLES = {"good": "bold green", "open": "bold yellow", "bad": "bold red"}
AGREEMENTS: dict[Agreement, str] = {
    "agrees": "一致 agrees",
    "differs": "不一致 differs",
    "decided": "以评审决定为准 as the review decided",
    "withheld": "未公开，无法重算 withheld",
}
_OF_CODE = ("number", "stars", "issued_on", "valid_until", "address", "credential")
_NOT_SHOWN = {"scheme", "stage_en", "park_name_en", "edition_name", "status_index", "on", "software"}
_LONGEST_CELL = 60


def show_verdict(name: str, found: Verdict) -> None:
    """The word and what it means, then the facts; the faults are the caller's to print."""
    words = find_words()[found.word]
    say(name, "dim")
    say(f"{words.zh} {words.en}", STYLES[words.tone])
    say(words.means_zh)
    say(words.means_en, "dim")
    if found.status_of:
        say(f"状态公布于 status as of {found.status_of.astimezone(ZONE):%Y-%m-%d %H:%M}（北京时间 UTC+8）")
    if given := found.certificate or found.code:
        title = "证书所载 What the certificate says" if found.certificate else "二维码所载 What the code says"
        print_table(title, ("事实 Fact", "", "内容 Content"), _facts(given))


def _facts(given: Certificate | Code) -> list[tuple[str, str, str]]:
    names = (
        [one.name for one in fields(given) if one.name not in _NOT_SHOWN]
        if isinstance(given, Certificate)
        else _OF_CODE
    )
    listed = [(name, getattr(given, name)) for name in names]
    return [
        (find_fields()[name].zh, find_fields()[name].en, _fact(name, value))
        for name, value in listed
        if value is not None
    ]


def _fact(name: str, value: object) -> str:
    return number(Decimal(str(value)), 4) if name == "score" else str(value)


def export_verdict(name: str, found: Verdict) -> dict[str, Any]:
    """A verdict as plain data; what was not there to read is null."""
    words = find_words()[found.word]
    return {
        "file": name,
        "word": found.word,
        "zh": words.zh,
        "en": words.en,
        "holds": found.holds,
        "status_of": found.status_of.isoformat() if found.status_of else None,
        "certificate": _plain(found.certificate),
        "code": _plain(found.code),
        "faults": [one.as_dict() for one in found.faults],
    }


def _plain(given: Certificate | Code | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(given).items()
    }


def show_recomputed(found: Recomputed, *, full: bool) -> None:
    """What came out otherwise (all of it where `full`), and how many lines agree."""
    shown = [line for line in found.lines if full or line.agreement != "agrees"]
    if shown:
        columns = ("数 Figure", "签发时 As issued", "重算 Now", "")
        print_table("重算对照 The assessment repeated", columns, [_row(line) for line in shown])
    for name in found.withheld:
        say(f"未公开 withheld: {name}", "dim")
    counts = Counter(line.agreement for line in found.lines)
    say("  ".join(f"{words} {counts[key]}" for key, words in AGREEMENTS.items()))
    then, now = found.software
    say(f"软件 software: 签发时 then {then} · 现在 now {now}", "dim")
    for text, style in _conclude(found):
        say(text, style)


def _conclude(found: Recomputed) -> Iterator[tuple[str, str]]:
    if found.differs:
        yield "重算结果与证书不一致 the assessment does not agree with the certificate", "bold red"
        return
    if found.agrees:
        yield "重算结果与证书完全一致 the assessment agrees with the certificate", "bold green"
        return
    if found.decided:
        yield "证书的星级或得分由评审更正，以决定为准；除此之外：", "bold yellow"
        yield "the review granted otherwise than computed; for the rest:", "bold yellow"
    if found.withheld:
        yield (
            "公开的部分没有不一致，其余未公开 nothing disclosed differs, the rest is withheld",
            "bold yellow",
        )
    else:
        yield "重算与提交的资料一致 the assessment agrees with what was handed in", "bold green"


def _row(line: Line) -> tuple[str, str, str, str]:
    return line.name, _cell(line.stated), _cell(line.found), AGREEMENTS[line.agreement]


def _cell(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    return str(value)[:_LONGEST_CELL]


def export_recomputed(found: Recomputed) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "agrees": found.agrees,
        "software": {"then": found.software[0], "now": found.software[1]},
        "withheld": list(found.withheld),
        "lines": [json.loads(json.dumps(asdict(line), default=str)) for line in found.lines],
    }


def show_ring(ring: Ring) -> None:
    """The keys of a scheme, and what its root is known by."""
    say(f"{ring.name} ({ring.scheme})", "bold")
    say(f"根证书指纹 root SHA-256: {ring.fingerprint}")
    columns = ("密钥 Key", "自 From", "至 Until", "")
    rows = [
        (kid, f"{made.not_valid_before_utc:%Y-%m-%d}", f"{made.not_valid_after_utc:%Y-%m-%d}",
         _standing(ring, kid))
        for kid, made in ring.keys.items()
    ]  # fmt: skip
    print_table("签发密钥 Signing keys", columns, rows)


def _standing(ring: Ring, kid: str) -> str:
    if since := find_revocation(ring, ring.keys[kid]):
        return f"已吊销 revoked {since}"
    return "签发用 signs now" if kid == ring.current else "仍可核对 still good for checks"


def export_keys(ring: Ring) -> dict[str, Any]:
    """The same as plain data."""
    revoked = {kid: find_revocation(ring, made) for kid, made in ring.keys.items()}
    good = [kid for kid, since in revoked.items() if not since]
    return {
        "scheme": ring.scheme,
        "name": ring.name,
        "root_sha256": ring.fingerprint,
        "current": good[-1] if good else None,
        "keys": [
            {
                "kid": kid,
                "from": made.not_valid_before_utc.date().isoformat(),
                "until": made.not_valid_after_utc.date().isoformat(),
                "revoked_since": since.isoformat() if (since := revoked[kid]) else None,
            }
            for kid, made in ring.keys.items()
        ],
    }
