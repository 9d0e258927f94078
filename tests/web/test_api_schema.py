"""The description of the interface and the interface agree: tried by schemathesis, bounded."""

import copy
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as site
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import positive_data_acceptance
from tests.web.api_matrix import API_MATRIX
from tests.web.api_parts import Program, make_result, make_submission, register_meters, withdraw
from tests.web.conftest import World
from tests.web.evidence_parts import make_evidence
from tests.web.review_parts import make_version

from lingtan_web.api.description import build_description, tell_operations, tell_shapes
from lingtan_web.audit.services import SYSTEM
from lingtan_web.organisations.services import SCOPES
from lingtan_web.process.services import start_plan
from lingtan_web.webhooks.events import EVENTS

EXAMPLES = 25
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., Any]


def application(environ: dict[str, Any], start: Start, inner: Any = get_wsgi_application()) -> list[bytes]:  # noqa: B008
    """The application; files it answers are read to their end and closed, as a server does."""
    answer = inner(environ, start)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def narrowed() -> dict[str, Any]:
    """The description with parks and numbers that are there in the tests, or nearly all would be 404."""
    found = copy.deepcopy(build_description())
    del found["components"]["securitySchemes"]  # every request has a token here: none is generated
    for methods in found["paths"].values():
        for operation in methods.values():
            del operation["security"]
        for parameter in (one for operation in methods.values() for one in operation["parameters"]):
            if parameter["name"] == "park":
                parameter["schema"] = {"enum": ["alpha", "beta", "gamma"]}
            elif parameter["name"] == "number":
                parameter["schema"] |= {"maximum": 2}
    return found


schema = schemathesis.openapi.from_dict(narrowed())
schema.app = application


@pytest.fixture
def program(world: World, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program of alpha's operator, and something to find."""
    monkeypatch.setattr("lingtan_web.api.rate.allowed_per_minute", lambda kind: 10**6)
    version = make_version(world)
    withdraw(make_submission(world, version))
    make_result(world, version)
    register_meters(world, ("E001-EL", "E001"))
    make_evidence(world)
    start_plan(SYSTEM, park=world.alpha, year=2024, first_day=date(2026, 1, 1))
    return Program(world.park)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_interface_is_as_described(case: Any, program: Program) -> None:
    """Valid and invalid requests: no failure of ours, no answer that is not described, nothing bad taken.

    Whether a token is asked for is in `test_api_matrix` (here every request has a good one).
    """
    headers = {"Authorization": f"Bearer {program.secret}"}
    response = case.call(headers=headers)
    if response.status_code == 413:  # schemathesis does not know it as a refusal
        assert len(response.request.body or "") > site.DATA_UPLOAD_MAX_MEMORY_SIZE
    else:
        case.validate_response(
            response, excluded_checks=[positive_data_acceptance] if is_judged(response) else []
        )


def is_judged(response: Any) -> bool:
    """Whether what was sent had the form that is described, and was refused for what it says.

    Such as a task that cannot be started twice. The faults `api.…` are about the form; but the library may
    send a file without a name, which makes it a text: that it is missing then is right.
    """
    if response.status_code != 422:
        return False
    about_form = [one for one in response.json()["faults"] if one["code"].startswith("api.")]
    return all(one["context"].get("field") in ("file", "files") for one in about_form)


def test_every_operation_is_described() -> None:
    described = {
        one["operationId"] for methods in build_description()["paths"].values() for one in methods.values()
    }
    assert described == {
        f"{name}-{one.method.lower()}" for name, calls in API_MATRIX.items() for one in calls
    }
    assert {one.name for _, told in tell_operations() for one in told} == described


def test_the_page_tells_every_operation_and_shape_in_both_languages(client: Client, db: None) -> None:
    zh = client.get("/api/").content.decode()
    client.post("/language/", {"language": "en"})
    en = client.get("/api/").content.decode()
    for _, told in tell_operations():
        for one in told:
            assert one.zh in zh and one.en in en and one.path in zh
            assert escape(one.zh) not in en
    for anchor, _, _ in tell_shapes():
        assert f'id="shape-{anchor}"' in zh
    for act in EVENTS:
        assert act in zh
    assert "<script" not in zh.replace('<script type="module" src="/static/', "").replace(
        '<script src="/static/', ""
    )
    assert "style=" not in zh


def test_the_description_says_how_to_sign_in(client: Client, db: None) -> None:
    found = client.get("/api/v1/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    schemes = found["components"]["securitySchemes"]
    assert [(one["type"], one["scheme"]) for one in schemes.values()] == [("http", "bearer")]
    for methods in found["paths"].values():
        for one in methods.values():
            assert one["security"] and {"401", "403", "429"} <= set(one["responses"])
            assert one["x-scope"] in SCOPES


def test_the_worked_example_names_operations_that_there_are() -> None:
    """Every address of the page of documentation, with the method that its curl would use."""
    page = (ROOT / "docs" / "how-to" / "use-the-interface.md").read_text("utf-8").replace("\\\n", "")
    commands = [line for line in page.splitlines() if line.startswith("curl ")]
    assert len(commands) > 15
    known = {
        (method.upper(), re.sub(r"{[a-z]+}", "[^/]+", path.removeprefix("/api/v1")))
        for path, methods in build_description()["paths"].items()
        for method in methods
    }
    for command in commands:
        method = "POST" if re.search(r" -(d|F) ", command) else "GET"
        found = re.search(r"\$SITE([^\s\"?]+)", command)
        assert found, command
        assert any(of == method and re.fullmatch(path, found[1]) for of, path in known), command
