"""Lists in pages: two queries, however long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lingtan_web.api.forms import Pages

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


def build_page(rows: QuerySet[Row], pages: Pages, build: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """One page of `rows`, each as `build` makes it; a page beyond the last is empty."""
    return _page(rows, rows.count(), pages, build)


def cut_page(
    rows: Sequence[Item], pages: Pages, build: Callable[[Item], dict[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """The same of a list that is in memory already."""
    return _page(rows, len(rows), pages, build)


def _page(rows: Any, total: int, pages: Pages, build: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    first = (pages.page - 1) * pages.per_page
    items = [build(row) for row in rows[first : first + pages.per_page]] if first < total else []
    return {"items": items, "page": pages.page, "pages": -(-total // pages.per_page), "total": total}
