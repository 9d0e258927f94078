"""Live input: MQTT, Modbus TCP and the shape of an HTTP push; network and clock live here.

The core knows nothing of this package. Readings go to a `Sink`; `LakeSink` is the lake.
"""

from lingtan_live.readings import MemorySink, Reading, Sink

__all__ = ["MemorySink", "Reading", "Sink"]
