"""The example park that is shipped, for a site that wants to look around."""

from __future__ import annotations

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park
from lingtan_web.parks.services import create_park
from lingtan_web.roles import Kind

SLUG = "xinghuo"
BY_COMMAND = Actor(None, "command")


def load_example() -> Park:
    """The example park with its dossier; what is there already stays as it is."""
    from lingtan.cli.demonstrating import EXAMPLE

    if not EXAMPLE.is_dir():
        raise LingtanError([fault("dossier.not-found", Place(str(EXAMPLE)))])
    found = Park.objects.filter(slug=SLUG).first()
    if found:
        return found
    operator, _ = Organisation.objects.get_or_create(
        kind=Kind.OPERATOR, name_zh="星火示例园区运营公司", defaults={"name_en": "Xinghuo example operator"}
    )
    return create_park(BY_COMMAND, slug=SLUG, name_zh="星火示例园区", name_en="Xinghuo", operator=operator)
