"""Which acts of the audit log are told, to whose programs, and what is said of them: a registry.

A message says that something happened and where; whoever may know more asks the interface with a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lingtan_web.roles import Kind

OPERATOR, SCHEME, BODY = Kind.OPERATOR, Kind.SCHEME, Kind.BODY


@dataclass(frozen=True, slots=True)
class Event:
    """An act that is told. `kinds`: of the organisations that may be told; `tells`: details passed on."""

    act: str
    zh: str
    en: str
    kinds: frozenset[Kind]
    tells: tuple[str, ...] = ()


EVENTS: dict[str, Event] = {}
TEST = "webhook.test"
"""What a person sends to try a webhook; every webhook takes it."""


def register(act: str, zh: str, en: str, *kinds: Kind, tells: tuple[str, ...] = ()) -> None:
    """Let `act` be told to organisations of `kinds` that have the park; ValueError if it is told already."""
    if act in EVENTS:
        raise ValueError(f"{act} is registered twice")
    EVENTS[act] = Event(act, zh, en, frozenset(kinds), tells)


def choose_details(event: Event, details: Mapping[str, Any]) -> dict[str, Any]:
    """What is passed on of an entry: stated names only, plain values only."""
    return {
        name: details[name]
        for name in event.tells
        if isinstance(details.get(name), str | int | bool) or details.get(name, "") is None
    }


register("readings.pushed", "读数已推送入库", "Readings were pushed", OPERATOR,
         tells=("stored", "equal", "conflicts", "blank", "refused"))  # fmt: skip
register("mandate.given", "已委托评价", "A mandate was given", OPERATOR, SCHEME, BODY, tells=("year",))
register("mandate.evaluators-named", "已指定评价人员", "Evaluators were named", OPERATOR, SCHEME, BODY)
register("mandate.ended", "评价委托已终止", "A mandate was ended", OPERATOR, SCHEME)
register("enterprise.placed", "企业已接入园区", "An enterprise fills in its part", OPERATOR)
register(
    "dossier.frozen", "档案版本已冻结", "A version of the dossier was frozen", OPERATOR, tells=("version",)
)
register("calculation.done", "评价计算已完成", "A calculation is done", OPERATOR)
register("calculation.failed", "评价计算未能完成", "A calculation failed", OPERATOR)
register("review.submit", "自评已提交", "A self-assessment was submitted", OPERATOR, SCHEME)
register("review.accept", "自评已受理", "A self-assessment was accepted", OPERATOR, SCHEME)
register("review.return", "自评已退回", "A self-assessment was returned", OPERATOR, SCHEME)
register("review.ask", "评价人员提出问题", "The evaluators asked", OPERATOR)
register("review.resubmit", "自评已重新提交", "A self-assessment was handed in again", OPERATOR, SCHEME)
register("review.issue", "评价意见已出具", "The evaluation statement was issued", OPERATOR, SCHEME)
register("review.decide", "评审结论已作出", "The decision was made", OPERATOR, SCHEME)
register("review.appeal", "园区提出申诉", "The park appealed", OPERATOR, SCHEME)
register(
    "certificate.issued",
    "证书已颁发",
    "A certificate was issued",
    OPERATOR,
    SCHEME,
    tells=("certificate", "stars", "supersedes"),
)
register(
    "certificate.event", "证书登记了新事项", "Something happened to a certificate", OPERATOR, SCHEME,
    tells=("certificate", "event", "on", "state"),
)  # fmt: skip
