"""Parks."""

from __future__ import annotations

from typing import Any

from ninja import Query

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Paged, Pages, ParkFull, ParkOut, Refused, Slug
from lingtan_web.api.paging import build_page
from lingtan_web.parks.access import visible_parks
from lingtan_web.parks.models import Park


def _park(park: Park) -> dict[str, Any]:
    return {
        "slug": park.slug,
        "name_zh": park.name_zh,
        "name_en": park.name_en,
        "operator_zh": park.operator.name_zh,
        "operator_en": park.operator.name_en,
        "created_at": park.created_at,
    }


@declare(
    "GET",
    "/parks",
    name="api-parks",
    rule=lets(READ),
    says=("可以看到的园区。", "The parks one may see."),
    response={200: Paged[ParkOut], **Refused},
    tags=["parks"],
)
def list_parks(request: ApiRequest, pages: Query[Pages]) -> dict[str, Any]:
    """By name, in pages."""
    return build_page(visible_parks(request.auth.user).select_related("operator"), pages, _park)


@declare(
    "GET",
    "/parks/{slug:park}",
    name="api-park",
    rule=lets(READ),
    says=("一个园区，以及自己在其中的角色。", "One park, and what one is for it."),
    response={200: ParkFull, **Refused},
    tags=["parks"],
)
def show_park(request: ApiRequest, park: Slug) -> dict[str, Any]:
    """The park with one's roles, one's enterprises and the years of its dossiers that one may see."""
    access = request.access
    years = request.park.dossiers.order_by("year").values_list("year", flat=True)
    return {
        **_park(request.park),
        "roles": sorted(access.roles),
        "enterprises": sorted(access.enterprise_keys),
        "years": [year for year in years if access.can_see_year(year)],
    }
