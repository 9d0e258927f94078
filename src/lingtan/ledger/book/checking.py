"""The whole book read again: chain, tables, units, closes."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.errors import Fault, LingtanError, fault
from lingtan.ledger.book.closing import find_cancelled, find_flows
from lingtan.ledger.book.posting import cancelled
from lingtan.ledger.book.records import ISSUED, Entry, Head
from lingtan.ledger.book.store import ROOT, Store, columns_of, hash_of


def check_store(store: Store, noted: Head | None = None) -> tuple[Fault, ...]:
    """All that is wrong with the book; `noted` is a head written down earlier, elsewhere."""
    entries = list(store.entries())
    chain = list(_find_breaks(store, entries))
    if (
        noted
        and noted.number
        and (len(entries) < noted.number or entries[noted.number - 1].hash != noted.hash)
    ):
        chain.append(fault("ledger.book-other-head", store.place, entry=noted.number, hash=noted.hash))
    return (*chain, *_find_strays(store, entries), *_find_overlaps(store), *_find_lost(store, entries))


def _find_breaks(store: Store, entries: list[Entry]) -> Iterator[Fault]:
    previous = ROOT
    for number, entry in enumerate(entries, 1):
        if (entry.number, entry.previous, entry.hash) != (number, previous, hash_of(entry)):
            yield fault("ledger.book-broken-chain", store.place, entry=entry.number)
        previous = entry.hash


def _find_strays(store: Store, entries: list[Entry]) -> Iterator[Fault]:
    """Instruments that are not those of their entries, moves without an entry."""
    for entry in entries:
        if columns_of(store.connection, entry.number) != entry.request.get("columns"):
            yield fault("ledger.book-broken-chain", store.place, entry=entry.number)
    query = "SELECT {0} FROM {1} WHERE {0} NOT IN (SELECT number FROM entries)"
    for column, table in (("entry", "moves"), ("number", "instruments")):
        for (number,) in store.connection.execute(query.format(column, table)):
            yield fault("ledger.book-broken-chain", store.place, entry=number)


def _find_overlaps(store: Store) -> Iterator[Fault]:
    before = None
    order = "register, registry, prefix, first"
    for i in store.instruments("digits > 0", order=order):
        kin = (i.register, i.registry, i.prefix)
        is_kin = before and (before.register, before.registry, before.prefix) == kin
        if before and is_kin and before.first + before.count > i.first:
            words = {"id": i.id, "other": before.id, "park": before.park}
            yield fault("ledger.book-serials-twice", store.place, **words)
            continue
        before = i


def _find_lost(store: Store, entries: list[Entry]) -> Iterator[Fault]:
    """Units that moved from where they were not, flows that do not add up, frozen years that moved."""
    try:
        for instrument in store.instruments("1"):
            lots = store.lots(instrument)
            if lots.balance(ISSUED):
                words = {"first": 1, "last": instrument.count, "account": ISSUED}
                yield fault("ledger.book-not-conserved", store.place, id=instrument.id, **words)
        for park in sorted({entry.park for entry in entries}):
            for unit, flow in find_flows(store, park).items():
                if not flow.is_conserved:
                    words = {"account": park, "first": unit, "last": flow}
                    yield fault("ledger.book-not-conserved", store.place, id=park, **words)
        yield from _find_thawed(store, entries)
    except LingtanError as error:
        yield from error.faults


def _find_thawed(store: Store, entries: list[Entry]) -> Iterator[Fault]:
    reversed_ = {entry.reverses for entry in entries}
    for entry in entries:
        if entry.action != "close" or entry.number in reversed_ or entry.year is None:
            continue
        if find_cancelled(store, entry.park, entry.year) != entry.request["cancelled"]:
            words = {"park": entry.park, "year": entry.year, "account": cancelled(entry.park, entry.year)}
            yield fault("ledger.book-close-differs", store.place, entry=entry.number, **words)
