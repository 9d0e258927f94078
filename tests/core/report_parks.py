"""Results of the example parks for the tests of reports, each computed once per process."""

from dataclasses import replace
from datetime import date
from functools import cache

from lingtan.dossier.reading import read_dossier
from lingtan.reports.results import Results, compute_results
from lingtan.standards import load_edition

SEESA, NDRC, JIANGSU, SHANDONG = (
    "sh-seesa-zctp-2024",
    "cn-ndrc-910-2025",
    "js-zero-carbon-2024",
    "sd-eco-park-2017",
)
ALL = (SEESA, NDRC, JIANGSU, SHANDONG)
ON = date(2025, 6, 30)


def results_of(park: str, *editions: str) -> Results:
    """The park under `editions`, the first is the main one."""
    found = _computed(park)
    by_id = dict(zip(ALL, zip(found.editions, found.assessments, strict=True), strict=True))
    pairs = [by_id[edition] for edition in editions]
    return replace(
        found, editions=tuple(edition for edition, _ in pairs), assessments=tuple(one for _, one in pairs)
    )


@cache
def _computed(park: str) -> Results:
    dossier = read_dossier(f"examples/parks/{park}")
    return compute_results(dossier, [load_edition(edition) for edition in ALL], on=ON)
