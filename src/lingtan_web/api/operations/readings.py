"""Readings that a platform pushes."""

from __future__ import annotations

from copy import deepcopy
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Schema

from lingtan_live.push import load_schema
from lingtan_web.api.declaring import ApiRequest, declare, lets
from lingtan_web.api.forms import FaultOut, Faults, Refused, Slug
from lingtan_web.readings.services import Sender, take_push
from lingtan_web.roles import Role


class ItemFault(FaultOut):
    """What is wrong with one reading; `index` is its place in the push, 0 first."""

    index: int


class PushOut(Schema):
    """What became of a push: readings new, there already, in conflict, blank, refused."""

    key: str
    stored: int
    equal: int
    conflicts: int
    blank: int
    refused: int
    faults: list[ItemFault]


def _body() -> dict[str, Any]:
    """The form of a push, from the one schema there is of it."""
    schema = deepcopy(load_schema())
    for name in ("$schema", "$id"):
        del schema[name]
    schema["properties"]["readings"]["items"] = schema.pop("$defs")["reading"]
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@declare(
    "POST",
    "/parks/{slug:park}/readings",
    name="api-readings",
    rule=lets("readings:write", {Role.PARK, Role.ENTERPRISE}),
    says=("成批推送读数，可安全重发。", "Push readings in batches; sending one again is safe."),
    response={200: PushOut, **Refused, 409: Faults, 503: Faults},
    openapi_extra={"requestBody": _body()},
    tags=["readings"],
)
def push_readings(
    request: ApiRequest,
    park: Slug,
    idempotency_key: Annotated[str | None, Header(None, alias="Idempotency-Key", max_length=128)],
) -> dict[str, Any]:
    """Readings go into the park's lake; those of unknown meters are told one by one, the others stored.

    The key of the body makes sending it again harmless: the same key with the same body gives the same
    answer, with another body 409. The header Idempotency-Key may repeat it. An enterprise pushes for its
    own meters, the operator for all that are in the register.
    """
    sender = Sender(request.park, request.auth.user, request.access)
    return take_push(
        request.actor, sender=sender, body=request.body, received=timezone.now(), key=idempotency_key
    )
