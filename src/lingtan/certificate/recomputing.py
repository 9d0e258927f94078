"""Anyone repeats the assessment behind a certificate and sees it agree, or where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lingtan.assessment import assess, export_assessment
from lingtan.certificate.bundle import Bundle, check_bundle
from lingtan.certificate.records import Certificate
from lingtan.certificate.unpacking import unpacked
from lingtan.standards.freezing import canonical_json
from lingtan.version import VERSION

Agreement = Literal["agrees", "differs", "decided", "withheld"]
"""`decided`: the scheme has signed both, so what it granted departs from what was computed knowingly."""
_HEAD = (
    "park", "edition", "edition_sha256", "dossier_sha256", "readings_sha256", "on", "stars", "stage", "score",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: as stated when the certificate was issued, and as found now."""

    name: str
    stated: Any
    found: Any
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came of repeating an assessment. `software`: the versions then and now."""

    lines: tuple[Line, ...]
    withheld: tuple[str, ...]
    software: tuple[str, str]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs and nothing had to be taken on trust, a review's corrections among it."""
        return all(line.agreement == "agrees" for line in self.lines)

    @property
    def decided(self) -> tuple[Line, ...]:
        """What the review granted otherwise than it was computed from what was handed in."""
        return tuple(line for line in self.lines if line.agreement == "decided")

    @property
    def differs(self) -> tuple[Line, ...]:
        """The figures that came out otherwise."""
        return tuple(line for line in self.lines if line.agreement == "differs")


def recompute(made: Certificate, file: Path) -> Recomputed:
    """Assess the disclosed dossier again and compare with certificate and result.

    LingtanError where the bundle is not the certificate's, was altered, or holds no dossier to assess.
    What depends on files that are withheld is called so where it comes out otherwise.
    """
    bundle = check_bundle(file, made.bundle_sha256)
    with unpacked(file, bundle) as given:
        result = assess(given.dossier, given.edition, on=given.on)
    stated = given.stated
    found: Mapping[str, Any] = json.loads(canonical_json(export_assessment(result)))
    lines = [*_certified(made, stated), *_compared(stated, found, bundle)]
    return Recomputed(tuple(lines), bundle.withheld, (made.software, VERSION))


def _certified(made: Certificate, stated: Mapping[str, Any]) -> Iterator[Line]:
    """The certificate against the result in its bundle: these never depend on what is withheld.

    The certificate names the result by its hash: other stars or points are those of the review.
    """
    for name in ("park", "edition", "edition_sha256", "dossier_sha256", "stars", "score"):
        said, given = getattr(made, name), stated[name]
        otherwise: Agreement = "decided" if name in ("stars", "score") else "differs"
        yield Line(f"certificate.{name}", said, given, "agrees" if str(said) == str(given) else otherwise)


def _compared(stated: Mapping[str, Any], found: Mapping[str, Any], bundle: Bundle) -> Iterator[Line]:
    for name in _HEAD:
        yield _line(name, stated.get(name), found.get(name), bundle)
    for kind, key, fields in (
        ("gates", "id", ("passed",)),
        ("indicators", "code", ("value", "earned", "passed", "applies")),
    ):
        again = {one[key]: one for one in found[kind]}
        for one in stated[kind]:
            for field in fields:
                now = again.get(one[key], {}).get(field)
                yield _line(f"{one[key]}.{field}", one[field], now, bundle)


def _line(name: str, stated: Any, found: Any, bundle: Bundle) -> Line:
    if stated == found:
        return Line(name, stated, found, "agrees")
    return Line(name, stated, found, "withheld" if bundle.withheld else "differs")
