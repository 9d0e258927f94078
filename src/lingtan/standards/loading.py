"""Loading, checking, listing and locking editions: shipped ones and those in a folder of the user's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import lingtan_data
from lingtan.documents import read_document, validate
from lingtan.errors import EditionError, Fault, Place, fault, has_errors
from lingtan.standards.cases import run_cases
from lingtan.standards.checking import check_draft, place_in
from lingtan.standards.freezing import check_lock, compute_sha256, write_lock
from lingtan.standards.reading import HEAD, LOCK, Contents, read_contents, read_draft
from lingtan.standards.records import Edition, EditionHead

_APART_FROM_CASES = frozenset(
    ("edition.points-sum", "edition.bad-date", "edition.no-reason", "edition.awards-overlap",
     "edition.award-out-of-reach", "edition.at-least", "edition.unknown-level")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditionListing:
    """An edition that can be loaded: what its edition.yaml says. `head` is None if that is faulty."""

    id: str
    folder: Path
    is_shipped: bool
    head: EditionHead | None


def load_edition(id_or_path: str | Path, *, search: Sequence[Path] = ()) -> Edition:
    """An edition by shipped id, by folder, or by the id it has in one of the `search` folders.

    EditionError holds every fault of every file; warnings and notes do not keep it from loading
    (see `check_edition`). Formulas are unit-checked and every case beside a rule is run.
    """
    edition, faults = _load(_find_folder(id_or_path, search))
    if edition is None or has_errors(faults):
        raise EditionError(fault for fault in faults if fault.severity == "error")
    return edition


def check_edition(folder: str | Path, *, search: Sequence[Path] = ()) -> tuple[Fault, ...]:
    """Every fault of an edition, warnings and notes too. `folder` as in `load_edition`."""
    try:
        return _load(_find_folder(folder, search))[1]
    except EditionError as error:
        return error.faults


def list_editions(search: Sequence[Path] = ()) -> tuple[EditionListing, ...]:
    """Shipped editions and those in the `search` folders, sorted by id."""
    found = [*_listed(lingtan_data.path("standards"), is_shipped=True)]
    for folder in search:
        found.extend(_listed(folder, is_shipped=False))
    return tuple(sorted(found, key=lambda listing: (listing.id, str(listing.folder))))


def lock_edition(folder: Path) -> Path:
    """Write `edition.lock`, so that a later change of this used edition is a fault. EditionError if faulty.

    An edition that changed since it was locked is not locked again.
    """
    return write_lock(folder, load_edition(folder))


def _listed(root: Path, *, is_shipped: bool) -> Iterator[EditionListing]:
    for file in [*sorted(root.glob(f"*/{HEAD}")), *root.glob(HEAD)]:
        document, _ = read_document(file)
        head = validate(document, EditionHead)[0] if document else None
        yield EditionListing(head.id if head else file.parent.name, file.parent, is_shipped, head)


def _find_folder(id_or_path: str | Path, search: Sequence[Path]) -> Path:
    name = str(id_or_path)
    shipped = lingtan_data.path("standards", name)
    is_id = isinstance(id_or_path, str) and not any(sign in name for sign in "/\\.") and name != ""
    found = [shipped] if is_id and (shipped / HEAD).is_file() else []
    if is_id:
        named = [folder / name for folder in search if (folder / name / HEAD).is_file()]
        found += named or [one.folder for one in _in_search(search) if one.id == name]
    if len(found) > 1:
        places = "、".join(folder.as_posix() for folder in found)
        raise EditionError([fault("edition.ambiguous", Place(name), folders=places)])
    if found:
        return found[0]
    folder = Path(id_or_path)
    if folder.is_file() and folder.name == HEAD:
        folder = folder.parent
    if name == "" or not folder.is_dir():
        known = "、".join(listing.id for listing in list_editions(search))
        raise EditionError([fault("edition.not-found", Place(name), name=name, known=known)])
    return folder


def _in_search(search: Sequence[Path]) -> Iterator[EditionListing]:
    for folder in search:
        yield from _listed(folder, is_shipped=False)


def _load(folder: Path) -> tuple[Edition | None, tuple[Fault, ...]]:
    contents, faults = read_contents(folder)
    if faults:
        return None, tuple(faults)
    return _checked(folder.name, contents)


@lru_cache(maxsize=16)
def _checked(folder: str, contents: Contents) -> tuple[Edition | None, tuple[Fault, ...]]:
    """The edition made of these very bytes, and its faults; kept, as reading YAML is slow."""
    draft = read_draft(folder, contents)
    faults = [*draft.faults, *check_draft(draft)]
    edition = draft.edition()
    if edition is None or has_errors(faults):
        apart = all(found.code in _APART_FROM_CASES for found in faults if found.severity == "error")
        if edition is not None and apart:
            faults.extend(run_cases(edition, where=place_in(draft)))
        return None, _in_order(faults)
    sha256 = compute_sha256(edition)
    edition = edition.model_copy(update={"sha256": sha256})
    faults.extend(run_cases(edition, where=place_in(draft)))
    for name, raw in contents:
        if name == LOCK:
            faults.extend(check_lock(raw, edition, sha256))
    return edition, _in_order(faults)


def _in_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    unique = {(fault.place, fault.code, tuple(sorted(fault.context.items()))): fault for fault in faults}
    return tuple(unique[key] for key in sorted(unique))
