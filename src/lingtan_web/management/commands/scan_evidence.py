"""`scan_evidence`: have the scanner look at documents that were taken before there was one."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lingtan.errors import LingtanError
from lingtan_web.audit.services import Actor
from lingtan_web.evidence.rescanning import scan_unscanned
from lingtan_web.evidence.scanning import build_scanner


class Command(BaseCommand):
    """Scan what was not scanned."""

    help = "Scan documents that were taken before LINGTAN_SCANNER was set."

    def handle(self, *args: object, **options: object) -> None:
        """Scan, and say how many were scanned and in how many something was found."""
        scanner = build_scanner(settings.SCANNER)
        if scanner is None:
            raise CommandError("LINGTAN_SCANNER is not set")
        name = settings.SCANNER.partition(":")[0]
        try:
            scanned, found = scan_unscanned(Actor(None, "command"), scanner=scanner, name=name)
        except LingtanError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{scanned} scanned, something found in {found}")
