"""A scheme with keys and certified parks, for tests of certificates in the application."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as site

from lingtan.certificate import Certificate as Facts
from lingtan.certificate import make_number, sign_code, sign_credential
from lingtan.certificate.lifecycle.records import Terms
from lingtan.certificate.lifecycle.rules import last_day
from lingtan.certificate.signers import name_key
from lingtan_web.certificates import scheme
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.services.publishing import find_signer
from lingtan_web.organisations.models import User
from lingtan_web.parks.models import Park
from lingtan_web.storage import put

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS_MADE = datetime(2026, 1, 1, tzinfo=UTC)
TERMS = Terms(36, 12, 60, 180, 15)  # months, months, days, days, days: those of the edition of Shanghai
FIRST = date(2026, 1, 10)


def at(day: date, hour: int = 12) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


@pytest.fixture
def keys() -> Iterator[Path]:
    """The scheme of this site with a root and a first signing key; gone after the test."""
    scheme.set_up_scheme(KEYS_MADE)
    yield scheme.find_folder()
    shutil.rmtree(scheme.find_folder())
    (Path(site.HOME) / scheme.FILE).unlink()


def facts_of(park: Park, count: int, valid_from: date, *, stars: int = 4, **changes: Any) -> Facts:
    """The facts of a certificate; what it rests on are fingerprints of nothing."""
    one = scheme.find_scheme()
    facts = Facts(
        number=make_number(one.prefix, valid_from.year, count), scheme=one.id, scheme_name=one.name,
        park=park.slug, park_name=park.name_zh, park_name_en=park.name_en, boundary_sha256="1" * 64,
        edition="sh-seesa-zctp-2024", edition_name="零碳特色产业园区创建与评价技术规范",
        edition_sha256="2" * 64, stars=stars, stage="四星（创建）", stage_en="Four stars, creation",
        score="82.2", year=2024, on=date(2025, 6, 30), decided_on=valid_from - timedelta(7),
        issued_on=valid_from, valid_from=valid_from, valid_until=last_day(valid_from, TERMS),
        dossier_sha256="3" * 64, result_sha256="4" * 64, bundle_sha256="5" * 64, software="0.1.0",
        status_index=count - 1,
    )  # fmt: skip
    return replace(facts, **changes)


def keep_certificate(
    park: Park, by: User, count: int = 1, valid_from: date = FIRST, *, bundle: str = "", **changes: Any
) -> Certificate:
    """A certificate as the service would keep it, without a review behind it and without its paper."""
    facts = facts_of(park, count, valid_from, **changes)
    signer, address = find_signer(), scheme.find_scheme().address
    credential = sign_credential(facts, address, signer)
    return Certificate.objects.create(
        number=facts.number, status_index=facts.status_index, park=park, edition=facts.edition,
        stars=facts.stars, valid_from=facts.valid_from, valid_until=facts.valid_until,
        facts=json.loads(json.dumps(asdict(facts), default=str)), terms=asdict(TERMS), credential=credential,
        code=sign_code(facts, credential, address, signer), key=name_key(signer.certificate),
        paper=put(io.BytesIO(b"%PDF-")), bundle=bundle or put(io.BytesIO(b"PK")), by=by, at=at(valid_from),
    )  # fmt: skip
