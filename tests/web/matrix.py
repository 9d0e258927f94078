"""Who may do what at which address: written by hand, held against the application by test_matrix.

`may` are the roles that are let in, `sees` those that see the park but are not allowed (403); every other
signed-in person gets 404, and the public is sent to the door. `all` and `public` let everybody in.
"""

from dataclasses import dataclass, field

from tests.web import certificate_matrix, review_matrix

ROLES = (
    "scheme", "body", "evaluator", "park", "enterprise", "neighbour", "expert", "other_park", "stranger",
    "public",
)  # fmt: skip
OF_ALPHA = frozenset(["scheme", "body", "evaluator", "park", "enterprise", "neighbour"])
"""Those who are something for the park alpha."""


@dataclass(frozen=True)
class Line:
    """One address and method."""

    method: str
    address: str
    may: frozenset[str]
    sees: frozenset[str] = field(default_factory=frozenset)
    is_public: bool = False
    answers: tuple[int, ...] = (200, 302, 422)

    def expected(self, role: str) -> tuple[int, ...]:
        """The answers that are right for a role."""
        if self.is_public or role in self.may:
            return self.answers
        if role == "public":
            return (302,)
        return (403,) if role in self.sees else (404,)

    def is_for_the_door(self, role: str) -> bool:
        """Whether the answer sends a visitor to sign in."""
        return role == "public" and not self.is_public


def park(method: str, address: str, may: str, **more: object) -> Line:
    """An address of the park alpha: who has another role for it gets 403, who has none 404."""
    allowed = frozenset(may.split())
    return Line(method, f"/parks/alpha/{address}", allowed, OF_ALPHA - allowed, **more)  # type: ignore[arg-type]


def held(method: str, address: str, may: str, **more: object) -> Line:
    """An address for people who hold a role anywhere; others who are signed in get 403."""
    allowed = frozenset(may.split())
    return Line(method, address, allowed, frozenset(ROLES) - {"public"} - allowed, **more)  # type: ignore[arg-type]


def signed_in(method: str, address: str, **more: object) -> Line:
    """An address for whoever signed in."""
    return Line(method, address, frozenset(ROLES) - {"public"}, **more)  # type: ignore[arg-type]


def public(method: str, address: str, *answers: int) -> Line:
    """An address for everybody."""
    return Line(method, address, frozenset(ROLES), is_public=True, answers=answers or (200, 302, 422))


def own(method: str, address: str, may: str, *, sees: str = "", **more: object) -> Line:
    """An address of something that only some have: 404 to all others."""
    return Line(method, address, frozenset(may.split()), frozenset(sees.split()), **more)  # type: ignore[arg-type]


EVERY_SIDE = "scheme body evaluator park enterprise neighbour"
INSIDE = "scheme body evaluator park"
LOOK = "scheme body evaluator"
INSIDE = "scheme body evaluator park"
ANYONE = "scheme body evaluator park enterprise neighbour"
RESULTS = [
    ("result", "", ANYONE),
    ("result-mine", "mine/", ANYONE),
    ("result-source", "sources/electricity/", INSIDE),
    ("result-enterprise", "inventory/E001/", ANYONE),
    ("result-explain", "explain/score", ANYONE),
    *(
        (f"result-{name}", f"{name}/", INSIDE)
        for name in ("indicators", "missing", "inventory", "energy", "meters", "balance", "editions")
    ),
    ("result-chart", "charts/scopes.zh.svg", INSIDE),
    ("documents", "documents/", INSIDE),
    ("document", "documents/1/", INSIDE),
]
"""Pages of a result: who may see the one that is there is tested in test_cockpit_pages."""

EVIDENCE = "dossier/2024/evidence/"
DOCUMENT = f"/parks/alpha/{EVIDENCE}{{document}}/"
SEES_PARK = "scheme body evaluator park"
"""Who sees a document of the park; enterprises see their own only."""

