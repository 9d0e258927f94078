"""A process that changes a dossier and is killed meanwhile; started by test_dossier_kill."""

import sys

import django

django.setup()

from lingtan.dossier.registers import registers  # noqa: E402
from lingtan_web.audit.services import SYSTEM  # noqa: E402
from lingtan_web.dossiers.edits import Edit  # noqa: E402
from lingtan_web.dossiers.models import ImportPreview, WorkingDossier  # noqa: E402
from lingtan_web.dossiers.services import apply_edits, confirm_import  # noqa: E402
from lingtan_web.dossiers.services.importing import Choice  # noqa: E402

act = sys.argv[1]
dossier = WorkingDossier.objects.get()
print("ready", flush=True)
sys.stdin.readline()
if act == "import":
    preview = ImportPreview.objects.get()
    confirm_import(SYSTEM, preview=preview, digest=preview.plan_sha256, choice=Choice(["water_use"]))
else:
    edits = [
        Edit("add", f"{number:016x}", cells={"enterprise": f"E{number}", "period": "2024"})
        for number in range(2_000)
    ]
    apply_edits(SYSTEM, dossier=dossier, register=registers()["water_use"], edits=edits, revision=0)
print("done", flush=True)
