"""Simulators on loopback: senders of MQTT messages, Modbus devices, bodies of HTTP pushes."""

from lingtan_live.simulate.truth import Meters, find_truth

__all__ = ["Meters", "find_truth"]
