"""The printed certificate: facts of a certificate set on two pages, with its code and its credential inside.

The PDF is not signed yet (`lingtan.certificate.sign_paper` does that).
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import segno

from lingtan.certificate.papers import ATTACHMENT
from lingtan.certificate.records import Certificate
from lingtan.reports.fonts import drawable, text_width
from lingtan.reports.formats.pdf.apart import typeset_apart
from lingtan.reports.words import phrases
from lingtan.standards.records import Edition
from lingtan_data import path

STANDARD = "a-3b"  # PDF/A that may carry a file
_CONDITIONS = ("certificate_validity", "surveillance_interval", "surveillance_grace", "cure_period")
_HEADINGS = ("title", "certify", "scan", "check_title", "stands_on", "holds_while")
_LARGEST_NAME, _SMALLEST_NAME, _LINE = 26.0, 13.0, 640.0  # points; a name stands on one line if it can


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed: the certificate, its signed credential, the text of its code, the root's SHA-256."""

    made: Certificate
    credential: str
    code: str
    root: str
    address: str
    edition: Edition


def print_certificate(given: Print) -> bytes:
    """The PDF/A-3b of a certificate, with its credential attached; not signed."""
    files = {
        "main.typ": path("reports", "typst", "certificate.typ").read_text("utf-8"),
        "facts.json": json.dumps(_facts(given), ensure_ascii=False),
        "code.svg": draw_code(given.code),
        ATTACHMENT: given.credential,
    }
    return typeset_apart(files, STANDARD)


def draw_code(text: str) -> str:
    """The QR code of a text as SVG: a seventh of it may be spoilt by a fold or a stamp."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", border=2, dark="#0b2d2a", xmldecl=False)
    return out.getvalue().decode()


def _facts(given: Print) -> dict[str, Any]:
    made = given.made
    both = {
        key: _both(key) for key in ("title", "certify", "scan", "check_title", "stands_on", "holds_while")
    }
    score = f"{Decimal(made.score).quantize(Decimal('0.01'))}"
    statement = _both("statement", edition=made.edition_name, score=score)
    name = drawable(made.park_name)
    return {
        "scheme_name": drawable(made.scheme_name),
        "title": both["title"][0],
        "title_en": both["title"][1],
        "certify": both["certify"][0],
        "certify_en": both["certify"][1],
        "scan": " ".join(both["scan"]),
        "stars": made.stars,
        "number": made.number,
        "park_name": name,
        "park_name_en": drawable(made.park_name_en),
        "name_size": _fit(name),
        "statement": statement[0],
        "statement_en": statement[1],
        "stage": made.stage,
        "stage_en": made.stage_en,
        "facts": [(*_both(key), value) for key, value in _listed(made)],
        "check_title": " ".join(both["check_title"]),
        "check": [
            _both(f"check_{step}", address=given.address, number=made.number)
            for step in ("scan", "offline", "signature", "recompute")
        ],
        "stands_on": " ".join(both["stands_on"]),
        "fingerprints": [(*_both(key), value) for key, value in _fingerprints(given)],
        "holds_while": " ".join(both["holds_while"]),
        "conditions": [
            _both(name, value=f"{given.edition.lifecycle[name].value}")
            for name in _CONDITIONS
            if name in given.edition.lifecycle
        ],
    }


def _listed(made: Certificate) -> list[tuple[str, str]]:
    """The facts on the front, in the order they are read: two to the line."""
    validity = _both("between", first=made.valid_from.isoformat(), last=made.valid_until.isoformat())[0]
    listed = [
        ("number", made.number),
        ("validity", validity),
        ("year", str(made.year)),
        ("decided_on", made.decided_on.isoformat()),
        ("issuer", drawable(made.scheme_name)),
        ("issued_on", made.issued_on.isoformat()),
    ]
    return [*listed, ("supersedes", made.supersedes)] if made.supersedes else listed


def _fingerprints(given: Print) -> list[tuple[str, str]]:
    made = given.made
    return [
        ("boundary", made.boundary_sha256),
        ("edition", made.edition_sha256),
        ("dossier", made.dossier_sha256),
        ("result", made.result_sha256),
        ("bundle", made.bundle_sha256),
        ("root", given.root),
        ("software", f"Lingtan {made.software}"),
    ]


def _both(key: str, **values: str) -> tuple[str, str]:
    """A phrase of the printed certificate in Chinese and in English."""
    phrase = phrases()[f"printed.{key}"]
    return phrase.zh.format(**values), phrase.en.format(**values)


def _fit(name: str) -> float:
    """The size in points at which a name stands on one line; long ones are smaller and may break."""
    return max(_SMALLEST_NAME, min(_LARGEST_NAME, _LINE / max(text_width(name, 1), 1)))
