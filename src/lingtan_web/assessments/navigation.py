"""The cockpit's place in the navigation of a park."""

from __future__ import annotations

from lingtan_web.parks.sections import SECTIONS, Section

PAGES = (
    "indicators", "missing", "inventory", "energy", "meters", "balance", "editions", "explain", "mine",
    "enterprise", "source",
)  # fmt: skip


def add_section() -> None:
    """Where the park stands comes first."""
    also = (*(f"result-{name}" for name in PAGES), "result", "results-years", "documents")
    SECTIONS.append(Section(10, "评价结果", "Results", "results", also=also))
