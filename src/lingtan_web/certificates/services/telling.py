"""Who is told at once of what happened to a certificate: the park of everything, the scheme of its cases."""

from __future__ import annotations

from lingtan.certificate.lifecycle.records import Life
from lingtan_web.certificates.events import load_event
from lingtan_web.certificates.models import Certificate, CertificateEvent, Declaration
from lingtan_web.certificates.queries import find_first_days, say_event
from lingtan_web.notices.rules import Waiting
from lingtan_web.notices.services import tell
from lingtan_web.organisations.models import Membership
from lingtan_web.parks.models import Park
from lingtan_web.roles import Role


def find_people(park: Park, *, scheme: bool) -> frozenset[int]:
    """The people of the operator of a park, and those of the scheme."""
    held = Membership.objects.filter(ended_at=None, user__is_active=True)
    people = set(held.filter(role=Role.PARK, organisation=park.operator_id).values_list("user", flat=True))
    if scheme:
        people |= set(held.filter(role=Role.SCHEME).values_list("user", flat=True))
    return frozenset(people)


def tell_event(certificate: Certificate, row: CertificateEvent, life: Life) -> None:
    """Tell of an event that was just kept; whoever entered it knows already."""
    park = certificate.park
    zh, en = say_event(load_event(row))
    if row.kind == "opened" and (first := find_first_days(life).get(row.data["case"])):
        zh, en = (
            f"{zh}；可陈述意见，{first} 起可作决定",
            f"{en}; you may be heard, it may be decided from {first}",
        )
    waiting = Waiting(
        kind="certificate", key=f"{certificate.number}/{row.number}",
        zh=f"证书 {certificate.number}：{zh}", en=f"Certificate {certificate.number}: {en}",
        link=find_link(certificate), park=park.slug, park_zh=park.name_zh, park_en=park.name_en,
        to=find_people(park, scheme=row.kind in ("opened", "heard", "exited")) - {row.by_id or 0},
    )  # fmt: skip
    tell(waiting)


def find_link(certificate: Certificate) -> str:
    """The public page of a certificate: the path that its code leads to."""
    return f"/c/{certificate.number}"


def tell_issued(certificate: Certificate) -> None:
    """Tell the park that its certificate is there."""
    park = certificate.park
    waiting = Waiting(
        kind="certificate", key=f"{certificate.number}/issued", zh=f"证书 {certificate.number} 已颁发",
        en=f"Certificate {certificate.number} was issued", link=find_link(certificate), park=park.slug,
        park_zh=park.name_zh, park_en=park.name_en, to=find_people(park, scheme=False),
    )  # fmt: skip
    tell(waiting)


def tell_declared(row: Declaration) -> None:
    """Tell the scheme what a park has declared."""
    certificate, park = row.certificate, row.certificate.park
    zh, en = ("仍然符合", "still conforms") if row.conforms else ("不再完全符合", "does not conform any more")
    waiting = Waiting(
        kind="certificate", key=f"{certificate.number}/declared/{row.pk}",
        zh=f"{park.name_zh} {row.year} 年度自我声明：{zh}",
        en=f"{park.name_en or park.name_zh} declares for {row.year}: {en}", link=find_link(certificate),
        park=park.slug, park_zh=park.name_zh, park_en=park.name_en,
        to=find_people(park, scheme=True) - find_people(park, scheme=False),
    )  # fmt: skip
    tell(waiting)
