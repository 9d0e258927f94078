"""What calculations of frozen versions came to: summaries, the full exports, and the way behind a number."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Query

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Detail, Faults, Number, Paged, Pages, Refused, Slug
from lingtan_web.api.forms_results import Ask, Explained, Explaining, ResultFull, ResultOut
from lingtan_web.api.paging import build_page
from lingtan_web.assessments import services
from lingtan_web.assessments.explaining import Shown, Told, explain_number
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.assessments.queries import Opened, find_calculation, list_calculations, viewer_of
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.roles import Role

INSIDE = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.EXPERT}
OPEN = {Role.PARK, Role.BODY, Role.EVALUATOR}
"""Who may have the full exports: they name confidential enterprises, as the park's own files do."""
Edition = Annotated[
    str, Query("", max_length=100, description="版本，缺省为主版本 Edition; the main one if left out")
]


def _result(one: Calculation) -> dict[str, Any]:
    return {
        "number": one.pk,
        "year": one.version.dossier.year,
        "version": one.version.number,
        "on": one.on,
        "state": one.state,
        "software": one.software,
        "asked_at": one.asked_at,
        "finished_at": one.finished_at,
        "editions": [
            {"edition": r.edition, "stars": r.stars, "stage": r.stage or None, "score": r.score or None}
            for r in one.results.all()
        ],
    }


@declare(
    "GET",
    "/parks/{slug:park}/results",
    name="api-results",
    rule=lets(READ, INSIDE),
    says=("园区的评价计算，最新在前。", "The calculations of a park, the latest first."),
    response={200: Paged[ResultOut], **Refused},
    tags=["results"],
)
def list_results(request: ApiRequest, park: Slug, pages: Query[Pages]) -> dict[str, Any]:
    """The operator sees all, others those of versions that were submitted."""
    return build_page(list_calculations(request.park, request.access), pages, _result)


@declare(
    "POST",
    "/parks/{slug:park}/results",
    name="api-results",
    rule=lets("dossier:write", {Role.PARK}),
    says=(
        "请求计算一个已冻结的版本；同样的请求不会重复计算。",
        "Ask for the calculation of a frozen version; asked twice it is made once.",
    ),
    response={200: ResultOut, **Refused},
    tags=["results"],
)
def ask_result(request: ApiRequest, park: Slug, asked: Ask) -> dict[str, Any]:
    """It is computed in the background: look at `state`, or let a webhook tell."""
    versions = DossierVersion.objects.filter(dossier__park=request.park, dossier__year=asked.year)
    version = get_object_or_404(versions.select_related("dossier__park"), number=asked.version)
    on = asked.on or services.read_day("")
    return _result(services.ask_calculation(request.actor, version=version, on=on, editions=asked.editions))


@declare(
    "GET",
    "/parks/{slug:park}/results/{int:number}",
    name="api-result",
    rule=lets(READ, INSIDE),
    says=("一次评价计算：状态、星级、分数。", "One calculation: state, stars, score."),
    response={200: ResultFull, **Refused},
    tags=["results"],
)
def show_result(request: ApiRequest, park: Slug, number: Number) -> dict[str, Any]:
    """With what was found in the dossier, or why it failed."""
    found = find_calculation(request.park, request.access, number)
    faults = found.faults if request.access.has(*OPEN) else []
    return {**_result(found), "faults": faults, "files": sorted(_exports(found))}


def _exports(calculation: Calculation) -> list[str]:
    names = ("assessment-", "inventory-", "ledger", "uncertainty")
    return [name for name in calculation.artefacts if name.startswith(names) and name.endswith(".json")]


def _open(request: ApiRequest, number: int, edition: str = "") -> Opened:
    """A calculation that is done; an edition that is named must be one of it."""
    found = find_calculation(request.park, request.access, number)
    if found.state != State.DONE:
        raise Http404
    opened = Opened(found, viewer_of(request.access), edition)
    if edition and opened.chosen.edition != edition:
        raise Http404
    return opened


