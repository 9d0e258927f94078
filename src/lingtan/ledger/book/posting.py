"""What is entered: acquired, handed on, sold, cancelled, expired, taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.instruments.rules import CancellationRules
from lingtan.instruments.screening import plain
from lingtan.ledger.book.describing import bad_value, describe, find_bad_quantity, find_bad_year
from lingtan.ledger.book.lots import Lots
from lingtan.ledger.book.records import Acquired, Action, Entry, Instrument, Move, Posted, Stamp
from lingtan.ledger.book.store import Line, Store, held

_PARK = re.compile(r"[^\s/](?:[^/\x00-\x1f]*[^\s/])?")
_SERIAL_REGISTERS = ("certificates", "credits")
_GREEN = ("certificates", "green_electricity")


def cancelled(park: str, year: int) -> str:
    """The account of what the park cancelled for the year."""
    return f"cancelled/{park}/{year}"


def sold(park: str) -> str:
    """The account of what the park sold to somebody outside the book."""
    return f"sold/{park}"


def expired(park: str) -> str:
    """The account of what ran out while the park held it."""
    return f"expired/{park}"


def check_stamp(stamp: Stamp, *parks: str) -> None:
    """LingtanError if nobody signs, no reason is given, the time has no offset, or a park has no name."""
    found: list[Fault] = []
    if not stamp.who.strip() or not stamp.why.strip():
        found.append(fault("ledger.book-unsigned"))
    if stamp.when.utcoffset() is None:
        found.append(bad_value(Place(), "when", stamp.when, "时间没有时区偏移 a time without offset"))
    for park in parks:
        if not _PARK.fullmatch(park):
            reason = "园区编号不得为空，不得含“/” a park id is not blank and has no '/'"
            found.append(bad_value(Place(), "park", park, reason))
    refuse_any(found)


def refuse_any(found: list[Fault]) -> None:
    """LingtanError with all of `found`, if there is any."""
    if found:
        raise LingtanError(found)


def known_voucher(
    store: Store, action: Action, park: str, stamp: Stamp, request: Mapping[str, Any]
) -> Posted | None:
    """The entry made for this voucher before; LingtanError if it was something else, or taken back."""
    voucher = stamp.voucher.strip()
    if not voucher:
        return None
    entry = next(store.entries("WHERE voucher = ?", (voucher,)), None)
    if entry is None:
        return None
    said = {key: value for key, value in entry.request.items() if key != "columns"}
    if (entry.action, entry.park, said) != (action, park, request):
        raise LingtanError([fault("ledger.voucher-differs", voucher=voucher, entry=entry.number)])
    reversal = store.reversal(entry.number)
    if reversal is not None:
        words = {"voucher": voucher, "entry": entry.number, "by": reversal}
        raise LingtanError([fault("ledger.voucher-reversed", Place(), **words)])
    return Posted(entry, new=False)


def acquire(store: Store, park: str, given: Acquired, stamp: Stamp, rules: CancellationRules) -> Posted:
    """Issued to the park: every unit of it, which nobody else in the book may have."""
    check_stamp(stamp, park)
    new = describe(park, given, rules)
    request = {"instrument": new.key, "cells": dict(new.cells)}
    known = known_voucher(store, "acquire", park, stamp, request)
    if known:
        return known
    refuse_any(_find_twice(store, new))
    return store.append(Line("acquire", park, stamp, request), new=new)


def _find_twice(store: Store, new: Instrument) -> list[Fault]:
    place = Place(sheet=new.register)
    if store.instrument(new.key) is not None:
        code = "period-twice" if new.register == "green_electricity" else "id-twice"
        return [fault(f"ledger.{code}", place, id=new.id, period=new.cells.get("period", ""))]
    if new.register == "green_electricity":
        return _find_period(store, new, place)
    if new.register not in _SERIAL_REGISTERS:
        return []
    other = store.overlapping(new)
    if other is not None:
        words = {"id": new.id, "other": other.id, "park": other.park}
        return [fault("ledger.book-serials-twice", place, **words)]
    return _find_same_generation(store, new, place)


def _find_period(store: Store, new: Instrument, place: Place) -> list[Fault]:
    """A contract is settled once for a month, whoever enters it."""
    where = "register = ? AND id = ? AND month_from <= ? AND month_to >= ?"
    other = next(store.instruments(where, new.register, new.id, new.month_to, new.month_from), None)
    if other is None:
        return _find_same_generation(store, new, place)
    return [fault("ledger.period-twice", place, id=new.id, period=new.cells["period"])]


def _find_same_generation(store: Store, new: Instrument, place: Place) -> list[Fault]:
    """One project and month as green electricity and as credit: one megawatt-hour, two claims."""
    if not new.project:
        return []
    others = ("credits",) if new.register in _GREEN else _GREEN
    where = (
        f"project = ? AND month_from <= ? AND month_to >= ? AND register IN ({', '.join('?' * len(others))})"
    )
    other = next(store.instruments(where, new.project, new.month_to, new.month_from, *others), None)
    if other is None:
        return []
    words = {"id": new.id, "other": other.id, "park": other.park, "project": new.project}
    return [fault("ledger.same-generation", place, **words)]


def find_held(store: Store, park: str, key: str, quantity: int) -> tuple[Instrument, list[tuple[int, int]]]:
    """The instrument and the lowest `quantity` units of it that the park holds, or LingtanError."""
    refuse_any(find_bad_quantity(quantity, Place(sheet=key)))
    instrument = store.instrument(key)
    if instrument is None:
        raise LingtanError([fault("ledger.book-unknown", instrument=key)])
    lots = store.lots(instrument)
    taken = lots.take(held(park), quantity)
    if taken is None:
        left = lots.balance(held(park))
        words = {"id": instrument.id, "park": park, "quantity": quantity, "left": left}
        raise LingtanError([fault("ledger.book-overdrawn", Place(), unit=instrument.unit, **words)])
    return instrument, taken


def transfer(store: Store, park: str, buyer: str, units: tuple[str, int], stamp: Stamp) -> Posted:
    """Units (key of the instrument, quantity) to another park."""
    check_stamp(stamp, park, buyer)
    if buyer == park:
        raise LingtanError([bad_value(Place(), "buyer", buyer, "不能转给自己 not to itself")])
    request = {"instrument": units[0], "quantity": units[1], "buyer": buyer}
    known = known_voucher(store, "transfer", park, stamp, request)
    if known:
        return known
    moves = _hand_on(store, park, units, held(buyer), stamp)
    return store.append(Line("transfer", park, stamp, request), moves)


def sell(store: Store, park: str, units: tuple[str, int], stamp: Stamp) -> Posted:
    """Units to somebody outside the book."""
    check_stamp(stamp, park)
    request = {"instrument": units[0], "quantity": units[1]}
    known = known_voucher(store, "sell", park, stamp, request)
    if known:
        return known
    moves = _hand_on(store, park, units, sold(park), stamp)
    return store.append(Line("sell", park, stamp, request), moves)


def _hand_on(store: Store, park: str, units: tuple[str, int], target: str, stamp: Stamp) -> list[Move]:
    instrument, ranges = find_held(store, park, *units)
    words = {"id": instrument.id, "contract": instrument.cells.get("contract", "")}
    if instrument.register not in _SERIAL_REGISTERS:
        raise LingtanError([fault("ledger.book-not-transferable", **words)])
    if words["contract"]:
        raise LingtanError([fault("ledger.bound-to-contract", **words)])
    refuse_any(_find_expired(instrument, stamp))
    return [Move(instrument.number, held(park), target, *ends) for ends in ranges]


def _find_expired(instrument: Instrument, stamp: Stamp) -> list[Fault]:
    if instrument.last_day is None or stamp.day <= instrument.last_day:
        return []
    words = {"id": instrument.id, "last_day": instrument.last_day, "day": stamp.day}
    return [fault("ledger.book-expired", **words)]


def cancel(
    store: Store, account: tuple[str, int], units: tuple[str, int], stamp: Stamp, rules: CancellationRules
) -> Posted:
    """Used by `account` (park and year), once and for all unless taken back before the close."""
    park, year = account
    check_stamp(stamp, park)
    refuse_any(find_bad_year(year, Place()))
    request = {"instrument": units[0], "quantity": units[1], "proof": stamp.proof.strip(), "year": year}
    known = known_voucher(store, "cancel", park, stamp, request)
    if known:
        return known
    check_open(store, park, year)
    instrument, ranges = find_held(store, park, *units)
    refuse_any(_find_unusable(instrument, year, stamp, rules))
    moves = [Move(instrument.number, held(park), cancelled(park, year), *ends) for ends in ranges]
    return store.append(Line("cancel", park, stamp, request, year), moves)


def check_open(store: Store, park: str, year: int) -> None:
    """LingtanError if the year is closed."""
    close = store.standing_close(park, year)
    if close is not None:
        raise LingtanError([fault("ledger.year-closed", park=park, year=year, entry=close.number)])


def _find_unusable(i: Instrument, year: int, stamp: Stamp, rules: CancellationRules) -> list[Fault]:
    found = []
    if not i.first_year <= year <= i.last_year:
        words = {
            "generated": i.cells.get("generated", ""),
            "validity": plain(rules.certificate_validity.value),
            "vintage": i.cells.get("vintage", ""),
            "age": plain(rules.credit_vintage_age.value),
            "given": i.first_year,
        }
        direction = "new" if year < i.first_year else "old"
        kind = {"certificates": f"certificate-too-{direction}", "credits": f"vintage-too-{direction}"}
        code = kind.get(i.register, "book-other-year")
        found.append(fault(f"ledger.{code}", Place(sheet=i.register), id=i.id, year=year, **words))
    if i.register in _SERIAL_REGISTERS and not stamp.proof.strip():
        found.append(fault("ledger.book-no-proof", Place(sheet=i.register), id=i.id, cell="proof"))
    return [*found, *_find_expired(i, stamp)]


def expire(store: Store, park: str, stamp: Stamp) -> Posted | None:
    """All that the park holds and that was no longer valid on the day; None if there is nothing."""
    check_stamp(stamp, park)
    request = {"day": stamp.day.isoformat()}
    known = known_voucher(store, "expire", park, stamp, request)
    if known:
        return known
    moves = []
    for instrument in store.touched(held(park)):
        if _find_expired(instrument, stamp):
            ranges = store.lots(instrument).ranges(held(park))
            moves += [Move(instrument.number, held(park), expired(park), *ends) for ends in ranges]
    if not moves:
        return None
    return store.append(Line("expire", park, stamp, request), moves)


def reverse(store: Store, number: int, stamp: Stamp) -> Posted:
    """The opposite of an entry, as an entry of its own; a close reversed opens its year again."""
    check_stamp(stamp)
    entry = store.entry(number)
    if entry is None:
        raise LingtanError([fault("ledger.book-no-entry", entry=number)])
    request = {"reverses": number}
    known = known_voucher(store, "reverse", entry.park, stamp, request)
    if known:
        return known
    reversal = store.reversal(number)
    if reversal is not None or entry.action == "reverse":
        raise LingtanError([fault("ledger.reversed-already", entry=number, by=reversal or number)])
    if entry.year is not None and entry.action != "close":
        check_open(store, entry.park, entry.year)
    moves = [Move(m.instrument, m.target, m.source, m.first, m.last) for m in reversed(entry.moves)]
    _check_unmoved(store, entry, moves)
    line = Line("reverse", entry.park, stamp, request, entry.year, number)
    return store.append(line, moves)


def _check_unmoved(store: Store, entry: Entry, moves: list[Move]) -> None:
    lots: dict[int, Lots] = {}
    for move in moves:
        if move.instrument not in lots:
            (instrument,) = store.instruments("number = ?", move.instrument, withdrawn=True)
            lots[move.instrument] = store.lots(instrument)
        if lots[move.instrument].apply([move]):
            raise LingtanError([fault("ledger.reversal-moved", entry=entry.number, account=move.source)])
