"""Results of the example parks for the tests of reports, each computed once per process."""

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
ON = date(2025, 6, 30)


@cache
def results_of(park: str, *editions: str) -> Results:
    """The park under `editions`, the first is the main one."""
    dossier = read_dossier(f"examples/parks/{park}")
    return compute_results(dossier, [load_edition(edition) for edition in editions], on=ON)