MATRIX: dict[str, list[Line]] = {
    "evidence": [park("GET", "evidence/", " ".join(OF_ALPHA))],
    "evidence-library": [park("GET", EVIDENCE, " ".join(OF_ALPHA))],
    "evidence-missing": [park("GET", f"{EVIDENCE}missing/", "body evaluator park")],
    "evidence-hand-in": [park("POST", f"{EVIDENCE}new/", "park enterprise neighbour", answers=(422,))],
    "evidence-adopt": [park("POST", f"{EVIDENCE}adopt/", "park")],
    "evidence-attach": [park("POST", f"{EVIDENCE}rows/{{unfiled}}/", "park", answers=(422,))],
    "evidence-document": [
        own("GET", DOCUMENT, SEES_PARK),
        own("POST", DOCUMENT, "park", sees="scheme body evaluator", answers=(422,)),
    ],
    "evidence-supersede": [
        own("POST", f"{DOCUMENT}new/", "park", sees="scheme body evaluator", answers=(422,))
    ],
    "evidence-list": [own("POST", f"{DOCUMENT}list/", "park", sees="scheme body evaluator", answers=(422,))],
    "evidence-file": [own("GET", f"{DOCUMENT}1/file/", SEES_PARK, answers=(200,))],
    "evidence-preview": [own("GET", f"{DOCUMENT}1/preview/", SEES_PARK, answers=(200,))],
    "boundary-latest": [park("GET", "boundary/", " ".join(OF_ALPHA))],
    "boundary": [park("GET", "dossier/2024/boundary/", " ".join(OF_ALPHA))],
    "boundary-check": [park("POST", "dossier/2024/boundary/check/", "park")],
    "boundary-save": [park("POST", "dossier/2024/boundary/save/", "park")],
    "home": [public("GET", "/", 200)],
    "park": [park("GET", "", "scheme body evaluator park enterprise neighbour")],
    "new-park": [
        held("GET", "/parks/new/", "scheme"),
        held("POST", "/parks/new/", "scheme", answers=(404, 422)),
    ],
    "park-people": [park("GET", "people/", "scheme park body")],
    "place-enterprise": [park("POST", "people/enterprises/", "park")],
    "give-mandate": [park("POST", "people/mandates/", "scheme", answers=(404, 422))],
    "name-evaluators": [park("POST", "people/mandates/{mandate}/", "body")],
    "end-mandate": [park("POST", "people/mandates/{mandate}/end/", "scheme")],
    "park-log": [park("GET", "log/", "scheme park")],
    "process": [
        park("GET", "process/", "scheme body evaluator park enterprise neighbour"),
        park("POST", "process/", "scheme park"),
    ],
    "process-board": [park("GET", "process/2024/", "scheme body evaluator park enterprise neighbour")],
    "process-measures": [
        park("GET", "process/2024/measures/", "scheme park"),
        park("POST", "process/2024/measures/", "park"),
    ],
    "improve": [
        park("GET", "results/0/improve/", "park", answers=(404,)),
        park("POST", "results/0/improve/", "park", answers=(404,)),
    ],
    "new-task": [
        park("GET", "process/2024/tasks/new/", "scheme park body"),
        park("POST", "process/2024/tasks/new/", "scheme park body"),
    ],
    "task": [
        own("GET", "/parks/alpha/process/2024/tasks/{task}/", "scheme park"),
        own("GET", "/parks/alpha/process/2024/tasks/{review_task}/", "scheme park body evaluator"),
        own("GET", "/parks/alpha/process/2024/tasks/{part_task}/", "scheme park enterprise"),
    ],
    "act-on-task": [
        own("POST", "/parks/alpha/process/2024/tasks/{task}/finish/", "park", sees="scheme"),
        own("POST", "/parks/alpha/process/2024/tasks/{task}/comment/", "park scheme"),
        own(
            "POST",
            "/parks/alpha/process/2024/tasks/{review_task}/finish/",
            "body evaluator",
            sees="scheme park",
        ),
        own(
            "POST",
            "/parks/alpha/process/2024/tasks/{review_task}/drop/",
            "body",
            sees="evaluator scheme park",
        ),
        own("POST", "/parks/alpha/process/2024/tasks/{part_task}/finish/", "park enterprise", sees="scheme"),
        own("POST", "/parks/alpha/process/2024/tasks/{part_task}/assign/", "park", sees="enterprise scheme"),
    ],
    "work": [signed_in("GET", "/my-work/")],
    "read-notices": [signed_in("POST", "/my-work/read/")],
    "channels": [signed_in("GET", "/my-work/channels/")],
    "choose-letters": [signed_in("POST", "/my-work/channels/letters/")],
    "make-calendar": [signed_in("POST", "/my-work/channels/calendar/")],
    "revoke-calendar": [signed_in("POST", "/my-work/channels/calendar/revoke/")],
    "calendar": [public("GET", "/calendar/ltc_none.ics", 404)],
    "dossiers": [park("GET", "dossier/", EVERY_SIDE)],
    "open-dossier": [park("POST", "dossier/open/", "park")],
    "dossier": [park("GET", "dossier/2024/", EVERY_SIDE)],
    "dossier-faults": [park("GET", "dossier/2024/faults/", EVERY_SIDE)],
    "dossier-profile": [
        park("GET", "dossier/2024/profile/", INSIDE),
        park("POST", "dossier/2024/profile/", "park"),
    ],
    "register": [park("GET", "dossier/2024/registers/water_use/", EVERY_SIDE)],
    "register-rows": [park("GET", "dossier/2024/registers/water_use/rows/?from=0&count=9", EVERY_SIDE)],
    "register-edits": [park("POST", "dossier/2024/registers/water_use/edits/", "park enterprise neighbour")],
    "confirm-empty": [park("POST", "dossier/2024/registers/incidents/empty/", "park")],
    "dossier-history": [park("GET", "dossier/2024/history/", EVERY_SIDE)],
    "dossier-revision": [own("GET", "/parks/alpha/dossier/2024/history/1/", INSIDE)],
    "undo-revision": [park("POST", "dossier/2024/history/1/undo/", "park enterprise neighbour")],
    "import-dossier": [
        park("GET", "dossier/2024/import/", "park enterprise neighbour"),
        park("POST", "dossier/2024/import/", "park enterprise neighbour"),
    ],
    "import-preview": [own("GET", "/parks/alpha/dossier/2024/import/{preview}/", "park", sees=LOOK)],
    "confirm-import": [own("POST", "/parks/alpha/dossier/2024/import/{preview}/confirm/", "park", sees=LOOK)],
    "export-dossier": [park("GET", "dossier/2024/export/zip/", EVERY_SIDE)],
    "dossier-versions": [
        park("GET", "dossier/2024/versions/", INSIDE),
        park("POST", "dossier/2024/versions/", "park"),
    ],
    "version-file": [park("GET", "dossier/2024/versions/{version}/", INSIDE)],
    "dossier-readings": [
        park("GET", "dossier/2024/readings/", INSIDE),
        park("POST", "dossier/2024/readings/", "park"),
    ],
    "detach-file": [park("POST", "dossier/2024/readings/{file}/detach/", "park")],
    "enterprise-parts": [park("GET", "dossier/2024/enterprises/", "park scheme")],
    "invite-enterprise": [park("POST", "dossier/2024/enterprises/invite/", "park")],
    "remind-enterprises": [park("POST", "dossier/2024/enterprises/remind/", "park")],
    "declare-done": [park("POST", "dossier/2024/enterprises/done/", "enterprise neighbour")],
    "enterprise-confidential": [
        park("POST", "dossier/2024/enterprises/confidential/", "enterprise neighbour", answers=(404,))
    ],
    "results": [park("GET", "results/", "scheme body evaluator park enterprise neighbour")],
    "ask-result": [park("POST", "results/ask/", "park", answers=(404,))],
    "preview-result": [park("POST", "results/preview/", "park", answers=(404,))],
    "results-years": [park("GET", "results/years/", "scheme body evaluator park")],
    **{
        name: [park("GET", f"results/999999/{address}", who, answers=(404,))]
        for name, address, who in RESULTS
    },
    "ask-documents": [park("POST", "results/999999/documents/ask/", INSIDE, answers=(404,))],
    "account": [signed_in("GET", "/account/"), signed_in("POST", "/account/")],
    "tokens": [signed_in("GET", "/account/tokens/"), signed_in("POST", "/account/tokens/")],
    "revoke-token": [own("POST", "/account/tokens/{token}/revoke/", "park")],
    "invitation": [
        public("GET", "/invitations/lti_none/", 422),
        public("POST", "/invitations/lti_none/", 422),
    ],
    "organisations": [held("GET", "/organisations/", "scheme"), held("POST", "/organisations/", "scheme")],
    "organisation": [own("GET", "/organisations/{operator}/", "scheme park")],
    "invite": [
        own("POST", "/organisations/{operator}/invite/", "scheme park"),
        own("POST", "/organisations/{body}/invite/", "scheme body", sees="evaluator"),
    ],
    "revoke-invitation": [
        own("POST", "/organisations/{operator}/invitations/{invitation}/revoke/", "scheme park")
    ],
    "end-membership": [own("POST", "/organisations/{operator}/members/{membership}/end/", "scheme park")],
    "webhooks": [
        own("GET", "/organisations/{operator}/webhooks/", "park"),
        own("POST", "/organisations/{operator}/webhooks/", "park"),
        own("GET", "/organisations/{body}/webhooks/", "body", sees="evaluator"),
    ],
    "webhook": [own("GET", "/organisations/{operator}/webhooks/{webhook}/", "park")],
    "test-webhook": [own("POST", "/organisations/{operator}/webhooks/{webhook}/test/", "park")],
    "revoke-webhook": [own("POST", "/organisations/{operator}/webhooks/{webhook}/revoke/", "park")],
    "api-reference": [public("GET", "/api/", 200)],
    "api-openapi": [public("GET", "/api/v1/openapi.json", 200)],
    "audit-log": [held("GET", "/audit/", "scheme")],
    "language": [public("POST", "/language/", 302)],
    "health": [public("GET", "/healthz", 200)],
    "metrics": [public("GET", "/metrics", 404)],
}
MATRIX |= {
    "my-reviews": [held("GET", "/reviews/", "scheme body evaluator park expert other_park")],
    "review-figures": [held("GET", "/reviews/figures/", "scheme")],
    **{name: [park("GET", address, may)] for name, (address, may) in review_matrix.PAGES.items()},
    **{
        name: [park("GET", address, may), park("POST", address, may, answers=(302, 404, 422))]
        for name, (address, may) in review_matrix.FORMS.items()
    },
    **{name: [park("POST", address, may)] for name, (address, may) in review_matrix.ACTS.items()},
    "review-question": [park("GET", "reviews/1/questions/1/", "scheme body evaluator park", answers=(404,))],
    "review-photo": [park("GET", "reviews/1/photos/1/", "scheme body evaluator park", answers=(404,))],
}
MATRIX |= {
    **{
        name: [public("GET", address, answer)]
        for name, (address, answer) in certificate_matrix.PUBLIC.items()
    },
    "certificate-check": [public("GET", "/check/", 200), public("POST", "/check/", 422)],
    **{name: [held("GET", address, "scheme")] for name, address in certificate_matrix.DESK_PAGES.items()},
    **{name: [held("POST", address, "scheme")] for name, address in certificate_matrix.DESK_ACTS.items()},
    "trials": [
        held("GET", certificate_matrix.TRIALS, "scheme"),
        held("POST", certificate_matrix.TRIALS, "scheme", answers=(422,)),
    ],
    "judge-certificate": [held("POST", certificate_matrix.JUDGE, "scheme", answers=(404,))],
    "issue-certificate": [
        held("GET", certificate_matrix.ISSUE, "scheme"),
        held("POST", certificate_matrix.ISSUE, "scheme"),
    ],
    **{
        name: [park("GET", address, "scheme park")] for name, address in certificate_matrix.PARK_PAGES.items()
    },
    **{name: [park("POST", address, "park")] for name, address in certificate_matrix.PARK_ACTS.items()},
    "disclose-bundle": [
        park("GET", certificate_matrix.DISCLOSE, "park"),
        park("POST", certificate_matrix.DISCLOSE, "park"),
    ],
}
