"""Lists in pages: two queries, however long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lingtan_web.api.forms import Pages

Row = TypeVar("Row", bound=Model)


def build_page(rows: QuerySet[Row], pages: Pages, build: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """One page of `rows`, each as `build` makes it; a page beyond the last is empty."""
    total = rows.count()
    first = (pages.page - 1) * pages.per_page
    items = [build(row) for row in rows[first : first + pages.per_page]] if first < total else []
    return {"items": items, "page": pages.page, "pages": -(-total // pages.per_page), "total": total}
