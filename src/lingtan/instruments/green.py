"""Step 2: green electricity and certificates (clause 6.5, second), each kilowatt-hour once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.instruments.screening import Claim, Screening, content, judge_each, plain
from lingtan.instruments.serials import Taken, read_range
from lingtan.instruments.validity import certificate_years
from lingtan.periods import Period

REGISTERS = ("green_electricity", "certificates")
_MWH = "MWh"
_RENEWABLE = ("", "wind", "solar", "hydro", "biomass")  # blank: trades are of renewable power


def screen_green(screening: Screening) -> list[Claim]:
    """Contracts, then certificates, judged."""
    return [*_contracts(screening), *_certificates(screening)]


def _contracts(screening: Screening) -> list[Claim]:
    claims = screening.claims("green", "green_electricity", ("contract", "settled_mwh", _MWH))
    taken: dict[str, set[Period]] = {}
    found = []
    for claim in sorted(claims, key=lambda claim: (claim.id, claim.row.text("period"), content(claim.row))):
        period = claim.row.values.get("period")
        settled = taken.setdefault(claim.id, set())
        if not isinstance(period, Period):
            found.append(screening.ask(claim, "period"))
        elif period.year != screening.year:
            found.append(screening.refuse(claim, "other-year", "period", given=period))
        elif period in settled or Period(period.year) in settled:
            found.append(screening.refuse(claim, "period-twice", "period", period=period))
        elif claim.row.text("kind") == "green_power_trade" and claim.row.text("technology") not in _RENEWABLE:
            found.append(screening.refuse(claim, "not-renewable", "technology"))
        else:
            settled.add(period)
            found.append(screening.prove(claim))
    return found


def _certificates(screening: Screening) -> list[Claim]:
    claims = screening.claims("green", "certificates", ("certificate", "quantity_mwh", _MWH))
    taken = Taken()

    def judge(screening: Screening, claim: Claim) -> Claim:
        size = screening.rules.certificate_mwh.value
        return _judge_certificate(screening, check_serials(screening, claim, taken, ("", size)))

    return judge_each(screening, sorted(claims, key=lambda claim: in_order_of_use(claim.row)), judge)


def in_order_of_use(row: Row) -> tuple[object, ...]:
    """Sort key: what came with a contract, what was cancelled (first things first), the rest."""
    on = row.values.get("cancelled_on")
    cancelled = row.number("cancelled_year")
    return (
        not row.text("contract"),
        cancelled is None,
        on if isinstance(on, date) else date.max,
        cancelled or Decimal(0),
        content(row),
    )


def check_serials(screening: Screening, claim: Claim, taken: Taken, unit: tuple[str, Decimal]) -> Claim:
    """`claim`, refused as a whole if serials are used twice or are fewer than the quantity needs.

    `unit`: the registry whose numbers these are, and the amount one serial stands for.
    """
    registry, size = unit
    span = read_range(claim.row)
    if span is None:
        screening.report(claim, "no-serials", "serial_from")
        return claim
    if span.count * size < claim.offered:
        return screening.refuse(claim, "more-than-serials", count=plain(span.count * size))
    other = taken.take(registry, span, claim.id)
    return screening.refuse(claim, "serials-twice", "serial_from", other=other) if other else claim


def _judge_certificate(screening: Screening, claim: Claim) -> Claim:
    if claim.refused:
        return claim
    if claim.row.text("contract"):
        return screening.refuse(claim, "in-contract", "contract", contract=claim.row.text("contract"))
    claim = _judge_age(screening, claim)
    if claim.refused:
        return claim
    claim = screening.judge_cancelled(claim)
    return claim if claim.refused else screening.prove(claim)


def _judge_age(screening: Screening, claim: Claim) -> Claim:
    """Generated in the reporting year, or before it within the time that certificates are valid.

    Valid for two years, counted back from the end of 2024: January 2023 and later.
    """
    generated = claim.row.values.get("generation_month")
    if not isinstance(generated, Period):
        return screening.ask(claim, "generation_month")
    validity = screening.rules.certificate_validity.value
    first, last = certificate_years(generated, screening.rules)
    words = {"generated": generated, "validity": plain(validity)}
    if screening.year > last:
        return screening.refuse(claim, "certificate-too-old", "generation_month", **words)
    if screening.year < first:
        return screening.refuse(claim, "certificate-too-new", "generation_month", **words)
    return claim


def in_hand(claims: list[Claim]) -> Decimal:
    """MWh of valid certificates that were not cancelled for any year."""
    return sum((claim.offered for claim in claims if claim.refused == "ledger.not-cancelled"), Decimal(0))
