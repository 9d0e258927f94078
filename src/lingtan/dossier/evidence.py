"""Evidence: the files handed in against the list of them, and the ids that registers name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lingtan.dossier.archives import Files
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.records import Park, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Place

FOLDER = "evidence/"
LIST = "evidence/evidence.csv"


def hash_evidence(files: Files, findings: Findings) -> dict[str, str]:
    """SHA-256 of every file in `evidence/`, by its name below that folder."""
    names = [name for name in files.names if name.startswith(FOLDER) and name.lower() != LIST]
    hashes = {name.removeprefix(FOLDER): files.sha256(name, findings) for name in names}
    return {name: digest for name, digest in hashes.items() if digest}


def check_evidence_files(rows: Sequence[Row], hashes: Mapping[str, str], findings: Findings) -> None:
    """Listed files that are absent or changed, and files that no row of the list names."""
    listed: set[str] = set()
    for row in rows:
        name = row.text("file")
        listed.add(name)
        stated = row.text("sha256").lower()
        if name and name not in hashes:
            findings.add("dossier.evidence-file-missing", row.at("file"), file=shown(name))
        elif stated and stated != hashes.get(name, stated):
            findings.add("dossier.evidence-changed", row.at("sha256"), file=shown(name))
    for name in sorted(set(hashes) - listed):
        findings.add("dossier.evidence-not-listed", Place(FOLDER + shown(name)), file=shown(name))


def check_evidence_ids(park: Park | None, rows: Mapping[str, Sequence[Row]], findings: Findings) -> None:
    """Ids in evidence columns that the list does not have: one warning per id, at its first place."""
    known = {row.text("id") for row in rows.get("evidence", ())}
    for place, ids in _named(park, rows):
        for one in ids.split(";"):
            if one and one not in known:
                findings.add("dossier.evidence-unknown", place, id=shown(one))
                known.add(one)


def _named(park: Park | None, rows: Mapping[str, Sequence[Row]]) -> Iterator[tuple[Place, str]]:
    for key, ids in (park.profile_evidence if park else {}).items():
        yield Place("park.yaml", column=f"profile_evidence.{key}"), ids.replace("；", ";").replace(" ", "")
    for name, register in registers().items():
        columns = [column for column, spec in register.columns.items() if spec.type == "evidence"]
        for row in rows.get(name, ()):
            for column in columns:
                yield row.at(column), row.text(column)
