"""Files in and out: import with its preview, export, versions, readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from lingtan.errors import has_errors
from lingtan_web.dossiers import services
from lingtan_web.dossiers.exports import export_dossier, export_name, export_version, serve_export
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import ImportPreview, WorkingDossier
from lingtan_web.dossiers.plans import read_faults
from lingtan_web.dossiers.previews import count_plan, find_shown, page_of
from lingtan_web.dossiers.queries import find_dossier, find_preview, find_scope, scoped_rows
from lingtan_web.dossiers.services.importing import Arrived, Choice, load_plan
from lingtan_web.dossiers.views.overview import READERS
from lingtan_web.dossiers.views.waiting import answer_waiting
from lingtan_web.languages import current_language, say
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored

INSIDERS = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR}
WRITERS = {Role.PARK, Role.ENTERPRISE}
MOST_NAMED = 20  # documents in one message


@page("GET", "POST", scope="park", roles=WRITERS)
def import_file(request: Request, park: Park, year: int) -> HttpResponse:
    """Choose a file; then its preview."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if request.method == "GET":
        return render(request, "dossiers/import.html", {"park": park, "dossier": found, "scope": scope})
    made = services.preview_import(
        request.actor, dossier=found, upload=request.FILES.get("file"), scope=scope
    )
    return redirect("import-preview", park=park.slug, year=year, token=made.token)


@page("GET", scope="park", roles=WRITERS)
def import_preview(request: Request, park: Park, year: int, token: str) -> HttpResponse:
    """What an import would change, row by row; until the worker has made it, or if it ran out: that."""
    found = find_dossier(park, year)
    preview = find_preview(found, token, request.user)
    if request.htmx:
        return answer_waiting(request, "dossiers/planning.html", is_ready=not preview.is_awaited)
    if not preview.plan_sha256 or preview.is_expired:
        return _tell_none(request, found, preview)
    plan = load_plan(preview)
    told = [one for one in read_faults(plan["faults"]) if one.severity != "note"]
    plan |= {
        "told": told,
        "errors": has_errors(told),
        "has_boundary": plan["boundary"] not in (None, found.boundary),
    }
    wanted, kind = request.GET.get("register", ""), request.GET.get("kind", "")
    parts = count_plan(plan, current_language())
    shown: dict[str, Any] = {
        "park": park, "dossier": found, "preview": preview, "plan": plan, "scope": find_scope(request.access),
        "parts": parts, "same": [one for one in parts if not one.has_changes and not one.faults],
        "is_outdated": plan["revision"] != found.revision,
        "rows": page_of(find_shown(plan, wanted, kind), request.GET.get("page")),
        "wanted": wanted, "kind": kind,
    }  # fmt: skip
    return render(request, "dossiers/preview.html", shown)


def _tell_none(request: Request, dossier: WorkingDossier, preview: ImportPreview) -> HttpResponse:
    """Why there is nothing to see: it is not made yet, could not be made, or ran out."""
    shown = {
        "park": dossier.park, "dossier": dossier, "preview": preview, "days": limit("preview_days"),
        "told": read_faults(preview.faults),
    }  # fmt: skip
    return render(request, "dossiers/no_preview.html", shown)


