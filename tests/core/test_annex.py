"""The factor annex: all that a result rests on, with source, basis and weight."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from inventory_parks import YEAR, compute, energy, own_factor, park, registry_with, row

from lingtan.cli.app import main
from lingtan.dossier.writing import write_dossier
from lingtan.inventory import method_names
from lingtan.inventory.annex import find_used_factors
from lingtan.trace import walk


def test_weights_by_hand() -> None:
    half = registry_with(own_factor("electricity", "grid_average", "0.5", "tCO2/MWh", year=YEAR - 1))
    rows = energy(quantity=100), energy(3, enterprise="E002", quantity=20), energy(4, use="sold", quantity=10)
    used = {one.reference: one for one in find_used_factors(compute(park(*rows), registry=half))}
    grid = used["own.case.electricity.grid_average"]
    assert (grid.lines, grid.emissions) == (3, 65)  # 50 + 10 + |-5|
    assert (grid.source, grid.basis, grid.value) == ("worked case", "precedent", Decimal("0.5"))


@pytest.mark.parametrize("method", method_names())
def test_every_factor_of_every_trace_is_in_the_annex(method: str) -> None:
    rows = [
        energy(quantity=100),
        energy(3, carrier="natural_gas", use="combustion", unit="万Nm3", quantity=1),
        energy(4, carrier="heat", unit="GJ", quantity=5),
        row("process_activity", 2, period=YEAR, enterprise="E001", process="lime", quantity=1, unit="t"),
        row("fugitive_gases", 2, period=YEAR, enterprise="E001", gas="R-410A", method="material_balance",
            inventory_change_kg=1, transferred_kg=0, capacity_change_kg=0),
    ]  # fmt: skip
    found = compute(park(*rows), method=method)
    used = {one.reference for one in find_used_factors(found)}
    roots = [*found.totals.values(), *(line.node for line in found.lines)]
    named = {leaf.origin.reference for leaf in walk(*roots) if leaf.origin and leaf.origin.kind == "factor"}
    assert named and named <= used
    assert all(one.source and one.basis for one in find_used_factors(found))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = str(write_dossier(park(energy(quantity=100)), tmp_path / "d"))
    with pytest.raises(SystemExit) as left:
        main(["factor", "list", "--used-by", dossier, "--on", "2025-06-30", "--json"])
    assert not left.value.code
    found = {one["reference"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["grid.cn.prov.shanghai.2023"]["value"] == "0.5737"
    assert Decimal(found["grid.cn.prov.shanghai.2023"]["emissions"]) == Decimal("57.37")
    with pytest.raises(SystemExit):
        main(["factor", "list", "--used-by", dossier, "--on", "2025-06-30"])
    assert "因子附表" in capsys.readouterr().out
