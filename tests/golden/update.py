"""Write the golden results of the invented park: a change detector, not an oracle.

    .venv/bin/python tests/golden/update.py

A golden result says only that something changed. Look at the difference (`git diff tests/golden/xinghuo`),
find the reason, and commit it together with the change that made it. What the numbers should be is tested
elsewhere: test_xinghuo_by_hand.py recomputes them from the CSV files with pandas.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import lingtan
from lingtan.assessment import compute_groundwork, export_assessment
from lingtan.errors import Fault
from lingtan.inventory import export_inventory
from lingtan.inventory.records import Line

ROOT = Path(__file__).resolve().parents[2]
PARK = ROOT / "examples" / "parks" / "xinghuo"
GOLDEN = Path(__file__).resolve().parent / "xinghuo"
ON = date(2025, 6, 30)
EDITIONS = ("sh-seesa-zctp-2024", "cn-ndrc-910-2025")
# long and tested by replay; words and their wording; a hash that moves with every comment of the edition
_LEFT_OUT = {"trace", "zh", "en", "edition_sha256", "software"}


def compute_golden() -> Iterator[tuple[str, str]]:
    """File name and text of every golden result."""
    ground = compute_groundwork(lingtan.read_dossier(PARK), on=ON)
    for edition in EDITIONS:
        result = lingtan.assess(ground.dossier, edition, on=ON, groundwork=ground)
        yield f"assess-{edition}.json", _text(export_assessment(result))
    for inventory in (ground.inventory, ground.national):
        short = {"lines": _added_up(inventory.lines), "warnings": _counted(inventory.warnings)}
        yield f"inventory-{inventory.method}.json", _text({**export_inventory(inventory), **short})


def _added_up(lines: Iterable[Line]) -> list[str]:
    """The thousand lines of an inventory by source, scope, view and carrier: how many, and their sum."""
    groups: dict[tuple[str, ...], list[Decimal]] = {}
    for line in lines:
        groups.setdefault((line.source, line.scope, line.view, line.carrier), []).append(line.emissions)
    return [f"{' '.join(key)}: {len(found)} lines, {sum(found):f}" for key, found in sorted(groups.items())]


def _counted(faults: Iterable[Fault]) -> dict[str, int]:
    return dict(sorted(Counter(fault.code for fault in faults).items()))


def _text(data: Any) -> str:
    return json.dumps(_short(data), ensure_ascii=False, indent=1) + "\n"


def _short(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _short(value) for key, value in data.items() if key not in _LEFT_OUT}
    return [_short(value) for value in data] if isinstance(data, list) else data


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, text in compute_golden():
        (GOLDEN / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{(GOLDEN / name).relative_to(ROOT)}\n")
