"""A scheme, its keys and one certificate, for tests of certificates."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lingtan.certificate import (
    Certificate,
    Ring,
    Signer,
    State,
    StatusList,
    make_number,
    make_ring,
    open_signer,
    read_list,
    sign_code,
    sign_credential,
    sign_lists,
)

ADDRESS = "https://zero.example.org"
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai
WEEK = timedelta(days=7)

MADE = Certificate(
    number=make_number("LZC", 2026, 1),
    scheme="lzc",
    scheme_name="零碳园区评价计划",
    park="xinghuo",
    park_name="星火零碳特色产业园区",
    park_name_en="Xinghuo Park",
    boundary_sha256="1" * 64,
    edition="sh-seesa-zctp-2024",
    edition_name="零碳特色产业园区创建与评价技术规范",
    edition_sha256="2" * 64,
    stars=4,
    stage="四星（创建）",
    stage_en="Four stars, creation",
    score="82.2043",
    year=2024,
    on=date(2025, 6, 30),
    decided_on=date(2026, 11, 20),
    issued_on=date(2026, 11, 25),
    valid_from=date(2026, 11, 25),
    valid_until=date(2029, 11, 24),
    dossier_sha256="3" * 64,
    result_sha256="4" * 64,
    bundle_sha256="5" * 64,
    software="0.6.0",
    status_index=7,
)


@dataclass
class Scheme:
    """Keys in a folder, and what is signed with them."""

    folder: Path
    ring: Ring
    read: dict[tuple[State, datetime], tuple[StatusList, ...]] = field(default_factory=dict)

    @property
    def signer(self) -> Signer:
        return open_signer(self.folder, self.ring)

    def credential(self, made: Certificate = MADE) -> str:
        return sign_credential(made, ADDRESS, self.signer)

    def code(self, made: Certificate = MADE) -> str:
        return sign_code(made, self.credential(made), ADDRESS, self.signer)

    def tokens(self, state: State, at: datetime = NOW, index: int = MADE.status_index) -> dict[str, str]:
        states: list[State] = ["unissued"] * index + [state]
        return sign_lists(states, 0, ADDRESS, self.signer, at=at, fresh=WEEK)

    def lists(self, state: State, at: datetime = NOW) -> tuple[StatusList, ...]:
        if (state, at) not in self.read:
            self.read[state, at] = (read_list(self.tokens(state, at)["message"], self.ring),)
        return self.read[state, at]


def make_scheme(folder: Path, name: str = "零碳园区评价计划") -> Scheme:
    return Scheme(folder, make_ring(folder, scheme="lzc", name=name, on=START))


def other(**changes: object) -> Certificate:
    return replace(MADE, **changes)  # type: ignore[arg-type]
