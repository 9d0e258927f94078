"""The registry: every factor by id, and the right one for an activity, a place, a year, a method."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import lingtan_data
from lingtan import quantities
from lingtan.errors import FactorError, Fault, Place, fault, has_errors
from lingtan.factors.choice import Query, choose, explained, is_in_force, review_faults, suits_method
from lingtan.factors.reading import Placed, read_folder
from lingtan.factors.records import Factor, FoundFactor
from lingtan.factors.tables import place_chain

OWN_PREFIX = "own."


class Registry:
    """Factors that do not change. Searches are remembered, so that asking again is a dict lookup."""

    def __init__(self, factors: Iterable[Factor]) -> None:
        self._by_id: Mapping[str, Factor] = {f.id: f for f in sorted(factors, key=lambda f: f.id)}
        index: dict[tuple[str, str], list[Factor]] = {}
        for factor in self._by_id.values():
            index.setdefault((factor.activity, factor.kind), []).append(factor)
        self._index = {key: tuple(found) for key, found in index.items()}
        self._answers: dict[tuple[object, ...], FoundFactor] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def find(  # noqa: PLR0913 - keyword-only, one for each thing that decides
        self,
        *,
        activity: str,
        kind: str,
        year: int,
        place: str = "CN",
        method: str = "",
        unit: str = "",
        on: date | None = None,
    ) -> FoundFactor:
        """The factor for `activity` and `kind` at `place` in the reporting year `year`.

        Region: province, then grid, then country, then world. Vintage: the newest not after
        `year`, else the earliest later one (warning). `method`: factors fixed by it come
        first. `unit`: only factors of the same dimension. `on`: warns of a past review day.
        FactorError: nothing found (lists what exists), value not found, unknown place,
        several units and none named.
        """
        key = (activity, kind, year, place, method, unit, on)
        answer = self._answers.get(key)
        if answer is None:
            query = Query(activity, kind, place, place_chain(place), year, method, unit, on)
            answer = self._answers[key] = self._find(query)
        return answer

    def _find(self, query: Query) -> FoundFactor:
        known = self._index.get((query.activity, query.kind), ())
        candidates = [f for f in known if is_in_force(f, query.year) and suits_method(f, query.method)]
        candidates = [f for f in candidates if f.region in query.chain]
        candidates = _of_unit(candidates, query)
        chosen = choose(candidates, query)
        if isinstance(chosen, FoundFactor):
            return chosen
        existing = _listed(known or self.list_factors(activity=query.activity))
        if chosen is not None:
            raise FactorError(
                [fault("factor.not-found-value", id=chosen.id, source=chosen.source, existing=existing)]
            )
        raise FactorError(
            [
                fault(
                    "factor.none-found",
                    activity=query.activity,
                    kind=query.kind,
                    where=query.place,
                    year=query.year,
                    existing=existing,
                )
            ]
        )

    def find_by_id(self, id_: str, *, on: date | None = None) -> FoundFactor:
        """The factor with this id, superseded ones too (warning). FactorError: no such id, no value."""
        factor = self.get(id_)
        if factor.value is None:
            existing = _listed(self._index[factor.activity, factor.kind])
            raise FactorError(
                [fault("factor.not-found-value", id=id_, source=factor.source, existing=existing)]
            )
        faults = list(review_faults(factor, on))
        if factor.replaced_by:
            faults.append(fault("factor.superseded", id=id_, by=factor.replaced_by))
        return explained(factor, "按编号指定", "named by its id", faults)

    def get(self, id_: str) -> Factor:
        """The factor with this id as it stands, value or not. FactorError if no factor has it."""
        if id_ not in self._by_id:
            near = difflib.get_close_matches(id_, self._by_id, n=3)
            raise FactorError([fault("factor.unknown-id", id=id_, near="、".join(near) or "-")])
        return self._by_id[id_]

    def list_factors(
        self, *, activity: str = "", kind: str = "", place: str = "", year: int = 0, gas: str = ""
    ) -> tuple[Factor, ...]:
        """Every factor, by id, that has what is given (place: the region itself, as id or name)."""
        region = place_chain(place)[0] if place else ""
        return tuple(
            f
            for f in self._by_id.values()
            if (not activity or f.activity == activity)
            and (not kind or f.kind == kind)
            and (not region or f.region == region)
            and (not year or f.year == year)
            and (not gas or f.gas == gas)
        )


def _of_unit(candidates: list[Factor], query: Query) -> list[Factor]:
    """Those of the dimension of the unit asked for; without one, all must be of one dimension."""
    units = {f.unit for f in candidates}
    if query.unit:
        fitting = {unit for unit in units if _fits(unit, query.unit)}
        return [f for f in candidates if f.unit in fitting]
    # values of a wider region may be per another quantity: only the place itself must be clear
    for region in query.chain:
        here = sorted({f.unit for f in candidates if f.region == region})
        if here:
            if any(not quantities.same_dimension(here[0], unit) for unit in here[1:]):
                units_here = "、".join(here)
                raise FactorError(
                    [
                        fault(
                            "factor.needs-unit",
                            activity=query.activity,
                            kind=query.kind,
                            units=units_here,
                        )
                    ]
                )
            break
    return candidates


def _fits(unit: str, other: str) -> bool:
    return unit == other or (quantities.is_unit(other) and quantities.same_dimension(unit, other))


def _listed(factors: Iterable[Factor]) -> str:
    """What exists, in words for a fault: id, value, and what replaced it."""
    parts = [
        f"{f.id}（{'—' if f.value is None else f'{f.value:f} {f.unit}'}"
        f"{f'，→ {f.replaced_by}' if f.replaced_by else ''}）"
        for f in factors
    ]
    more = f" … +{len(parts) - 12}" if len(parts) > 12 else ""
    return "、".join(parts[:12]) + more if parts else "—"


def load_registry(*folders: Path) -> Registry:
    """The shipped factors, with those of `folders` (a user's own) laid over them in their order.

    Ids of one's own begin with `own.`; one that takes the place of another names it in
    `overrides`. FactorError with every fault of every file.
    """
    if not folders:
        return _shipped()
    placed, faults = read_layers(folders)
    if has_errors(faults):
        raise FactorError(faults)
    return Registry(factor for factor, _ in placed)


@cache
def _shipped() -> Registry:
    placed, faults = read_layers(())
    if has_errors(faults):
        raise FactorError(faults)
    return Registry(factor for factor, _ in placed)


def read_layers(folders: Iterable[Path]) -> tuple[list[Placed], list[Fault]]:
    """Shipped factors and those of `folders`, overridden ones marked, and every fault."""
    placed, faults = read_folder(lingtan_data.path("factors"))
    faults += _clashes(placed)
    for folder in folders:
        own, wrong = read_folder(folder)
        faults += wrong
        faults += _own_faults(own, {f.id: f for f, _ in placed})
        placed = _overridden(placed, own) + own
        faults += _clashes(placed, own)
    return placed, faults


def _own_faults(own: list[Placed], below: Mapping[str, Factor]) -> Iterable[Fault]:
    for factor, place in own:
        if not factor.id.startswith(OWN_PREFIX):
            yield fault("factor.own-prefix", place, id=factor.id)
        at = Place(place.file, place.sheet, place.row, "overrides")
        other = below.get(factor.overrides)
        if factor.overrides and other is None:
            yield fault("factor.unknown-reference", at, column="overrides", id=factor.overrides)
        elif other is not None and (other.activity, other.kind) != (factor.activity, factor.kind):
            yield fault("factor.unfit-override", at, id=factor.id, other=other.id)


def _overridden(placed: list[Placed], own: list[Placed]) -> list[Placed]:
    by = {factor.overrides: factor.id for factor, _ in own if factor.overrides}
    return [(replace(f, replaced_by=by[f.id]) if f.id in by else f, at) for f, at in placed]


def _clashes(placed: list[Placed], own: list[Placed] | None = None) -> Iterable[Fault]:
    """Equal ids, and factors between which a search could not choose."""
    ids: dict[str, Place] = {}
    places: dict[tuple[object, ...], Factor] = {}
    mine = {factor.id for factor, _ in own or ()}
    for factor, at in placed:
        if factor.id in ids:
            yield fault("factor.duplicate-id", at, id=factor.id, other=ids[factor.id])
            continue
        ids[factor.id] = at
        if factor.replaced_by:
            continue
        what = (factor.activity, factor.kind, factor.region, factor.unit)
        key = (*what, factor.method, factor.year, factor.valid_from, factor.valid_to)
        other = places.setdefault(key, factor)
        if other is not factor:
            code = "factor.ambiguous"
            if factor.id in mine and other.id not in mine:
                code = "factor.undeclared-override"
            yield fault(code, at, id=factor.id, other=other.id)
