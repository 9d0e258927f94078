"""Units of the field. Expected factors: definitions (SI; 1 kgce = 29.3076 MJ; 1 kgoe = 41.868 MJ)."""

from decimal import Decimal, localcontext

import pytest

from lingtan.quantities import EXACT, UnitError, convert, exactly, is_unit, same_dimension, scale


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("MWh", "kWh", "1000"),
        ("万kWh", "MWh", "10"),
        ("度", "kWh", "1"),
        ("万度", "MWh", "10"),
        ("千瓦时", "kWh", "1"),
        ("tce", "GJ", "29.3076"),
        ("kgoe", "MJ", "41.868"),
        ("10^4Nm3", "m3", "10000"),
        ("％", "1", "0.01"),
        ("kgCO2/kWh", "tCO2/MWh", "1"),
        ("tCO2/10^4Nm3", "kgCO2/m3", "0.1"),
        ("GJ/10^4Nm3", "MJ/Nm3", "0.1"),
        ("tce/万元", "kgce/元", "0.1"),
        ("m²", "ha", "0.0001"),
        ("个", "1", "1"),
    ],
)
def test_scale(source: str, target: str, factor: str) -> None:
    assert scale(source, target) == Decimal(factor)


@pytest.mark.parametrize("text", ["abc", "t+", "MWh*", "kWhh", "1e5", "t;import os", "吨吨"])
def test_not_a_unit(text: str) -> None:
    assert not is_unit(text)


def test_coal_and_carbon_dioxide_never_mix() -> None:
    assert not same_dimension("t", "tCO2e")
    with pytest.raises(UnitError, match="same thing"):
        convert(Decimal(1), "t", "tCO2")


def test_exact_whatever_the_callers_context() -> None:
    @exactly
    def third() -> Decimal:
        return Decimal(1) / Decimal(3)

    with localcontext() as context:
        context.prec = 3
        assert len(third().as_tuple().digits) == EXACT.prec
