"""JSON Schema of edition files for editors, made from the records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from lingtan.standards.records import EditionHead, Gate, Indicator, Sourced, Term

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def export_schema() -> dict[str, Any]:
    """One JSON Schema with a definition per kind of file: edition, parameters, terms, gates, indicators.

    A file of an edition refers to its definition, e.g. `edition.schema.json#/$defs/terms`.
    """
    models = [(model, "validation") for model in (EditionHead, Sourced, Term, Gate, Indicator)]
    names, generated = models_json_schema(models, ref_template="#/$defs/{model}")  # type: ignore[arg-type]
    definitions: dict[str, Any] = generated["$defs"]

    def each(model: type) -> Mapping[str, Any]:
        return names[(model, "validation")]

    files = {
        "edition": each(EditionHead),
        "parameters": {"type": "object", "additionalProperties": each(Sourced)},
        "terms": {"type": "object", "additionalProperties": each(Term)},
        "gates": {"type": "array", "items": each(Gate)},
        "indicators": {"type": "array", "items": each(Indicator), "minItems": 1},
    }
    return {
        "$schema": _DRAFT,
        "title": "Lingtan edition files",
        "description": "Take the definition of the kind of file: #/$defs/edition, parameters, terms, gates, "
        "indicators.",
        "$ref": "#/$defs/edition",
        "$defs": {**definitions, **files},
    }


def schema_text() -> str:
    """The schema as it is kept in `lingtan_data/schema/edition.schema.json`."""
    return json.dumps(export_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
