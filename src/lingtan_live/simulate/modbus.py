"""A Modbus TCP device on loopback whose registers count, like those of a meter."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from typing import Any

from lingtan_live.simulate.broker import find_port

Registers = dict[int, int]

_HOLDING = 3
_START_SECONDS = 20


def write_number(number: int | float, form: str) -> list[int]:
    """A number as 16-bit registers, high word first; `form` is that of `struct` (`>I`, `>f`, …)."""
    raw = struct.pack(form, number)
    return [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]


class SimulatedDevice:
    """A device that serves `holding` and `input` registers (address → word) until it is stopped.

    Both can be changed at any time, by another thread too. Addresses nobody set are refused with
    exception 2. `delay_seconds` makes it slow. It can be stopped and started again, on the same port.
    """

    def __init__(self, unit: int = 1, port: int = 0) -> None:
        self.unit, self.port = unit, port or find_port()
        self.holding: Registers = {}
        self.input: Registers = {}
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self.questions = 0
        self.delay_seconds = 0.0

    def set_holding(self, values: Mapping[int, Sequence[int]]) -> None:
        """Set words from an address on, for each address."""
        self.holding.update(_by_address(values))

    def set_input(self, values: Mapping[int, Sequence[int]]) -> None:
        """Set words from an address on, for each address."""
        self.input.update(_by_address(values))

    def start(self) -> None:
        """Serve; returns when it listens."""
        ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            raise OSError(f"no Modbus server on port {self.port}")

    def stop(self) -> None:
        """End all connections and free the port."""
        if self._loop is None or self._end is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(_START_SECONDS)
        self._thread = self._loop = self._end = None

    async def _serve(self, ready: Event) -> None:
        from pymodbus.server import ModbusTcpServer
        from pymodbus.simulator import DataType, SimData, SimDevice

        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        words = SimData(0, count=65536, values=0, datatype=DataType.REGISTERS)
        device = SimDevice(self.unit, simdata=[words], action=self._answer)
        server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await server.serve_forever(background=True)
        ready.set()
        await self._end.wait()
        await server.shutdown()  # type: ignore[no-untyped-call]

    async def _answer(  # noqa: PLR0913 the server calls it so
        self, function: int, start: int, address: int, count: int, current: list[int], values: Any
    ) -> Any:
        """Put the words asked for where the server reads them, or refuse."""
        from pymodbus.constants import ExcCodes

        self.questions += 1
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        words = self.holding if function == _HOLDING else self.input
        asked = range(address, address + count)
        if values is not None or any(one not in words for one in asked):
            return ExcCodes.ILLEGAL_ADDRESS
        for one in asked:
            current[one - start] = words[one]
        return None


def _by_address(values: Mapping[int, Sequence[int]]) -> Registers:
    return {begin + index: word for begin, words in values.items() for index, word in enumerate(words)}
