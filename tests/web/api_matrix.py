"""Who may do what through the interface: written by hand, held against its operations by test_api_matrix.

Every person has a token with all scopes. `may` are let in; those who are something else for the park get
403, all others 404. Without a token 401, with a token that lacks the scope 403 before anything is looked at.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.web import evidence_samples
from tests.web.api_parts import Form
from tests.web.dossier_parts import dossier_zip
from tests.web.matrix import OF_ALPHA, ROLES

EVERYONE_OF_ALPHA = "scheme body evaluator park enterprise neighbour"
METERS = "meters"
EVERYBODY = frozenset(ROLES) - {"public"}


@dataclass(frozen=True)
class Call:
    """One operation: what is called, with which scope, by whom."""

    method: str
    path: str
    scope: str
    may: frozenset[str]
    sees: frozenset[str] = field(default_factory=frozenset)
    body: Any = None
    answers: tuple[int, ...] = (200, 201, 202, 204)

    def expected(self, role: str) -> tuple[int, ...]:
        """The answers that are right for a role."""
        if role in self.may:
            return self.answers
        return (403,) if role in self.sees else (404,)


def anybody(method: str, path: str, scope: str) -> Call:
    """An operation for whoever has a token."""
    return Call(method, path, scope, EVERYBODY)


def of_park(method: str, path: str, scope: str, may: str, **more: Any) -> Call:
    """An operation of the park alpha."""
    allowed = frozenset(may.split())
    return Call(method, f"/parks/alpha{path}", scope, allowed, OF_ALPHA - allowed, **more)


def own(method: str, path: str, scope: str, may: str, sees: str = "", **more: Any) -> Call:
    """An operation on something of alpha that only some see: 404 to all others."""
    return Call(method, f"/parks/alpha{path}", scope, frozenset(may.split()), frozenset(sees.split()), **more)


SIDES = "scheme body evaluator park"
LOOK = "scheme body evaluator"
PARTS = "park enterprise neighbour"
EVIDENCE = "/dossiers/2024/evidence"
DOCUMENT = f"{EVIDENCE}/{{document}}"
PREVIEW = "/dossiers/2024/imports/{preview}"
TASKS = "/plans/2024/tasks"
PDF = Form({"file": ("b.pdf", evidence_samples.pdf())})
SAID = {"text": "请说明"}
API_MATRIX: dict[str, list[Call]] = {
    "api-me": [anybody("GET", "/me", "read")],
    "api-parks": [anybody("GET", "/parks", "read")],
    "api-park": [of_park("GET", "", "read", EVERYONE_OF_ALPHA)],
    "api-readings": [
        of_park("POST", "/readings", "readings:write", "park enterprise neighbour", body={}, answers=(422,))
    ],
    "api-results": [
        of_park("GET", "/results", "read", "scheme body evaluator park"),
        of_park(
            "POST", "/results", "dossier:write", "park", body={"year": 2024, "version": 1, "on": "2025-01-01"}
        ),
    ],
    "api-result": [of_park("GET", "/results/{result}", "read", "scheme body evaluator park")],
    "api-assessment": [of_park("GET", "/results/{result}/assessment", "read", "body evaluator park")],
    "api-inventory": [of_park("GET", "/results/{result}/inventory", "read", "body evaluator park")],
    "api-ledger": [of_park("GET", "/results/{result}/ledger", "read", "body evaluator park")],
    "api-explain": [
        of_park("GET", "/results/{result}/explain?name=net_zero_rate", "read", "scheme body evaluator park")
    ],
    "api-submissions": [of_park("GET", "/submissions", "read", "scheme body evaluator park")],
    "api-submission": [of_park("GET", "/submissions/1", "read", "scheme body evaluator park")],
    "api-dossiers": [
        of_park("GET", "/dossiers", "read", EVERYONE_OF_ALPHA),
        of_park("POST", "/dossiers", "dossier:write", "park", body={"year": 2020}),
    ],
    "api-dossier": [of_park("GET", "/dossiers/2024", "read", EVERYONE_OF_ALPHA)],
    "api-register": [
        of_park("GET", f"/dossiers/2024/registers/{METERS}", "read", EVERYONE_OF_ALPHA),
        of_park(
            "POST",
            f"/dossiers/2024/registers/{METERS}",
            "dossier:write",
            "park enterprise neighbour",
            body={"revision": 0, "edits": []},
        ),
    ],
    "api-dossier-faults": [of_park("GET", "/dossiers/2024/faults", "read", EVERYONE_OF_ALPHA)],
    "api-versions": [
        of_park("GET", "/dossiers/2024/versions", "read", "scheme body evaluator park"),
        of_park("POST", "/dossiers/2024/versions", "dossier:write", "park", body={"label": "一"}),
    ],
    "api-imports": [
        of_park(
            "POST",
            "/dossiers/2024/imports",
            "dossier:write",
            PARTS,
            body=Form({"file": ("a.zip", dossier_zip(vehicles="vehicle,enterprise\nV1,E001\n"))}),
        )
    ],
    "api-import": [own("GET", PREVIEW, "read", "park", LOOK)],
    "api-import-rows": [own("GET", f"{PREVIEW}/rows", "read", "park", LOOK)],
    "api-import-confirm": [own("POST", f"{PREVIEW}/confirm", "dossier:write", "park", LOOK, body={})],
    "api-export": [of_park("GET", "/dossiers/2024/export?format=zip", "read", EVERYONE_OF_ALPHA)],
    "api-version-export": [of_park("GET", "/dossiers/2024/versions/1/export", "read", SIDES)],
    "api-evidence": [
        of_park("GET", EVIDENCE, "read", EVERYONE_OF_ALPHA),
        of_park(
            "POST",
            EVIDENCE,
            "dossier:write",
            PARTS,
            body=Form({"files": [("a.pdf", evidence_samples.pdf())]}, {"title": "账单"}),
        ),
    ],
    "api-document": [
        own("GET", DOCUMENT, "read", SIDES),
        own("PUT", DOCUMENT, "dossier:write", "park", LOOK, body={"title": "账单"}),
    ],
    "api-document-file": [own("GET", f"{DOCUMENT}/files/1", "read", SIDES)],
    "api-document-files": [own("POST", f"{DOCUMENT}/files", "dossier:write", "park", LOOK, body=PDF)],
    "api-document-list": [
        own("POST", f"{DOCUMENT}/list", "dossier:write", "park", LOOK, answers=(422,))  # listed already
    ],
    "api-evidence-row": [of_park("POST", f"{EVIDENCE}/rows/{{row}}", "dossier:write", "park", body=PDF)],
    "api-evidence-adopt": [of_park("POST", f"{EVIDENCE}/adopt", "dossier:write", "park")],
    "api-evidence-missing": [of_park("GET", f"{EVIDENCE}/missing", "read", "body evaluator park")],
    "api-plans": [
        of_park("GET", "/plans", "read", EVERYONE_OF_ALPHA),
        of_park("POST", "/plans", "process:write", "park scheme", body={"year": 2025}),
    ],
    "api-plan": [of_park("GET", "/plans/2024", "read", EVERYONE_OF_ALPHA)],
    "api-tasks": [
        of_park("GET", TASKS, "read", EVERYONE_OF_ALPHA),
        of_park(
            "POST",
            TASKS,
            "process:write",
            "park",
            body={"title": "补齐账单", "role": "park", "phase": "evaluation"},
        ),
        of_park(
            "POST",
            TASKS,
            "process:write",
            "body",
            body={"title": "复核抽样", "role": "evaluator", "phase": "evaluation"},
        ),
        of_park(
            "POST",
            TASKS,
            "process:write",
            "scheme",
            body={"title": "约定评审日期", "role": "expert", "phase": "evaluation"},
        ),
    ],
    "api-task": [
        own("GET", f"{TASKS}/{{task}}", "read", "scheme park"),
        own("GET", f"{TASKS}/{{review_task}}", "read", "scheme park body evaluator"),
        own("GET", f"{TASKS}/{{part_task}}", "read", "scheme park enterprise"),
        own("POST", f"{TASKS}/{{task}}", "process:write", "park", "scheme", body={"act": "start"}),
        own("POST", f"{TASKS}/{{task}}", "process:write", "park scheme", body={"act": "comment", **SAID}),
        own(
            "POST",
            f"{TASKS}/{{review_task}}",
            "process:write",
            "body",
            "evaluator scheme park",
            body={"act": "drop", **SAID},
        ),
        own(
            "POST",
            f"{TASKS}/{{part_task}}",
            "process:write",
            "park enterprise",
            "scheme",
            body={"act": "finish"},
        ),
        own(
            "POST",
            f"{TASKS}/{{part_task}}",
            "process:write",
            "park",
            "enterprise scheme",
            body={"act": "reschedule", "due": "2027-01-31"},
        ),
        own(
            "POST",
            f"{TASKS}/{{part_task}}",
            "process:write",
            "park",
            "enterprise scheme",
            body={"act": "assign", "owner": None},
        ),
    ],
    "api-work": [anybody("GET", "/work", "read")],
    "api-findings": [of_park("GET", "/submissions/1/findings", "read", LOOK)],
    "api-finding": [
        of_park(
            "POST",
            "/submissions/1/findings/A1.1",
            "review:write",
            "evaluator",
            body={"verdict": "accept"},
            answers=(422,),
        )
    ],
    "api-questions": [
        of_park("GET", "/submissions/1/questions", "read", SIDES),
        of_park(
            "POST",
            "/submissions/1/questions",
            "review:write",
            "evaluator",
            body={"code": "A1.1", "fields": ["boundary"], **SAID},
            answers=(422,),
        ),
    ],
    "api-question": [of_park("GET", "/submissions/1/questions/1", "read", SIDES)],
    "api-question-messages": [
        of_park(
            "POST",
            "/submissions/1/questions/1/messages",
            "review:write",
            "park evaluator",
            body=SAID,
            answers=(422,),
        )
    ],
    "api-question-settle": [
        of_park(
            "POST", "/submissions/1/questions/1/settle", "review:write", "evaluator", body={}, answers=(422,)
        )
    ],
    "api-submission-changes": [of_park("GET", "/submissions/1/changes", "read", SIDES)],
}
"""Acts of a review are refused here for its state (422); what they do is in test_api_reviews."""
