"""Is this certificate the scheme's, unaltered, and does it hold? One answer in one clear word.

A signature says that something was once true; only the status list says that it still is. So without a
fresh list the answer is `unchecked`, never `valid`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from lingtan.certificate.code import Code, is_code, read_code
from lingtan.certificate.credential import ZONE, read_credential
from lingtan.certificate.keyring import Ring
from lingtan.certificate.papers import read_paper
from lingtan.certificate.records import Certificate
from lingtan.certificate.status import StatusList, place_in_list
from lingtan.errors import NOWHERE, Fault, LingtanError, Place, fault

Word = Literal[
    "valid", "unchecked", "not_yet", "expired", "suspended", "withdrawn", "exited", "superseded",
    "not_ours", "altered", "unreadable",
]  # fmt: skip
WORDS: tuple[Word, ...] = get_args(Word)
_NOT_OURS = {"certificate.not-ours"}
_UNREADABLE = {
    "certificate.not-a-token", "certificate.not-a-code", "certificate.paper-unreadable",
    "certificate.not-a-certificate", "certificate.not-a-file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `status_of` is when the scheme last said how the certificate stands."""

    word: Word
    certificate: Certificate | None = None
    code: Code | None = None
    status_of: datetime | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it may be relied on."""
        return self.word == "valid"


def verify_file(
    data: bytes, ring: Ring, lists: tuple[StatusList, ...], *, at: datetime, name: str
) -> Verdict:
    """The verdict on a file or text: a printed certificate (PDF), a credential, or the text of a code.

    `lists` are the status lists at hand, `at` is now (aware). Never raises for what a stranger hands in.
    """
    place = Place(name)
    try:
        if data.startswith(b"%PDF-"):
            return _verify_paper(data, ring, lists, at, place)
        text = data.decode("ascii").strip()
        if is_code(text):
            return _verify_code(text, ring, lists, at, place)
        made, address = read_credential(text, ring, place)
    except UnicodeDecodeError:
        return Verdict("unreadable", faults=(fault("certificate.not-a-file", place),))
    except LingtanError as error:
        return Verdict(find_word_of(error.faults), faults=error.faults)
    return judge(made, address, lists, at=at, place=place)


def _verify_paper(
    data: bytes, ring: Ring, lists: tuple[StatusList, ...], at: datetime, place: Place
) -> Verdict:
    paper = read_paper(data, ring, place)
    made, address = read_credential(paper.credential, ring, Place(place.file, "certificate.vc.jwt"))
    return judge(made, address, lists, at=at, place=place)


def _verify_code(text: str, ring: Ring, lists: tuple[StatusList, ...], at: datetime, place: Place) -> Verdict:
    code = read_code(text, ring, place)
    word, status_of, faults = _find_word(code, code.address, lists, at, place)
    return Verdict(word, code=code, status_of=status_of, faults=faults)


def judge(
    made: Certificate, address: str, lists: tuple[StatusList, ...], *, at: datetime, place: Place = NOWHERE
) -> Verdict:
    """The verdict on a certificate whose signature holds."""
    word, status_of, faults = _find_word(made, address, lists, at, place)
    return Verdict(word, made, status_of=status_of, faults=faults)


def _find_word(
    made: Certificate | Code, address: str, lists: tuple[StatusList, ...], at: datetime, place: Place
) -> tuple[Word, datetime | None, tuple[Fault, ...]]:
    """What has ended for good comes before what the days say, and that before what may be cured."""
    number, index = place_in_list(made.status_index)
    found = [one for one in lists if one.number == number and one.address == address]
    newest = max(found, key=lambda one: one.issued_at, default=None)
    by_day = _by_day(made, at.astimezone(ZONE).date())
    if newest is None:
        return by_day or "unchecked", None, (fault("certificate.no-status-list", place, where=address),)
    state = newest.state(index)
    if state == "unissued":
        return "not_ours", newest.issued_at, (fault("certificate.not-issued", place, number=made.number),)
    if state in ("withdrawn", "exited", "superseded"):
        return state, newest.issued_at, ()
    if by_day:
        return by_day, newest.issued_at, ()
    if not newest.issued_at <= at <= newest.fresh_until:
        stale = fault(
            "certificate.status-stale", place, issued=_say(newest.issued_at), until=_say(newest.fresh_until)
        )
        return ("suspended" if state == "suspended" else "unchecked"), newest.issued_at, (stale,)
    return state, newest.issued_at, ()


def _by_day(made: Certificate | Code, today: date) -> Word | None:
    if today > made.valid_until:
        return "expired"
    first = made.valid_from if isinstance(made, Certificate) else made.issued_on
    return "not_yet" if today < first else None


def find_word_of(faults: tuple[Fault, ...]) -> Word:
    """The word for what could not be believed, by why."""
    codes = {one.code for one in faults}
    if codes & _NOT_OURS:
        return "not_ours"
    return "unreadable" if codes & _UNREADABLE else "altered"


def _say(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
