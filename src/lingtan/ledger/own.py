"""Step 1: own reductions, sinks and CCUS (clause 6.5, first)."""

from __future__ import annotations

from dataclasses import replace

from lingtan.instruments.screening import Claim, Screening, judge_each

REGISTERS = ("removals", "measures")


def screen_own(screening: Screening) -> list[Claim]:
    """Removals and carried-out measures, judged; each id once. Planned measures are no claim."""
    removals = screening.claims("own", "removals", ("removal", "quantity_tco2e", "tCO2e"))
    measures = screening.claims("own", "measures", ("measure", "verified_reduction_tco2e", "tCO2e"))
    done = [claim for claim in measures if claim.row.text("status") == "implemented"]
    return [
        *judge_each(screening, removals, _judge_removal),
        *judge_each(screening, done, _judge_measure),
    ]


def _judge_removal(screening: Screening, claim: Claim) -> Claim:
    """Sinks count by proof alone; captured CO2 only if stored for good."""
    if claim.row.number("year") is None:
        return screening.ask(claim, "year")
    if claim.row.number("year") != screening.year:
        return screening.refuse(claim, "other-year", "year", given=claim.row.text("year"))
    permanent = claim.row.values.get("permanent")
    if claim.row.text("kind") == "ccus" and permanent is not True:
        if permanent is None:
            screening.lack(claim.row, "permanent")
        return screening.refuse(claim, "not-permanent", "permanent")
    return screening.prove(claim)


def _judge_measure(screening: Screening, claim: Claim) -> Claim:
    """A reduction that the inventory shows already is not taken off again; blank counts as shown."""
    if claim.row.number("year") is None:
        return screening.ask(claim, "year")
    if claim.row.number("year") != screening.year:
        return screening.refuse(claim, "other-year", "year", given=claim.row.text("year"))
    proven = screening.prove(claim)
    if proven.refused:
        return proven
    visible = claim.row.values.get("visible_in_inventory")
    if visible is None:
        screening.lack(claim.row, "visible_in_inventory")
        screening.report(claim, "visible-blank", "visible_in_inventory")
    return replace(proven, deducts=visible is False)
