"""Who may do what through the interface: written by hand, held against its operations by test_api_matrix.

Every person has a token with all scopes. `may` are let in; those who are something else for the park get
403, all others 404. Without a token 401, with a token that lacks the scope 403 before anything is looked at.
"""

from dataclasses import dataclass, field
from typing import Any

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
}
