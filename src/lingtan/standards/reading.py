"""Reading an edition's folder, entry by entry: what is well formed goes on, every fault is kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from lingtan.documents import Document, Key, Record, parse_document, validate
from lingtan.errors import Fault, Place, fault
from lingtan.standards.records import Edition, EditionHead, Gate, Indicator, Sourced, Term

HEAD = "edition.yaml"
LOCK = "edition.lock"
INDICATORS = "indicators"
Contents = tuple[tuple[str, bytes], ...]

T = TypeVar("T", bound=Record)


class ParametersFile(Record):
    """parameters.yaml: name → value with unit, basis and source."""

    parameters: Mapping[str, Sourced]


class TermsFile(Record):
    """terms.yaml: name → formula with unit."""

    terms: Mapping[str, Term]


class GatesFile(Record):
    """gates.yaml: a list of basic requirements."""

    gates: Mapping[int, Gate]


class IndicatorsFile(Record):
    """indicators/*.yaml: lists of indicators."""

    indicators: Mapping[int, Indicator]


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A record and where it stands."""

    record: T
    document: Document
    key: Key

    def at(self, *below: str | int) -> Place:
        """File, line and key of a field of this entry."""
        return self.document.place((*self.key, *below))


@dataclass(slots=True)
class Draft:
    """An edition as far as its files could be read. `broken`: names of entries that could not."""

    folder: str
    head: Entry[EditionHead] | None = None
    parameters: dict[str, Entry[Sourced]] = field(default_factory=dict)
    terms: dict[str, Entry[Term]] = field(default_factory=dict)
    gates: list[Entry[Gate]] = field(default_factory=list)
    indicators: list[Entry[Indicator]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def edition(self) -> Edition | None:
        """The edition, if every entry could be read."""
        if self.head is None or self.broken:
            return None
        return Edition(
            **{name: getattr(self.head.record, name) for name in EditionHead.model_fields},
            gates=tuple(entry.record for entry in self.gates),
            indicators=tuple(entry.record for entry in self.indicators),
            parameters={name: entry.record for name, entry in self.parameters.items()},
            terms={name: entry.record for name, entry in self.terms.items()},
        )


def read_contents(folder: Path) -> tuple[Contents, list[Fault]]:
    """Names (relative, with `/`) and bytes of the files of an edition, sorted by name."""
    found: list[tuple[str, bytes]] = []
    faults: list[Fault] = []
    for file in sorted([*folder.glob("*"), *folder.glob(f"{INDICATORS}/*")]):
        name = file.relative_to(folder).as_posix()
        if file.is_dir() or not (file.suffix in (".yaml", ".yml") or name == LOCK):
            continue
        try:
            found.append((name, file.read_bytes()))
        except OSError as error:
            reason = error.strerror or str(error)
            faults.append(fault("document.unreadable", Place(name), reason=reason))
    return tuple(found), faults


def read_draft(folder: str, contents: Contents) -> Draft:
    """Every file of an edition read entry by entry; `folder` is its name for people."""
    draft = Draft(folder)
    for name, raw in contents:
        if name == LOCK:
            continue
        if not _is_expected(name):
            draft.faults.append(fault("edition.unknown-file", Place(name), hint=_near(name)))
            continue
        document, faults = parse_document(raw, name)
        draft.faults.extend(faults)
        if document is None:
            draft.broken.add(name)
        else:
            _read_file(draft, document, name)
    for needed, present in ((HEAD, draft.head), (f"{INDICATORS}/", draft.indicators)):
        if not present and not draft.faults:
            draft.faults.append(fault("edition.missing-file", Place(folder), file=needed))
    return draft


_FILES = (HEAD, "parameters.yaml", "terms.yaml", "gates.yaml")


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    return name in _FILES or (path.parts[0] == INDICATORS and path.suffix == ".yaml")


def _near(name: str) -> str:
    near = difflib.get_close_matches(name, [*_FILES, f"{INDICATORS}/"], n=1, cutoff=0.5)
    return near[0] if near else "、".join((*_FILES, f"{INDICATORS}/*.yaml"))


def _read_file(draft: Draft, document: Document, name: str) -> None:
    if name == HEAD:
        head, faults = validate(document, EditionHead)
        draft.faults.extend(faults)
        draft.head = Entry(head, document, ()) if head else None
        if head is None:
            draft.broken.add(name)
    elif name == "parameters.yaml":
        for key, parameter in _entries(draft, document, ParametersFile):
            draft.parameters[str(key)] = parameter
    elif name == "terms.yaml":
        for key, term in _entries(draft, document, TermsFile):
            draft.terms[str(key)] = term
    elif name == "gates.yaml":
        draft.gates.extend(gate for _, gate in _entries(draft, document, GatesFile))
    else:
        draft.indicators.extend(entry for _, entry in _entries(draft, document, IndicatorsFile))


def _entries(draft: Draft, document: Document, model: type[BaseModel]) -> Iterator[tuple[str | int, Any]]:
    """Each entry of a file of entries that is well formed; the faults of the others go to the draft."""
    kind = next(iter(model.model_fields))
    of_list = kind in ("gates", "indicators")
    data = document.data if document.data is not None else [] if of_list else {}
    if not isinstance(data, list if of_list else dict):
        shape = ("列表（每项以 - 开头）", "a list") if of_list else ("名称到内容的映射", "a mapping")
        place = document.place(())
        draft.faults.append(fault("edition.wrong-shape", place, shape_zh=shape[0], shape_en=shape[1]))
        draft.broken.add(document.name)
        return
    for key, raw in enumerate(data) if isinstance(data, list) else data.items():
        lines = {(kind, *at): line for at, line in document.lines.items() if at[:1] == (key,)}
        lines[(kind,)] = lines.get((kind, key), 1)
        alone = Document(document.name, {kind: {key: raw}}, lines)
        record, faults = validate(alone, model)
        draft.faults.extend(faults)
        if record is None:
            draft.broken.add(str(key))
        else:
            yield key, Entry(getattr(record, kind)[key], alone, (kind, key))
