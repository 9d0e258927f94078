"""Addresses of the interface. What the library adds of its own accord has no rule, and is not let in."""

from collections.abc import Iterator

from django.urls import URLPattern, path

import lingtan_web.api.operations  # noqa: F401  (declares them)
from lingtan_web.api import reference
from lingtan_web.api.application import api
from lingtan_web.api.declaring import RULES, guard


def _guarded() -> Iterator[URLPattern]:
    """One pattern for each declared address."""
    named = {str(one.name): one for one in api.urls[0] if isinstance(one, URLPattern)}
    for name, rules in RULES.items():
        found = named[name]
        yield path(f"api/v1/{found.pattern}", guard(found.callback, rules), name=name)


urlpatterns = [
    path("api/", reference.show, name="api-reference"),
    path("api/v1/openapi.json", reference.openapi, name="api-openapi"),
    *_guarded(),
]
