"""A calculation as files: exports for programs, small sheets for pages, charts, and the trace.

Pure: from results to a folder. Files are written one after the other, so that memory does not grow with
their number. The same results give the same bytes, so that the content store keeps them once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lingtan.assessment import export_assessment
from lingtan.inventory import export_inventory
from lingtan.inventory.uncertainty import export_uncertainty
from lingtan.ledger import export_ledger
from lingtan.reports.results import Results
from lingtan.standards import freeze_edition
from lingtan.standards.records import Edition
from lingtan_web.assessments.artefacts import EVIDENCE, PEOPLE, PICTURES, TRACE
from lingtan_web.assessments.covers import build_people_sheet
from lingtan_web.assessments.edition_sheet import build_edition_sheet
from lingtan_web.assessments.energy_sheet import build_energy_sheet
from lingtan_web.assessments.inventory_sheet import build_inventory_sheet, build_lines_sheet
from lingtan_web.assessments.ledger_sheet import build_ledger_sheet
from lingtan_web.assessments.metering_sheet import build_metering_sheet, group_faults
from lingtan_web.assessments.pictures import draw_pictures
from lingtan_web.assessments.traces import write_traces
from lingtan_web.evidence.wanting import export_grounds


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a calculation by name, and the sheet of each edition (what a list of results shows)."""

    folder: Path
    files: tuple[str, ...]
    editions: tuple[dict[str, Any], ...]
    faults: tuple[dict[str, Any], ...]


def write_snapshot(results: Results, folder: Path) -> Snapshot:
    """Everything pages and programs read of `results`, into the empty `folder`."""
    files = []
    numbers = write_traces(results, folder / TRACE)
    for name, build in _exports(results, numbers):
        (folder / name).write_bytes(render(build()))
        files.append(name)
    files += _write_pictures(results, folder)
    editions = tuple(
        build_edition_sheet(result, edition)
        for result, edition in zip(results.assessments, results.editions, strict=True)
    )
    faults = tuple(group_faults(results.assessment.faults))
    return Snapshot(folder, (*files, TRACE), editions, faults)


def _exports(results: Results, numbers: Mapping[int, int]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is written as JSON; each is built only when its turn comes."""
    for result in results.assessments:
        yield f"assessment-{result.edition}.json", partial(export_assessment, result)
    for edition in results.editions:
        yield f"edition-{edition.id}.json", partial(_frozen, edition)
    yield "inventory-park.json", lambda: export_inventory(results.inventory)
    yield "inventory-cn-ndrc-910.json", lambda: export_inventory(results.assessment.national)
    yield "ledger.json", lambda: export_ledger(results.ledger)
    yield "uncertainty.json", lambda: export_uncertainty(results.uncertainty)
    yield PEOPLE, lambda: build_people_sheet(results)
    yield "sheet-inventory.json", lambda: build_inventory_sheet(results)
    yield "sheet-lines.json", lambda: build_lines_sheet(results.inventory, numbers)
    yield "sheet-energy.json", lambda: build_energy_sheet(results)
    yield "sheet-metering.json", lambda: build_metering_sheet(results)
    yield "sheet-ledger.json", lambda: build_ledger_sheet(results.ledger)
    yield EVIDENCE, lambda: export_grounds(results.assessments, results.dossier)


def _frozen(edition: Edition) -> bytes:
    return freeze_edition(edition).content


def render(content: Any) -> bytes:
    """JSON with Chinese as it is; bytes stay bytes."""
    if isinstance(content, bytes):
        return content
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _write_pictures(results: Results, folder: Path) -> list[str]:
    """The charts, and their words in one file."""
    words: dict[str, dict[str, Any]] = {}
    files = []
    for picture in draw_pictures(results):
        file = f"{picture.name}.{picture.language}.svg"
        (folder / file).write_text(picture.svg, "utf-8")
        files.append(file)
        told = {
            "stem": file.removesuffix(".svg"),
            "title": picture.title,
            "caption": picture.caption,
            "alt": picture.alt,
        }
        words.setdefault(picture.name, {})[picture.language] = told
    (folder / PICTURES).write_bytes(render(words))
    return [*files, PICTURES]
