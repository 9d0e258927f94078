"""lingtan members."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import typer

from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths
from lingtan.cli.results import decimal, name_asked
from lingtan.cli.show import print_faults, print_json, print_table, say
from lingtan.inventory.members.reconciling import (
    COLUMNS,
    Amounts,
    Reconciliation,
    amounts_of,
    export_reconciliation,
    reconcile,
)
from lingtan.inventory.members.reporter import Share, compute_share, export_share
from lingtan.texts import number

FAULTS_SHOWN = 12
GAPS_NAMED = 3
Reporter = Annotated[
    str, typer.Option("--reporter", help="报告主体：按其股权或控制权合并 Whose part to consolidate")
]
By = Annotated[
    Literal["equity_share", "financial_control", "operational_control"],
    typer.Option("--approach", help="合并方法：股权比例、财务控制、运营控制 How to consolidate"),
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("members")(members)


def members(  # noqa: PLR0913 a command has its options
    path: DossierPath,
    reporter: Reporter = "",
    approach: By = "operational_control",
    readings: ReadingsPaths = None,
    on: OnDate = None,
    json: AsJson = False,
) -> int:
    """各企业、企业间转供与园区合计的勾稽表。Members, transfers and park total, reconciled."""
    computed = read_inventory(path, readings, on)
    inventory = computed.inventory
    table = reconcile(inventory)
    share = compute_share(inventory, computed.dossier, reporter, approach) if reporter else None
    if json:
        found: dict[str, Any] = {"method": inventory.method, "period": str(inventory.year)}
        print_json({**found, **export_reconciliation(table), "share": export_share(share) if share else None})
    else:
        _show(table, inventory.year)
        if share:
            _show_share(share)
        faults = (*computed.faults, *(share.fractions.faults if share else ()))
        print_faults(faults, limit=FAULTS_SHOWN)
    return 0 if table.is_exact and not (share and share.fractions.faults) else 1


def _show(table: Reconciliation, year: int) -> None:
    columns = (
        "企业 Enterprise",
        ">范围一 Scope 1",
        ">围界外购 Over the fence",
        ">园内调入 + Received",
        ">园内转出 − Passed on",
        ">范围二 Scope 2",
        "缺 Missing",
    )
    rows = [
        (one.enterprise or "园区整体 park as a whole", *_cells(amounts_of(one)), _gaps(one.gaps))
        for one in table.rows
    ]
    internal: Amounts = {"received": table.internal, "scope2": table.internal}
    difference = {**table.difference, "received": table.difference["internal"]}
    rows += [
        ("合计 Sum", *_cells(table.sums), ""),
        ("减：园内转供净额 Less internal", *_cells(internal, blank=True), ""),
        ("园区 Park", *_cells(table.park, blank=True), ""),
        ("差额 Difference", *_cells(difference, blank=True, digits=50), ""),
    ]
    print_table(f"企业与园区勾稽 Members and park · tCO2e · {year}", columns, rows)
    verdict = "逐位相等 equal to the last digit" if table.is_exact else "不相等 NOT equal"
    say(f"范围二 = 围界外购 + 调入 − 转出 scope 2 = over the fence + received − passed on · {verdict}", "dim")


def _cells(amounts: Amounts, *, blank: bool = False, digits: int = 4) -> tuple[str, ...]:
    """One cell a column: a blank where the row has no such amount, else `not known`."""
    return tuple(
        ("" if blank else "不详 unknown") if (value := amounts.get(name)) is None else number(value, digits)
        for name in COLUMNS
    )


def _gaps(gaps: tuple[Any, ...]) -> str:
    named = [gap.datum for gap in gaps[:GAPS_NAMED]]
    return "、".join(named) + (f" … {len(gaps)}" if len(gaps) > GAPS_NAMED else "")


def _show_share(share: Share) -> None:
    title = f"报告主体 Reporter {share.reporter} · {share.approach} · tCO2e"
    rows = [
        ("范围一 Scope 1", _amount(decimal(share.scope1.value))),
        ("范围二（按地点） Scope 2 by place", _amount(decimal(share.scope2.value))),
    ]
    print_table(title, ("", ">其份额 Its part"), rows)
    fractions = [(name, _amount(decimal(node.value))) for name, node in share.fractions.of.items()]
    print_table("各企业计入比例 Fractions", ("企业 Enterprise", ">比例 Fraction"), fractions)
    lacking = sorted({*share.scope1.gaps, *share.scope2.gaps})
    for gap in lacking[:FAULTS_SHOWN]:
        say(f"缺 missing: {gap.datum} · {name_asked(gap.asked_of)}", "dim")


def _amount(value: Decimal | None) -> str:
    return "不详 unknown" if value is None else number(value, 4)
