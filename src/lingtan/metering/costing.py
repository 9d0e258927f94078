"""What the electricity of supply meters costs, month by month, and how it is spread over periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault
from lingtan.metering.gathering import Block, gather_readings, read_blocks
from lingtan.metering.grid import HOUR_MINUTES, build_grid
from lingtan.metering.importing import ImportOptions
from lingtan.metering.kernel import compute_energy
from lingtan.metering.measuring import Year, block_setting, find_factor
from lingtan.metering.register import meter_rows
from lingtan.metering.slots import SlotEnergy, build_slots
from lingtan.metering.tariffs import (
    Bill,
    Contract,
    PriceSheet,
    Tariff,
    build_periods,
    build_prices,
    check_prices,
    check_validity,
    compute_bill,
    compute_usage,
    find_peaks,
    load_tariff,
    state_entries,
)
from lingtan.periods import Period
from lingtan.quantities import exactly, same_dimension, scale

DEMAND_MINUTES = 15
"""Demand is the mean power of a quarter of an hour, where the meter is read so often."""


@dataclass(frozen=True, slots=True)
class MeterBills:
    """The bills of a meter by month, under one tariff; amounts None where a price is not known."""

    meter: str
    tariff: Tariff
    bills: tuple[Bill, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """Bills of every supply meter of electricity that has a tariff, by id, and what was wrong."""

    meters: tuple[MeterBills, ...]
    faults: tuple[Fault, ...]


@exactly
def compute_costs(
    dossier: Dossier,
    sheet: PriceSheet,
    *,
    tariff: str = "",
    contract: Contract | None = None,
    options: ImportOptions | None = None,
) -> Costs:
    """Bills of the reporting year: `tariff` for all meters, or for each the one its register names.

    LingtanError for a tariff that is not known or has no rule for an hour of the year.
    """
    rows, zone = meter_rows(dossier), dossier.park.location.timezone
    period = Period(dossier.park.reporting.year)
    minutes = DEMAND_MINUTES if contract and contract.by == "demand" else HOUR_MINUTES
    year = Year(rows, build_grid(period, period, zone, slot_minutes=minutes), None)
    gathered = gather_readings(dossier.readings, rows, options or ImportOptions())
    found: list[MeterBills] = []
    faults: dict[str, Fault] = {}
    for block in read_blocks(gathered):
        for meter, slots in _supplies(block, year):
            name = tariff or rows[meter].text("tariff")
            if not name:
                continue
            plan = state_entries(load_tariff(name), sheet.entries)
            periods, prices = build_periods(plan, year.grid), build_prices(plan, sheet, year.grid)
            told = check_validity(plan, year.grid), check_prices(plan, sheet, year.grid, prices=prices)
            faults |= {one.code + str(one.context): one for some in told for one in some}
            usage = compute_usage(slots, periods, prices)
            peaks = find_peaks(slots)
            bills = (
                compute_bill(one, sheet, contract, peak=peak) for one, peak in zip(usage, peaks, strict=True)
            )
            found.append(MeterBills(meter, plan, tuple(bills)))
    ordered = tuple(sorted(found, key=lambda one: one.meter))
    return Costs(ordered, (*gathered.findings.all(), *faults.values()))


def _supplies(block: Block, year: Year) -> Iterator[tuple[str, SlotEnergy]]:
    """Supply meters of electricity with their energy by slot, in kWh."""
    slots = compute_energy(
        block.readings, block_setting(block, year), breaks=block.breaks, with_slots=True
    ).slots
    assert slots is not None
    for code, meter in enumerate(block.meters):
        row = year.rows.get(meter)
        if row is not None and _is_supply(row):
            unit, factor = find_factor(row, block.exponents[code])
            if same_dimension(unit, "kWh"):
                yield meter, build_slots(slots, code, year.grid, factor * scale(unit, "kWh"))


def _is_supply(row: Row) -> bool:
    return row.text("carrier") == "electricity" and row.text("role") == "supply"
