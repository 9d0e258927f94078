"""lingtan readings match: carbon-free electricity by the hour and over the year."""

from __future__ import annotations

from decimal import Decimal

import typer

from lingtan.cli.reading import AsJson, DossierPath, ReadingsPaths, read
from lingtan.cli.show import print_faults, print_json, print_table, say, tell
from lingtan.inventory.matching import ParkMatching, compute_park_matching
from lingtan.metering import compute_metering
from lingtan.metering.carbon.parks import WH_PER_MWH
from lingtan.texts import number
from lingtan.trace import plain


def register(group: typer.Typer) -> None:
    """Add the command to the group `readings`."""
    group.command("match")(match)


def match(path: DossierPath, readings: ReadingsPaths = None, json: AsJson = False) -> int:
    """无碳电量与用电逐小时、全年匹配的比例。Carbon-free electricity matched by the hour and by the year."""
    dossier = read(path, readings)
    tell("计量与逐小时匹配 metering and hourly matching")
    found = compute_park_matching(dossier, compute_metering(dossier))
    if json:
        print_json(None if found is None else _as_dict(found))
        return 0
    if found is None:
        say("没有可用的电表小时读数 no hourly readings of electricity", "yellow")
        return 0
    _show(found)
    print_faults(found.refused, quiet=True)
    return 0


def _mwh(wh: int) -> Decimal:
    return Decimal(wh) / WH_PER_MWH


def _show(found: ParkMatching) -> None:
    one = found.matching
    rows = [
        ("用电 Load", number(_mwh(one.load)), "MWh"),
        ("园内无碳发电 Made in the park", number(_mwh(one.free)), "MWh"),
        ("其中当小时用掉 Of it used in its hour", number(_mwh(one.matched)), "MWh"),
        ("合同与绿证（无小时） Contracts, certificates, no hours", number(_mwh(one.undated)), "MWh"),
        ("逐小时匹配 Matched by the hour", _percent(one.hourly_share), "%"),
        ("全年匹配 Matched over the year", _percent(one.annual_share), "%"),
        ("未计的小时 Hours left out", str(one.left_out), f"/ {len(found.hours.begins)}"),
    ]
    print_table(
        f"无碳电量匹配 Carbon-free matching（{len(found.meters)} 块表 meters）",
        ("项目 Item", ">数值 Value", "单位 Unit"),
        rows,
    )


def _percent(share: Decimal | None) -> str:
    return number(None if share is None else share * 100)


def _as_dict(found: ParkMatching) -> dict[str, object]:
    one = found.matching
    return {
        "load_mwh": plain(_mwh(one.load)),
        "made_mwh": plain(_mwh(one.free)),
        "matched_mwh": plain(_mwh(one.matched)),
        "undated_mwh": plain(_mwh(one.undated)),
        "hourly_share": plain(one.hourly_share),
        "annual_share": plain(one.annual_share),
        "hours": len(found.hours.begins),
        "hours_left_out": one.left_out,
        "meters": list(found.meters),
        "refused": [fault.as_dict() for fault in found.refused],
    }