def _file(opened: Opened, name: str) -> HttpResponseBase:
    return FileResponse(opened.path(name).open("rb"), content_type="application/json; charset=utf-8")


@declare(
    "GET",
    "/parks/{slug:park}/results/{int:number}/assessment",
    name="api-assessment",
    rule=lets(READ, OPEN),
    says=(
        "评价结果全文，与命令 lingtan assess --json 相同。",
        "The full assessment, as the command lingtan assess --json gives it.",
    ),
    response={200: dict[str, Any], **Refused},
    tags=["results"],
)
def show_assessment(request: ApiRequest, park: Slug, number: Number, edition: Edition) -> HttpResponseBase:
    """Gates, indicators, levels, what is missing."""
    opened = _open(request, number, edition)
    return _file(opened, f"assessment-{opened.chosen.edition}.json")


@declare(
    "GET",
    "/parks/{slug:park}/results/{int:number}/inventory",
    name="api-inventory",
    rule=lets(READ, OPEN),
    says=(
        "温室气体清单，与命令 lingtan inventory --json 相同。",
        "The inventory, as the command lingtan inventory --json gives it.",
    ),
    response={200: dict[str, Any], **Refused},
    tags=["results"],
)
def show_inventory(
    request: ApiRequest,
    park: Slug,
    number: Number,
    method: Annotated[Literal["park", "cn-ndrc-910"], Query("park", description="核算方法 Method")],
) -> HttpResponseBase:
    """Totals, lines, members; by either of the two methods, which are never mixed."""
    return _file(_open(request, number), f"inventory-{method}.json")


@declare(
    "GET",
    "/parks/{slug:park}/results/{int:number}/ledger",
    name="api-ledger",
    rule=lets(READ, OPEN),
    says=("净零平衡：按先后次序抵消。", "The net-zero balance in the order of cancellation."),
    response={200: dict[str, Any], **Refused},
    tags=["results"],
)
def show_ledger(request: ApiRequest, park: Slug, number: Number) -> HttpResponseBase:
    """Own reduction, green electricity, credits, and what is left."""
    return _file(_open(request, number), "ledger.json")


@declare(
    "GET",
    "/parks/{slug:park}/results/{int:number}/explain",
    name="api-explain",
    rule=lets(READ, INSIDE),
    says=(
        "一个数字的来历：公式、输入、系数与出处。",
        "What one number is made of: formula, inputs, factors and their sources.",
    ),
    response={200: Explained, **Refused, 404: Detail | Faults},
    tags=["results"],
)
def explain(request: ApiRequest, park: Slug, number: Number, asked: Query[Explaining]) -> dict[str, Any]:
    """By its name, or by the number of a node that stood among the inputs of another."""
    opened = _open(request, number, asked.edition)
    told = explain_number(opened, asked.name, {"node": str(asked.node or ""), "page": str(asked.page)})
    if told is None:
        raise Http404
    found: dict[str, Any] = opened.covers.clean(_told(told))
    return found


def _told(told: Told) -> dict[str, Any]:
    body, title = told.node.body, told.node.title
    kept = ("value", "unit", "rule", "origin", "basis", "clause", "note", "gaps")
    return {
        "node": told.node.id,
        "name": told.node.name,
        "title_zh": title.zh if title else "",
        "title_en": title.en if title else "",
        **{name: body[name] for name in kept},
        "inputs": [_input(one) for one in told.inputs],
        "page": told.page,
        "pages": told.pages,
        "total": told.count,
    }


def _input(one: Shown) -> dict[str, Any]:
    title = one.label_title or one.node.title
    return {
        "label": one.label,
        "node": one.node.id,
        "name": one.node.name,
        "title_zh": title.zh if title else "",
        "title_en": title.en if title else "",
        "value": one.value,
        "unit": one.node.body["unit"],
        "is_covered": one.is_covered,
    }
