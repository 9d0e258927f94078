"""The map in a browser: keys, drawing, live area as the core has it, faults at their corner, saving."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_boundaries import polygon, square
from tests.web.conftest import build_world

from lingtan.dossier.boundary import compute_boundary_area
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.parks.outlines import parse_outline, write_outline

SCRIPT = Path(__file__).with_name("boundary_browser.py")


@pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="no chromium")
@pytest.mark.django_db(transaction=True)
def test_a_person_draws(live_server: Any) -> None:
    world = build_world()
    own = polygon(square(0, 0, 1000))
    WorkingDossier.objects.filter(pk=world.dossier.pk).update(boundary=own)
    cookie = world.park.client.cookies["sessionid"].value
    address = f"{live_server.url}/parks/alpha/dossier/2024/boundary/"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), address, cookie],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert not seen["errors"]
    assert seen["first"] == compute_boundary_area(own)
    assert (seen["corners"], seen["corners_after"]) == (4, 5)
    moved = seen["keys"].splitlines()
    first = [float(part) for part in moved[0].split(",")]
    by_hand = square(1, 10, 1)[0]
    assert first == pytest.approx(by_hand, abs=2e-7)
    assert len(moved) == 5
    drawn = parse_outline(seen["undone"])
    assert drawn is not None and compute_boundary_area(drawn) == pytest.approx(seen["first"], abs=25)
    assert seen["hole"].count("孔") == 1
    assert "自相交" in seen["crossing"] and seen["marks"] == 1
    kept = WorkingDossier.objects.get(pk=world.dossier.pk).boundary
    assert seen["saved"] == write_outline(kept)
    assert compute_boundary_area(kept) == compute_boundary_area(drawn)
