"""For which years an instrument may be used, and until which day it is valid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingtan.instruments.rules import CancellationRules
from lingtan.periods import Period

MONTHS = 12


def certificate_years(generated: Period, rules: CancellationRules) -> tuple[int, int]:
    """First and last reporting year: that of generation, and those it is still valid in at their end."""
    return generated.year, generated.year + int(rules.certificate_validity.value) - 1


def certificate_last_day(generated: Period, rules: CancellationRules) -> date:
    """The last day of validity; the month of generation is the first month of it.

    Valid for two years and generated in January 2023: 2024-12-31. A whole year counts from January.
    """
    months = int(rules.certificate_validity.value * MONTHS)
    after = generated.year * MONTHS + (generated.month or 1) - 1 + months
    return date(after // MONTHS, after % MONTHS + 1, 1) - timedelta(days=1)


def credit_years(vintage: Decimal, rules: CancellationRules) -> tuple[Decimal, Decimal]:
    """First and last reporting year of a credit; no document at hand says a day on which it ends."""
    return vintage, vintage + rules.credit_vintage_age.value
