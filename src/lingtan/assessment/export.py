"""An assessment as JSON (shape: docs/reference/json.md). A field is never absent; null is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lingtan.assessment.naming import name_datum
from lingtan.assessment.records import Assessment, GateResult, IndicatorResult, LevelResult, MissingDatum
from lingtan.trace import Node, as_dict, export_gaps, plain, walk

SHOWN_DEPTH = 2  # limits, value and its terms; `explain` opens what lies deeper
NOT_KNOWN = ("资料不足，无法判定", "cannot be judged, data are missing")


def export_assessment(result: Assessment) -> dict[str, Any]:
    """`result` as plain data for JSON: exact decimals as strings, order fixed."""
    return {
        "park": result.park,
        "park_name": result.park_zh,
        "edition": result.edition,
        "edition_name": result.edition_zh,
        "edition_sha256": result.edition_sha256,
        "dossier_sha256": result.dossier_sha256,
        "readings_sha256": result.readings_sha256 or None,
        "software": result.software,
        "on": result.on.isoformat(),
        "stars": result.stars,
        "stage": result.stage,
        "score": plain(result.score),
        "gates": [_gate(gate) for gate in result.gates],
        "indicators": [_indicator(indicator) for indicator in result.indicators],
        "levels": [_level(level) for level in result.levels],
        "missing": [_missing(datum) for datum in result.missing],
        "basis_count": dict(result.basis_count),
        "withheld": [fault.as_dict() for fault in result.withheld],
    }


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "id": gate.id,
        "name": gate.zh,
        "name_en": gate.en,
        "passed": gate.passed,
        "reason": None if gate.passed else gate.reason_zh if gate.passed is False else NOT_KNOWN[0],
        "reason_en": None if gate.passed else gate.reason_en if gate.passed is False else NOT_KNOWN[1],
        "missing": export_gaps(gate.missing),
        "trace": as_dict(gate.node, depth=SHOWN_DEPTH - 1),
    }


def _indicator(indicator: IndicatorResult) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "id": indicator.id,
        "name": indicator.zh,
        "name_en": indicator.en,
        "kind": indicator.kind,
        "value": plain(indicator.value),
        "unit": indicator.unit,
        "points": plain(indicator.points),
        "earned": plain(indicator.earned),
        "passed": indicator.passed,
        "applies": indicator.applies,
        "inapplicable_reason": indicator.inapplicable_reason or None,
        "missing": export_gaps(indicator.missing),
        "basis": indicator.basis,
        "trace": as_dict(indicator.node, depth=SHOWN_DEPTH),
    }


def _level(level: LevelResult) -> dict[str, Any]:
    return {
        "code": level.code,
        "name": level.zh,
        "name_en": level.en,
        "points": plain(level.points),
        "earned": plain(level.earned),
        "passed": level.passed,
    }


def _missing(datum: MissingDatum) -> dict[str, Any]:
    return {
        "datum": datum.datum,
        "name": name_datum(datum.datum, "zh"),
        "asked_of": datum.asked_of,
        "indicators": list(datum.indicators),
        "gates": list(datum.gates),
        "points_at_stake": plain(datum.points_at_stake),
        "could_change_stars": datum.could_change_stars,
    }


def export_trace(root: Node) -> dict[str, Any]:
    """A whole trace as a table of nodes: {root, nodes: {key: {…, inputs: [{label, node}]}}}.

    Shared inputs stand once; keys are the node's name, numbered where a name stands for
    several nodes. Evaluating each rule over its inputs gives each value again.
    """
    keys: dict[int, str] = {}
    used: dict[str, int] = {}
    nodes: dict[str, Any] = {}
    for node in walk(root):
        used[node.name] = used.get(node.name, 0) + 1
        key = node.name if used[node.name] == 1 else f"{node.name}#{used[node.name]}"
        keys[id(node)] = key
        inputs = [{"label": label, "node": keys[id(child)]} for label, child in node.inputs]
        nodes[key] = {**as_dict(replace(node, inputs=())), "inputs": inputs}
    return {"root": keys[id(root)], "nodes": nodes}
