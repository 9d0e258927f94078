"""Step 3: carbon credits (clause 6.5, last), never before green electricity is used up."""

from __future__ import annotations

from lingtan.instruments.green import check_serials, in_order_of_use
from lingtan.instruments.screening import Claim, Screening, judge_each, plain
from lingtan.instruments.serials import Taken
from lingtan.instruments.validity import credit_years

REGISTERS = ("credits",)


def screen_credits(screening: Screening) -> list[Claim]:
    """Credits cancelled for the year, judged by all but the order."""
    claims = screening.claims("credits", "credits", ("credit", "quantity_tco2e", "tCO2e"))
    taken = Taken()

    def judge(screening: Screening, claim: Claim) -> Claim:
        registry = f"{claim.row.text('kind')}/{claim.row.text('registry')}"
        size = screening.rules.credit_tco2e.value
        return _judge_credit(screening, check_serials(screening, claim, taken, (registry, size)))

    return judge_each(screening, sorted(claims, key=lambda claim: in_order_of_use(claim.row)), judge)


def _judge_credit(screening: Screening, claim: Claim) -> Claim:
    claim = claim if claim.refused else screening.judge_cancelled(claim)
    if claim.refused:
        return claim
    vintage = claim.row.number("vintage")
    if vintage is None:
        return screening.ask(claim, "vintage")
    oldest = screening.rules.credit_vintage_age.value
    words = {"vintage": plain(vintage), "age": plain(oldest)}
    first, last = credit_years(vintage, screening.rules)
    if screening.year < first:
        return screening.refuse(claim, "vintage-too-new", "vintage", **words)
    if screening.year > last:
        return screening.refuse(claim, "vintage-too-old", "vintage", **words)
    return screening.prove(claim)
