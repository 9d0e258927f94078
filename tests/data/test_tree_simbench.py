"""A park of measured tenants: park, buildings, tenants; sums balance to nothing, errors show."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lingtan.dossier.records import Row
from lingtan.errors import LingtanError, Place
from lingtan.metering.tree import (
    MeterTree,
    build_tree,
    check_balances,
    compute_balances,
    compute_residuals,
    compute_total,
)

pytestmark = pytest.mark.shared
RATED_KW = 400
BUILDINGS = 4


@pytest.fixture(scope="module")
def load(shared: Path) -> pd.DataFrame:
    """Watt-hours of each tenant in each quarter of an hour of 2016."""
    profiles = pd.read_parquet(shared / "data" / "simbench_profiles" / "loads_15min_2016_pu.parquet")
    tenants = profiles.filter(regex=r"^G\d-.*_pload$")
    return (tenants.astype("float64") * RATED_KW * 1000 / 4).round().astype("int64")


def row(meter: str, parent: str = "", role: str = "sub") -> Row:
    cells = {"meter": meter, "carrier": "electricity", "role": role, "quantity": "interval", "unit": "Wh"}
    return Row("meters", meter, {**cells, "parent": parent or None}, Place("meters.csv"))


@pytest.fixture(scope="module")
def tree(load: pd.DataFrame) -> MeterTree:
    rows = [row("park", role="supply"), *(row(f"building-{n}", "park") for n in range(BUILDINGS))]
    rows += [row(name, f"building-{n % BUILDINGS}") for n, name in enumerate(load.columns)]
    return build_tree({one.key: one for one in rows})


@pytest.fixture(scope="module")
def series(load: pd.DataFrame) -> dict[str, np.ndarray]:
    found = {name: load[name].to_numpy() for name in load.columns}
    for n in range(BUILDINGS):
        found[f"building-{n}"] = load.iloc[:, n::BUILDINGS].sum(axis=1).to_numpy()
    return {**found, "park": load.sum(axis=1).to_numpy()}


def test_every_quarter_balances_to_zero(tree: MeterTree, series: dict[str, np.ndarray]) -> None:
    assert not tree.faults
    residuals = compute_residuals(tree, series)
    assert len(residuals) == 1 + BUILDINGS
    assert all(len(one) == 35_136 and not one.any() for one in residuals.values())


def test_year_balances_and_equals_pandas(
    tree: MeterTree, series: dict[str, np.ndarray], load: pd.DataFrame
) -> None:
    energies = {name: Decimal(int(values.sum())) for name, values in series.items()}
    assert [balance.residual for balance in compute_balances(tree, energies)] == [0] * (1 + BUILDINGS)
    assert compute_total(tree, list(load.columns), energies, "Wh") == int(load.to_numpy().sum())
    with pytest.raises(LingtanError):
        compute_total(tree, [*load.columns, "building-0"], energies, "Wh")


def test_a_lost_a_doubled_and_a_moved_tenant_show(
    tree: MeterTree, series: dict[str, np.ndarray], load: pd.DataFrame
) -> None:
    tenant = load.columns[0]
    own = Decimal(int(load[tenant].sum()))
    energies = {name: Decimal(int(values.sum())) for name, values in series.items()}
    lost = {b.meter: b for b in compute_balances(tree, {**energies, tenant: None})}["building-0"]
    assert (lost.residual, lost.unknown) == (own, (tenant,))
    doubled = compute_balances(tree, {**energies, tenant: own * 2})
    assert {b.meter: b.residual for b in doubled}["building-0"] == -own
    assert [fault.context["meter"] for fault in check_balances(tree, doubled)] == ["building-0"]
    moved = build_tree({**tree.rows, tenant: row(tenant, "building-1")})
    residuals = {b.meter: b.residual for b in compute_balances(moved, energies)}
    assert (residuals["building-0"], residuals["building-1"]) == (own, -own)
