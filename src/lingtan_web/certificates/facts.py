"""The facts of a certificate as the core has them, from the row that keeps them."""

from __future__ import annotations

from pydantic import TypeAdapter

from lingtan.certificate import Certificate as Facts
from lingtan_web.certificates.models import Certificate

_FACTS = TypeAdapter(Facts)


def load_facts(certificate: Certificate) -> Facts:
    """What a certificate says."""
    return _FACTS.validate_python(certificate.facts)
