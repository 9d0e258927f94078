"""What states, events and outcomes of certificates are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Standing = Literal["not_yet", "valid", "suspended", "expired", "withdrawn", "exited", "superseded"]
"""How a certificate stands on a day: what the scheme says of it, and what its own days say."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)

Pair = tuple[str, str]

STANDING_WORDS: Mapping[Standing, Pair] = {
    "not_yet": ("尚未生效", "not yet valid"),
    "valid": ("有效", "valid"),
    "suspended": ("暂停", "suspended"),
    "expired": ("已到期", "expired"),
    "withdrawn": ("已撤销", "withdrawn"),
    "exited": ("园区已自愿退出", "given back by the park"),
    "superseded": ("已被新证书取代", "superseded by another certificate"),
}

EVENT_WORDS: Mapping[str, Pair] = {
    "issued": ("颁发证书", "issued"),
    "surveyed": ("监督评价合格", "surveillance passed"),
    "extended": ("监督评价延期", "surveillance extended"),
    "opened": ("立案", "case opened"),
    "heard": ("听取园区意见", "the park was heard"),
    "decided": ("作出处理决定", "case decided"),
    "reinstated": ("恢复", "reinstated"),
    "exited": ("园区自愿退出", "given back by the park"),
    "replaced": ("由新证书取代", "replaced by another certificate"),
}

OUTCOME_WORDS: Mapping[str, Pair] = {
    "dismiss": ("不予处理，结案", "dismissed"),
    "suspend": ("暂停证书", "suspended"),
    "withdraw": ("撤销证书", "withdrawn"),
    "supersede": ("换发新证书，原证书由其取代", "superseded by a new certificate"),
}

DATE_WORDS: Mapping[str, Pair] = {
    "surveillance": ("监督评价到期", "surveillance due"),
    "lapse": ("监督评价宽限期满", "grace of the surveillance ends"),
    "cure": ("整改期满", "time to cure ends"),
    "hearing": ("听取意见期满", "time to be heard ends"),
    "expiry": ("证书到期", "certificate expires"),
}
