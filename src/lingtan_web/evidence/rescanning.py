"""Scanning what was taken before a scanner was configured."""

from __future__ import annotations

import subprocess

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.evidence.models import DocumentVersion, Scan
from lingtan_web.evidence.scanning import Scanner, ScannerError
from lingtan_web.storage import path_of


def scan_unscanned(actor: Actor, *, scanner: Scanner, name: str) -> tuple[int, int]:
    """Have every version looked at that was not scanned yet; how many, and in how many something was found.

    What something is found in is kept and no longer handed out. LingtanError where the scanner fails:
    what was scanned before is recorded.
    """
    scanned = found = 0
    for version in DocumentVersion.objects.filter(scans=None).select_related("document__park").order_by("pk"):
        try:
            outcome = scanner(path_of(version.sha256))
        except (ScannerError, OSError, subprocess.SubprocessError, ValueError) as error:
            place = Place(f"{version.document.key} {version.number}")
            raise LingtanError([fault("evidence.scanner-failed", place, reason=error)]) from None
        details = {"version": version.number, "found": outcome.found}
        park = version.document.park
        with recorded(actor, "evidence.scanned", park=park, subject=version.document.key, details=details):
            Scan.objects.create(version=version, scanner=name, found=outcome.found)
        scanned, found = scanned + 1, found + bool(outcome.found)
    return scanned, found
