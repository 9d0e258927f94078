"""The work behind a calculation: check out, compute, keep. May be killed at any point and begun again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django_tasks import TaskContext, task

from lingtan.dossier.reading import read_dossier
from lingtan.errors import LingtanError, fault
from lingtan.reports.results import Results, compute_results
from lingtan.standards import load_edition
from lingtan_web.assessments import services
from lingtan_web.assessments.models import Calculation
from lingtan_web.assessments.snapshots import write_snapshot
from lingtan_web.dossiers.checkouts import check_out
from lingtan_web.storage import put


@task(takes_context=True)
def calculate(context: TaskContext, calculation: int) -> None:
    """Compute a calculation that waits; killed and begun again by the worker, it takes up its own."""
    run(calculation, str(context.task_result.id))


def run(calculation: int, runner: str = "") -> None:
    """Compute a calculation that waits. What another run has or has finished is left alone.

    Nothing is seen of it before it is whole: files go to the store under the hash of their content, and
    the results are kept in one transaction.
    """
    taken = services.begin(calculation, runner)
    if taken is None:
        return
    try:
        outcome = compute_outcome(taken)
    except LingtanError as error:
        services.fail(taken, [one.as_dict() for one in error.faults])
    except Exception:
        services.fail(taken, [fault("cockpit.our-bug", number=taken.pk).as_dict()])
        raise
    else:
        services.finish(taken, outcome)


def compute_outcome(calculation: Calculation) -> services.Outcome:
    """What a calculation comes to; its files are in the store then, where nobody looks for them yet."""
    with (
        check_out(calculation.version) as dossier,
        tempfile.TemporaryDirectory(prefix="lingtan-snapshot-") as folder,
    ):
        snapshot = write_snapshot(compute(calculation, dossier), Path(folder))
        return services.Outcome(snapshot.editions, snapshot.faults, _keep(snapshot.files, Path(folder)))


def compute(calculation: Calculation, folder: Path) -> Results:
    """The results of a calculation from a folder its version is checked out into."""
    editions = [load_edition(one) for one in calculation.editions]
    return compute_results(read_dossier(folder), editions, on=calculation.on)


def _keep(files: tuple[str, ...], folder: Path) -> dict[str, str]:
    found = {}
    for name in files:
        with (folder / name).open("rb") as stream:
            found[name] = put(stream)
    return found
