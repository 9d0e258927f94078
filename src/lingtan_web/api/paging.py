"""Lists in pages: two queries, however long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def build_page(
    rows: QuerySet[Row], page: int, per_page: int, build: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """One page of `rows`, each as `build` makes it; a page beyond the last is empty."""
    total = rows.count()
    first = (page - 1) * per_page
    items = [build(row) for row in rows[first : first + per_page]] if first < total else []
    return {"items": items, "page": page, "pages": -(-total // per_page), "total": total}
