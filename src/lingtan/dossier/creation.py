"""An empty dossier that explains itself: a folder, or a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lingtan.dossier.own_sheets import start_words
from lingtan.dossier.park_files import ParkKey, park_keys
from lingtan.dossier.records import Row
from lingtan.dossier.registers import checklist_items, registers
from lingtan.dossier.workbook_writing import write_empty_workbook
from lingtan.dossier.writing import csv_bytes, new_target, register_csv, write_parts
from lingtan.errors import Place

_BOM = b"\xef\xbb\xbf"  # Excel and WPS take a CSV file without it for GBK


def create_dossier(
    path: Path | str, *, edition: str | None = None, uses: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """An empty dossier at `path`: .xlsx, .zip, or without ending a folder. Returns the path.

    `edition` is entered as the edition to be assessed by, and its management requirements are
    listed in `checklists`; `uses` names the indicators that need each register. Nothing is
    filled in that only the park knows: `check_dossier` says what is required first.
    DossierError if the target exists or cannot be written.
    """
    target = Path(path)
    rows = {"checklists": _checklist_rows(edition)}
    with new_target(target) as draft:
        if target.suffix.lower() == ".xlsx":
            preset = {"reporting.editions": edition} if edition else {}
            write_empty_workbook(draft, rows, uses=uses or {}, preset=preset)
        else:
            write_parts(_texts(rows, edition, uses or {}), target, draft)
    return target


def _checklist_rows(edition: str | None) -> list[Row]:
    """The items of the checklists, to be answered; only those of `edition` if one is given."""
    rows = []
    for checklist, items in checklist_items().items():
        for item, raw in items.items():
            if edition is None or edition in raw.get("editions", ()):
                known = {"checklist": checklist, "item": item, "requirement": raw["zh"]}
                values = {name: known.get(name) for name in registers()["checklists"].columns}
                rows.append(Row("checklists", f"{checklist}/{item}", values, Place()))
    return rows


def _texts(
    rows: Mapping[str, Sequence[Row]], edition: str | None, uses: Mapping[str, Sequence[str]]
) -> dict[str, bytes]:
    texts = {"park.yaml": _park_skeleton(edition).encode(), "README.md": _readme(uses).encode()}
    for name, register in registers().items():
        file = "evidence/evidence.csv" if name == "evidence" else f"registers/{name}.csv"
        given = rows.get(name)
        texts[file] = _BOM + (register_csv(register, given) if given else csv_bytes([*register.columns], []))
    return texts


def _park_skeleton(edition: str | None) -> str:
    """`park.yaml` with every key, commented; what is required stands open."""
    lines = [
        "# 园区基本信息。标“必填”的先填；不清楚的留空。# 之后是说明，可以删。",
        "# About the park. Fill in what is required; leave blank what is not known.",
    ]
    section = ""
    for key in park_keys().values():
        head, _, rest = key.key.partition(".")
        if not rest:
            lines.extend(_skeleton_lines(key, key.key, "", "[]" if key.is_list else ""))
            continue
        if head != section:
            lines.append(f"{head}:")
            section = head
        value = f"[{edition}]" if key.is_list and edition else "[]" if key.is_list else ""
        if head == "responsible":
            name = rest.partition(".")[2]
            lines.extend(_skeleton_lines(key, f"{'- ' if name == 'role' else '  '}{name}", "  ", value))
        else:
            lines.extend(_skeleton_lines(key, rest, "  ", value))
    return "\n".join(lines) + "\n"


def _skeleton_lines(key: ParkKey, name: str, indent: str, value: str) -> list[str]:
    need = "必填 required" if key.is_required else ""
    example = f"例 e.g. {key.example}" if key.example else ""
    words = "；".join(part for part in (need, f"{key.zh} {key.en}", example, key.about) if part)
    return [f"{indent}{name}: {value}".rstrip() + f"  # {words}"]


def _readme(uses: Mapping[str, Sequence[str]]) -> str:
    words = start_words()
    steps = words["steps"]
    assert isinstance(steps, list)
    lines = [f"# {words['title_zh']} {words['title_en']}", ""]
    lines += [f"{number}. {step['zh']}" for number, step in enumerate(steps, start=1)] + [""]
    lines += [f"{number}. {step['en']}" for number, step in enumerate(steps, start=1)] + [""]
    lines += ["| 文件 file | 填什么 | What it holds | 指标 indicators |", "|---|---|---|---|"]
    for name, register in registers().items():
        file = "evidence/evidence.csv" if name == "evidence" else f"registers/{name}.csv"
        codes = "、".join(uses.get(name, ()))
        lines.append(f"| {file} | {register.zh}：{register.about_zh} | {register.about_en} | {codes} |")
    return "\n".join(lines) + "\n"
