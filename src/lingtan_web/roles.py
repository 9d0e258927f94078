"""The parts people play; the public plays none of them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A part a person plays through the organisation that gave it."""

    SCHEME = "scheme"
    BODY = "body"
    EVALUATOR = "evaluator"
    PARK = "park"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"


class Kind(StrEnum):
    """What an organisation is."""

    SCHEME = "scheme"
    BODY = "body"
    OPERATOR = "operator"
    ENTERPRISE = "enterprise"


ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.SCHEME: ("评价管理方", "Scheme operator"),
    Role.BODY: ("评价机构负责人", "Lead of the evaluation body"),
    Role.EVALUATOR: ("评价人员", "Evaluator"),
    Role.PARK: ("园区运营方", "Park operator"),
    Role.ENTERPRISE: ("入驻企业", "Tenant enterprise"),
    Role.EXPERT: ("专家", "Expert"),
}

KIND_WORDS: dict[Kind, tuple[str, str]] = {
    Kind.SCHEME: ("评价管理方", "Scheme operator"),
    Kind.BODY: ("第三方评价机构", "Evaluation body"),
    Kind.OPERATOR: ("园区运营方", "Park operator"),
    Kind.ENTERPRISE: ("入驻企业", "Tenant enterprise"),
}

ROLES_OF: dict[Kind, tuple[Role, ...]] = {
    Kind.SCHEME: (Role.SCHEME, Role.EXPERT),
    Kind.BODY: (Role.BODY, Role.EVALUATOR),
    Kind.OPERATOR: (Role.PARK,),
    Kind.ENTERPRISE: (Role.ENTERPRISE,),
}
"""Which roles an organisation can give to its people; the scheme appoints the experts."""
