"""The limits of working with dossiers, as `web/dossiers.yaml` has them."""

from __future__ import annotations

from functools import cache

from lingtan.documents import load_shipped


@cache
def limit(name: str) -> int:
    """The value of a limit, in the unit its file states."""
    return int(load_shipped("web", "dossiers.yaml")[name]["value"])
