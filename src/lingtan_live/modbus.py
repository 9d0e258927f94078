"""Reading Modbus TCP devices at one instant: what they show, and what is wrong with them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lingtan.errors import Fault, Place, fault
from lingtan_live.blocks import Block, build_blocks
from lingtan_live.clocks import Clock
from lingtan_live.limits import RefusalError, limit
from lingtan_live.readings import Reading
from lingtan_live.registers import RegisterMap, read_registers
from lingtan_live.settings import Device, PollPlan
from lingtan_live.stamps import read_value

if TYPE_CHECKING:
    from pymodbus.client import ModbusTcpClient

_HOLDING = 3
_NO_DEVICE = (10, 11)  # exceptions of a gateway whose device does not answer
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Round:
    """What one instant yielded. `faults` are news: what is wrong now and was not the time before."""

    at: datetime
    readings: tuple[Reading, ...]
    faults: tuple[Fault, ...]
    silent: tuple[str, ...]


class _SilentError(Exception):
    """A device that does not answer, and why."""


class _RefusedError(Exception):
    """An exception response, by its number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Station:
    """A device with its map, and what was wrong with it the time before."""

    device: Device
    map: RegisterMap
    blocks: tuple[Block, ...]
    missed: int = 0
    wrong: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class _Line:
    """The devices behind one address: asked one after the other over one connection."""

    stations: list[_Station]
    client: ModbusTcpClient


@dataclass(slots=True)
class _Found:
    """What a device has yielded at this instant so far."""

    station: _Station
    at: datetime
    readings: list[Reading] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_silent: bool = False

    def blame(self, code: str, column: str = "", **context: object) -> None:
        name = self.station.device.name
        self.faults.append(fault(code, Place(name, column=column), device=name, **context))

    def refuse(self, value: str, exception: int) -> None:
        self.blame("live.register-refused", value, value=value, exception=exception)


class ModbusPoller:
    """Reads all devices of `plan`; one that is silent keeps none of the others waiting.

    Connections stay open between instants. Call `close` at the end.
    """

    def __init__(self, plan: PollPlan, *, clock: Clock | None = None) -> None:
        settings, maps = plan.settings, plan.maps
        self._settings, self._clock = settings, clock or Clock()
        self._late = min(limit("late_seconds"), settings.interval_seconds)
        self._lines = [
            _Line([_station(device, maps) for device in devices], self._build_client(host, port))
            for (host, port), devices in groupby(sorted(settings.devices, key=_address), key=_address)
        ]
        self._pool = ThreadPoolExecutor(min(settings.at_once, len(self._lines)), "modbus")

    def read(self, at: datetime) -> Round:
        """What the devices show now, stamped `at`; what comes later than `late_seconds` is not used."""
        lines = self._pool.map(lambda line: self._read_line(line, at), self._lines)
        found = [one for line in lines for one in line]
        return Round(
            at,
            tuple(reading for one in found for reading in one.readings),
            tuple(news for one in found for news in _find_news(one)),
            tuple(one.station.device.name for one in found if one.is_silent),
        )

    def close(self) -> None:
        """End the connections."""
        self._pool.shutdown()
        for line in self._lines:
            _close(line.client)

    def _read_line(self, line: _Line, at: datetime) -> list[_Found]:
        found = [_Found(station, at) for station in line.stations]
        is_open = _connect(line.client)
        for one in found:
            try:
                if not is_open:
                    raise _SilentError("no connection")
                self._read_station(line.client, one)
            except _SilentError as error:
                one.is_silent = True
                one.readings.clear()
                one.blame("live.device-unreachable", reason=error)
                _close(line.client)  # an answer that comes after all must not be taken for the next
                is_open = is_open and _connect(line.client)
        return found

    def _read_station(self, client: ModbusTcpClient, found: _Found) -> None:
        """All blocks; of a block that is refused each value by itself, for one may be the reason."""
        for block in found.station.blocks:
            if not self._read_block(client, block, found):
                for single in _split(block, found.station):
                    self._read_block(client, single, found)

    def _read_block(self, client: ModbusTcpClient, block: Block, found: _Found) -> bool:
        """Read a block; False if it was refused and may be tried in parts."""
        try:
            registers = _ask(client, block, found.station.device.unit)
        except _RefusedError as refused:
            if len(block.names) > 1:
                return False
            found.refuse(block.names[0], refused.code)
            return True
        late = (self._clock.now() - found.at).total_seconds()
        if late > self._late:
            found.blame("live.poll-late", at=found.at.isoformat(), seconds=round(late), limit=self._late)
            return True
        for name in block.names:
            self._read_value(name, registers, block, found)
        return True

    def _read_value(self, name: str, registers: Sequence[int], block: Block, found: _Found) -> None:
        station = found.station
        register = station.map.values[name]
        begin = register.address - block.address
        words = registers[begin : begin + register.count]
        shown = read_registers(words, register, station.map.orders(register))
        if shown.value is None:
            code = "live.register-blank" if shown.is_blank else "live.register-not-a-number"
            return found.blame(code, name, value=name, given=hex(shown.raw))
        try:
            value = read_value(shown.value, _DECIMALS)
        except RefusalError as refusal:
            found.faults.append(refusal.fault(Place(station.device.name, column=name)))
            return None
        found.readings.append(Reading(station.device.meters[name], found.at, value))
        return None

    def _build_client(self, host: str, port: int) -> ModbusTcpClient:
        from pymodbus.client import ModbusTcpClient

        logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())  # we have words of our own
        settings = self._settings
        return ModbusTcpClient(host, port=port, timeout=settings.timeout_seconds, retries=settings.retries)


def _station(device: Device, maps: Mapping[str, RegisterMap]) -> _Station:
    found = maps[device.map]
    wanted = {name: found.values[name] for name in device.meters}
    return _Station(device, found, build_blocks(wanted, device.gap))


def _address(device: Device) -> tuple[str, int]:
    return device.host, device.port


def _split(block: Block, station: _Station) -> tuple[Block, ...]:
    """The values of a block, each in a block of its own."""
    return tuple(build_blocks({name: station.map.values[name]})[0] for name in block.names)


def _connect(client: ModbusTcpClient) -> bool:
    return bool(client.connect())  # type: ignore[no-untyped-call]


def _close(client: ModbusTcpClient) -> None:
    client.close()  # type: ignore[no-untyped-call]


def _ask(client: ModbusTcpClient, block: Block, unit: int) -> list[int]:
    from pymodbus.exceptions import ModbusException

    read: Any = client.read_holding_registers if block.function == _HOLDING else client.read_input_registers
    try:
        answer = read(block.address, count=block.count, device_id=unit)
    except (ModbusException, OSError) as error:
        raise _SilentError(str(error)[:200]) from None
    if answer.isError():
        code = int(getattr(answer, "exception_code", 0))
        if code in _NO_DEVICE or not code:
            raise _SilentError(f"exception {code}")
        raise _RefusedError(code)
    if len(answer.registers) != block.count:
        raise _SilentError(f"{len(answer.registers)} registers instead of {block.count}")
    return list(answer.registers)


def _find_news(found: _Found) -> Iterator[Fault]:
    """The faults that were not there at the instant before, and the return of a device."""
    station = found.station
    if station.missed and not found.is_silent:
        name = station.device.name
        yield fault("live.device-back", Place(name), device=name, missed=station.missed)
    station.missed = station.missed + 1 if found.is_silent else 0
    before = station.wrong
    station.wrong = frozenset((one.code, one.place.column) for one in found.faults)
    yield from (one for one in found.faults if (one.code, one.place.column) not in before)
