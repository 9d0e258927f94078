"""What was issued, what happened and what was published stays: not by code, not by SQL in the site's role."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from tests.web.certificate_world import at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import actor_of
from tests.web.test_reviews_kept import _touch, refused, run

from lingtan.certificate import bundle as bundles
from lingtan.dossier.archives import FolderFiles
from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.certificates import queries
from lingtan_web.certificates.models import KEPT, Certificate
from lingtan_web.certificates.services import disclosing, entering, surveying
from lingtan_web.evidence.models import Document
from lingtan_web.parks.models import ParkEnterprise
from lingtan_web.storage import path_of, put

__all__ = ["keys"]

DAY = date(2026, 3, 2)
FILES = {
    "park.yaml": "id: alpha\nname_zh: 甲园区\nreporting: {year: 2024}\n",
    "registers/enterprises.csv": "enterprise,name,role,confidential\nE001,甲公司,tenant,no\n",
    "evidence/evidence.csv": "id,file,title,confidential\nEV1,open.txt,公开,no\nEV2,secret.txt,合同,yes\n"
    "EV3,sealed.txt,审计报告,no\n",
    "evidence/open.txt": "a",
    "evidence/secret.txt": "b",
    "evidence/sealed.txt": "c",
}


@pytest.fixture
def made(world: World, keys: Path, tmp_path: Path) -> Certificate:
    """A certificate with a bundle of a small dossier behind it."""
    for name, text in FILES.items():
        path = tmp_path / "park" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    file = tmp_path / "bundle.zip"
    manifest = bundles.write_bundle(
        file, FolderFiles(tmp_path / "park", Findings()), edition=b"{}\n", result={"stars": 4}
    )
    with file.open("rb") as stream:
        kept = put(stream)
    ParkEnterprise.objects.filter(park=world.alpha).update(is_confidential=False)
    return keep_certificate(world.alpha, world.scheme.user, bundle=kept, bundle_sha256=manifest)


def test_every_table_of_the_app_is_kept() -> None:
    assert set(KEPT) == set(apps.get_app_config("certificates").get_models())


def test_no_row_is_changed_or_removed(world: World, made: Certificate) -> None:
    park = actor_of(world.park)
    surveying.declare(park, made, year=2025, conforms=True, at=at(DAY))
    disclosing.disclose(park, made, at=at(DAY))
    entering.exit_certificate(park, made, "园区搬迁", at=at(DAY))
    for kind in KEPT:
        table, rows = kind._meta.db_table, kind._default_manager.all()
        row = rows.first()
        assert row is not None, f"nothing in {table}"
        assert refused(row.save), f"saved {table}"
        assert refused(_touch, kind), f"touched {table}"
        assert refused(rows.filter(pk=row.pk)._raw_delete, "default"), f"deleted {table}"
        assert refused(run, f"UPDATE {table} SET id = id"), f"updated {table}"
        assert refused(run, f"DELETE FROM {table}"), f"emptied {table}"
        if connection.vendor == "sqlite":
            assert refused(run, f"REPLACE INTO {table} SELECT * FROM {table}"), f"replaced {table}"


def names(sha256: str) -> set[str]:
    with zipfile.ZipFile(path_of(sha256)) as archive:
        return set(archive.namelist())


def test_what_is_confidential_is_never_published(world: World, made: Certificate) -> None:
    Document.objects.create(park=world.alpha, key="EV3", owner=world.alpha.operator, is_sealed=True)
    row = disclosing.disclose(actor_of(world.park), made, ["dossier/evidence/open.txt"], at=at(DAY))
    left_out = {f"dossier/evidence/{name}.txt" for name in ("open", "secret", "sealed")}
    assert set(row.withheld) == left_out == names(made.bundle) - names(row.bundle)
    checked = bundles.check_bundle(path_of(row.bundle), made.facts["bundle_sha256"])
    assert set(checked.withheld) == left_out  # the manifest is whole: what is left out is seen
    assert queries.find_disclosure(made) == row
    (entry,) = Entry.objects.filter(act="certificate.disclosed")
    assert entry.details["withheld"] == sorted(left_out)


def test_lines_stand_side_by_side_and_are_withheld_together(world: World, made: Certificate) -> None:
    ParkEnterprise.objects.filter(park=world.alpha, key="E002").update(is_confidential=True)
    row = disclosing.disclose(actor_of(world.park), made, at=at(DAY))
    assert "dossier/registers/enterprises.csv" not in names(row.bundle)
    assert "dossier/park.yaml" in names(row.bundle)


def test_a_disclosure_is_taken_back(world: World, made: Certificate) -> None:
    park = actor_of(world.park)
    disclosing.disclose(park, made, at=at(DAY))
    disclosing.take_back(park, made, at=at(DAY, 13))
    assert queries.find_disclosure(made) is None


@pytest.mark.parametrize(
    "name", ["edition.json", "result.json", "nothing.txt", "dossier/nothing/", "manifest.json"]
)
def test_what_cannot_be_left_out(world: World, made: Certificate, name: str) -> None:
    with pytest.raises(LingtanError) as caught:
        disclosing.disclose(actor_of(world.park), made, [name], at=at(DAY))
    assert {one.code for one in caught.value.faults} == {"certificate.cannot-withhold"}


@pytest.mark.parametrize("role", ["scheme", "body", "evaluator", "enterprise", "other_park", "stranger"])
def test_it_is_the_parks_choice(world: World, made: Certificate, role: str) -> None:
    who = actor_of(world.someone(role))
    acts: list[Callable[[], Any]] = [
        lambda: disclosing.disclose(who, made),
        lambda: disclosing.take_back(who, made),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
