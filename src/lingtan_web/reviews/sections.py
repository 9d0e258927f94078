"""The reviews' place in the navigation of a park."""

from __future__ import annotations

from lingtan_web.parks.sections import SECTIONS, Section
from lingtan_web.reviews.queries.access import READERS

PAGES = (
    "submit-review", "review", "review-findings", "review-finding", "review-questions", "review-question",
    "review-sample", "review-changes", "review-resubmit", "review-visits", "review-visit-new",
    "review-independence", "review-statement", "review-panel", "review-decision",
)  # fmt: skip


def add_section() -> None:
    """Between the work on the dossier and who takes part."""
    SECTIONS.append(Section(60, "评审", "Review", "reviews", READERS, PAGES))
