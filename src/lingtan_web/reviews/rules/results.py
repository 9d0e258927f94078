"""What a submission keeps of an exported assessment: everything a finding may be about, no traces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_HEAD = (
    "edition", "edition_name", "edition_sha256", "dossier_sha256", "readings_sha256", "software", "on",
    "stars", "stage", "score",
)  # fmt: skip
_GATE = ("id", "name", "name_en", "passed", "reason", "reason_en")
_INDICATOR = (
    "code", "id", "name", "name_en", "kind", "value", "unit", "points", "earned", "passed", "applies",
    "inapplicable_reason", "basis",
)  # fmt: skip


def build_result(export: Mapping[str, Any]) -> dict[str, Any]:
    """The export of an assessment without its traces; each indicator with the target it was set against."""
    return {
        **{name: export[name] for name in _HEAD},
        "gates": [{name: gate[name] for name in _GATE} for gate in export["gates"]],
        "indicators": [
            {**{name: raw[name] for name in _INDICATOR}, "target": _target(raw["trace"])}
            for raw in export["indicators"]
        ],
    }


def _target(trace: Mapping[str, Any]) -> str | None:
    """The target of an indicator without points, as the trace of its judgement has it."""
    found = [one["value"] for one in trace["inputs"] if one["label"] == "target"]
    return found[0] if found else None


def canonical(content: object) -> bytes:
    """Plain data as JSON that is the same for the same content, whoever writes it."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def compute_sha256(content: object) -> str:
    """The SHA-256 of plain data, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()
