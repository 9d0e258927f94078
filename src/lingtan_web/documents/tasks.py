"""Documents in the background: everything that waits of one calculation, computed once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from django_tasks import TaskContext, task

from lingtan.errors import Language, LingtanError, fault
from lingtan.reports.package import PACKAGE, write_package
from lingtan.reports.results import Results
from lingtan.reports.writing import Format, Setting, write_report
from lingtan_web.assessments.models import Calculation
from lingtan_web.assessments.tasks import compute
from lingtan_web.documents import services
from lingtan_web.documents.models import Document
from lingtan_web.dossiers.checkouts import check_out
from lingtan_web.storage import put


@task(takes_context=True)
def make_documents(context: TaskContext, calculation: int) -> None:
    """Make what waits of a calculation; killed and begun again by the worker, the task takes up its own."""
    run(calculation, str(context.task_result.id))


def run(calculation: int, runner: str = "") -> None:
    """Make what waits. A document is seen once it is whole."""
    waiting = services.begin(calculation, runner)
    if not waiting:
        return
    left = list(waiting)
    try:
        for document in _make(calculation, waiting):
            left.remove(document)
    except LingtanError as error:
        services.fail(left, [one.as_dict() for one in error.faults])
    except Exception:
        services.fail(left, [fault("cockpit.our-bug", number=calculation).as_dict()])
        raise


def _make(number: int, waiting: Sequence[Document]) -> Iterator[Document]:
    calculation = Calculation.objects.select_related("version__dossier").get(pk=number)
    with (
        check_out(calculation.version) as dossier,
        tempfile.TemporaryDirectory(prefix="lingtan-documents-") as folder,
    ):
        results = compute(calculation, dossier)
        for document in waiting:
            file = Path(folder) / f"document.{document.format}"
            _write(results, document, file)
            with file.open("rb") as stream:
                sha256 = put(stream)
            services.finish(document, sha256=sha256, size=file.stat().st_size)
            yield document


def _write(results: Results, document: Document, file: Path) -> None:
    language = cast(Language, document.language)
    if document.kind == PACKAGE:
        write_package(results, file, language)
    else:
        write_report(results, document.kind, file, Setting(cast(Format, document.format), language))
