"""The certificates' place in the navigation of a park."""

from __future__ import annotations

from lingtan_web.parks.sections import INSIDERS, SECTIONS, Section


def add_section() -> None:
    """After the review, before who takes part."""
    SECTIONS.append(
        Section(
            65, "证书", "Certificates", "park-certificates", INSIDERS, ("park-certificate", "disclose-bundle")
        )
    )