@page("POST", scope="park", roles=WRITERS)
def confirm_import(request: Request, park: Park, year: int, token: str) -> HttpResponse:
    """Carry out what was chosen of a preview."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    given = request.POST
    choice = Choice(
        given.getlist("register"), given.get("profile") == "1", given.get("boundary") == "1",
        given.get("files") == "1",
    )  # fmt: skip
    preview = find_preview(found, token, request.user)
    made = services.confirm_import(
        request.actor, preview=preview, digest=given.get("digest", ""), choice=choice, scope=scope
    )
    messages.success(
        request, say("已导入，可在修改记录中撤销。", "Imported; it can be taken back in the list of changes.")
    )
    _tell_evidence(request, made.arrived)
    return redirect("dossier-revision", park=park.slug, year=year, revision=made.revision)


def _tell_evidence(request: Request, arrived: Arrived) -> None:
    """How many documents came into the library, which are wanting, which were refused and why."""
    taken, wanting = len(arrived.adopted), len(arrived.wanting)
    if not (taken or wanting or arrived.faults):
        return
    text = say(f"证明材料：{taken} 份已收入材料库。", f"Evidence: {taken} taken into the library.")
    if wanting:
        zh, en = _first(arrived.wanting, "、", " 等"), _first(arrived.wanting, ", ", " and others")
        text += say(f"还缺 {wanting} 份文件：{zh}。", f" {wanting} files are wanting: {en}.")
    messages.info(request, text)
    for one in arrived.faults[:MOST_NAMED]:
        words = one.words(current_language())
        messages.warning(
            request, say(f"没有收入 {one.place.file}：", f"Not taken: {one.place.file}: ") + words.what
        )


def _first(ids: Sequence[str], between: str, more: str) -> str:
    return between.join(ids[:MOST_NAMED]) + (more if len(ids) > MOST_NAMED else "")


@page("GET", scope="park", roles=READERS)
def export_file(request: Request, park: Park, year: int, ending: str) -> HttpResponseBase:
    """The dossier as .xlsx or .zip: an enterprise gets its own rows. A large one is waited for on a page."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if scoped_rows(found, scope).count() <= limit("export_rows"):
        return serve_export(*export_dossier(found, scope, ending))
    made = services.ask_export(request.actor, dossier=found, scope=scope, ending=ending)
    shown = {"park": park, "dossier": found, "export": made, "told": read_faults(made.faults)}
    if request.htmx:
        return render(request, "dossiers/exporting_part.html", shown)
    if not made.sha256:
        return render(request, "dossiers/exporting.html", shown)
    return serve_export(export_name(found, scope, ending), open_stored(made.sha256))


@page("GET", "POST", scope="park", roles=INSIDERS)
def versions(request: Request, park: Park, year: int) -> HttpResponse:
    """Frozen versions; the park makes another one."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if request.method == "POST":
        if not scope.can_edit:
            return render(request, "403.html", status=403)
        made = services.freeze_version(
            request.actor, dossier=found, label=request.POST.get("label", "").strip()
        )
        messages.success(request, say(f"版本 {made.number} 已冻结。", f"Version {made.number} is frozen."))
        return redirect("dossier-versions", park=park.slug, year=year)
    made_by = found.versions.select_related("made_by").order_by("-number")
    shown = Paginator(made_by, 30).get_page(request.GET.get("page"))
    return render(
        request, "dossiers/versions.html", {"park": park, "dossier": found, "scope": scope, "page": shown}
    )


@page("GET", scope="park", roles=INSIDERS)
def version_file(request: Request, park: Park, year: int, number: int) -> HttpResponseBase:
    """A frozen version as .zip."""
    version = get_object_or_404(
        find_dossier(park, year).versions.select_related("dossier__park"), number=number
    )
    return serve_export(*export_version(version))


@page("GET", "POST", scope="park", roles=INSIDERS)
def readings(request: Request, park: Park, year: int) -> HttpResponse:
    """Files of readings; the park adds one."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if request.method == "POST":
        if not scope.can_edit:
            return render(request, "403.html", status=403)
        notes = services.attach_readings(request.actor, dossier=found, upload=request.FILES.get("file"))
        text = say(f"已收下；检查发现 {len(notes)} 条提示。", f"Taken; the check has {len(notes)} remarks.")
        messages.success(request, text)
        return redirect("dossier-readings", park=park.slug, year=year)
    shown = {"park": park, "dossier": found, "scope": scope, "files": found.files.order_by("path")}
    return render(request, "dossiers/readings.html", shown)


@page("POST", scope="park", roles={Role.PARK})
def detach_file(request: Request, park: Park, year: int, file: int) -> HttpResponse:
    """Take a file out of the dossier."""
    found = find_dossier(park, year)
    services.detach_file(request.actor, dossier=found, file=get_object_or_404(found.files, pk=file))
    return redirect("dossier-readings", park=park.slug, year=year)
