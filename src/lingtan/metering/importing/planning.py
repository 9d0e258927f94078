"""Plan an import: recognise each table, decide what is not said, look at every cell once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.records import Row
from lingtan.errors import Fault, LingtanError, Place, has_errors
from lingtan.metering.importing.cells import Recipe, Table, read_cells
from lingtan.metering.importing.opening import DAMAGE, Source, find_kind, find_sources
from lingtan.metering.importing.parquet import ParquetTable
from lingtan.metering.importing.preparing import prepare_table
from lingtan.metering.importing.records import ImportOptions, TablePlan, fingerprint
from lingtan.metering.importing.settling import settle_table
from lingtan.metering.importing.survey import Survey
from lingtan.metering.importing.text_tables import TextTable

Progress = Callable[[str, int], None]
"""Called with the name of a table and how many of its rows were looked at."""


@dataclass(frozen=True, slots=True)
class Job:
    """A table with all that is needed to read it again."""

    table: Table
    recipe: Recipe
    plan: TablePlan
    repeats: pl.DataFrame
    source: Source
    stamp: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. `digests`: SHA-256 of each file used; `exponents`: per meter.

    `faults` hold everything found; errors among them are cells or files left out, the rest can
    be imported all the same. Rows and batches come from `batches.read_rows`, `read_batches`.
    """

    tables: tuple[TablePlan, ...]
    faults: tuple[Fault, ...]
    digests: Mapping[str, str]
    exponents: Mapping[str, int]
    jobs: tuple[Job, ...] = field(repr=False, default=())

    @property
    def taken(self) -> int:
        """Readings that would be stored."""
        return sum(table.taken for table in self.tables)

    @property
    def left_out(self) -> int:
        """Cells and lines that would not: blank, faulty, or of unknown meters."""
        return sum(sum(table.left_out.values()) + table.lines_lost for table in self.tables)

    @property
    def has_errors(self) -> bool:
        """Whether anything was left out for a fault."""
        return has_errors(self.faults)

    def fingerprint(self) -> str:
        """SHA-256 over the hashes of the files used, whatever their names and places."""
        return fingerprint(self.digests)


def plan_import(
    paths: Iterable[Path],
    *,
    meters: Mapping[str, Row] | None = None,
    options: ImportOptions | None = None,
    skip: Collection[Path] = (),
    progress: Progress | None = None,
) -> ImportPlan:
    """Look at every file below `paths` and say, cell by cell, what would be stored.

    `meters` are the rows of the register by id; without it every name in a file is a meter.
    Files among `skip` (resolved paths) hold something else and are passed over.
    Nothing is stored, nothing is raised for bad input: see `ImportPlan.faults`.
    """
    findings, options = Findings(), options or ImportOptions()
    jobs: list[Job] = []
    digests: dict[str, str] = {}
    for source in find_sources(paths, findings):
        if source.path.resolve() in skip:
            continue
        planner = _Planner(source, meters, options, findings, progress)
        found = planner.jobs()
        if found:
            digests[source.name] = source.digest()
        jobs += found
    exponents: dict[str, int] = {}
    for job in jobs:
        for meter in job.plan.meters:
            exponents[meter.meter] = min(meter.exponent, exponents.get(meter.meter, 0))
    tables = tuple(job.plan for job in jobs)
    return ImportPlan(tables, findings.all(), digests, exponents, tuple(jobs))


@dataclass(slots=True)
class _Planner:
    """One file on its way to jobs; what is wrong goes to `findings`."""

    source: Source
    meters: Mapping[str, Row] | None
    options: ImportOptions
    findings: Findings
    progress: Progress | None

    def jobs(self) -> list[Job]:
        """A job per table of the file that holds readings."""
        try:
            return [job for table in self._tables() if (job := self._job(table)) is not None]
        except LingtanError as error:
            self.findings.extend(error.faults)
        except (*DAMAGE, pl.exceptions.PolarsError, UnicodeError, ValueError) as error:
            self.findings.add("metering.unreadable", Place(self.source.name), reason=shown(error))
        return []

    def _tables(self) -> Iterator[Table]:
        source = self.source
        kind = find_kind(source)
        self._say_other_kind(kind)
        if kind == "text":
            yield TextTable(source.open, source.name)
        elif kind == "parquet":
            yield ParquetTable(source.seekable, source.name)
        elif kind == "xlsx":
            from lingtan.metering.importing.sheets import read_sheets

            yield from read_sheets(source, self.findings)
        else:
            raise LingtanError([_nested(source)])

    def _say_other_kind(self, kind: str) -> None:
        """A file whose ending says something else is read by its content, and that is said."""
        name = self.source.name.lower().removesuffix(".gz")
        said = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".parquet": "parquet", ".zip": "zip"}
        ending = next((ending for ending in said if name.endswith(ending)), None)
        is_text = name.endswith((".csv", ".tsv", ".txt", ".dat"))
        if (ending and said[ending] != kind) or (is_text and kind != "text"):
            self.findings.add("import.other-kind", Place(self.source.name), kind=kind)

    def _job(self, table: Table) -> Job | None:
        place = Place(table.file, table.sheet)
        prepared = prepare_table(table, self.meters, self.options, self.findings)
        if prepared is None:
            return None
        recipe = prepared.recipe
        survey = self._survey(table, recipe, self.findings)
        if not survey.twice().is_empty():
            survey = self._again(table, recipe, survey)
        plan, repeats = settle_table(prepared, survey, table, self.findings)
        if not plan.taken and not plan.left_out:
            self.findings.add("import.header-only", place)
        facts = self.source.path.stat()
        return Job(table, recipe, plan, repeats, self.source, (facts.st_size, facts.st_mtime_ns))

    def _survey(self, table: Table, recipe: Recipe, findings: Findings) -> Survey:
        survey = Survey()
        for cells in read_cells(table, recipe, findings):
            survey.add(cells)
            if self.progress is not None:
                self.progress(f"{table.file} {table.sheet}".strip(), cells.last_row)
        return survey

    def _again(self, table: Table, recipe: Recipe, survey: Survey) -> Survey:
        """Look once more where the order of rows tells which of two equal times is meant."""
        from lingtan.metering.importing.deciding import find_folds

        recipe.folds = find_folds(survey.twice())
        if recipe.folds.is_empty():
            return survey
        first = recipe.folds.row(0, named=True)["row"]
        place = Place(table.file, table.sheet, first)
        self.findings.add("import.twice-by-order", place, count=recipe.folds.height)
        return self._survey(table, recipe, Findings())


def _nested(source: Source) -> Fault:
    from lingtan.errors import fault

    return fault("import.nested-archive", Place(source.name))
