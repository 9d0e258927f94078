"""What states, acts and choices of the review are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lingtan_web.reviews.rules.experts import Ballot, Outcome
from lingtan_web.reviews.rules.findings import Verdict
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.roles import Role

Pair = tuple[str, str]

STATES: Mapping[State, Pair] = {
    State.DRAFT: ("尚未提交", "not handed in"),
    State.SUBMITTED: ("已提交，待受理", "submitted, to be accepted"),
    State.RETURNED: ("已退回", "returned"),
    State.ACCEPTED: ("已受理，待开始评审", "accepted, review to begin"),
    State.IN_REVIEW: ("评审中", "in review"),
    State.QUESTIONED: ("质询中，待园区答复", "questions to the park"),
    State.RESUBMITTED: ("园区已答复，待核对", "answered, to be checked"),
    State.SIGNED: ("评价结论已签署，待机构签发", "statement signed, to be issued"),
    State.ISSUED: ("评价结论已签发，待专家评审", "statement issued, panel to be convened"),
    State.PANEL: ("专家评审中", "before the expert panel"),
    State.DECIDED: ("已作出决定", "decided"),
    State.APPEALED: ("申诉中", "under appeal"),
    State.APPEAL_DECIDED: ("申诉已有决定", "appeal decided"),
    State.WITHDRAWN: ("园区已撤回", "withdrawn by the park"),
}

STEPS: tuple[Pair, ...] = (
    ("提交自评", "Self-assessment"),
    ("受理与委托", "Acceptance"),
    ("文件评审、质询与现场核查", "Review, questions, site visit"),
    ("签署评价结论", "Statement signed"),
    ("机构签发", "Statement issued"),
    ("专家评审", "Expert panel"),
    ("决定与申诉", "Decision and appeal"),
)
"""The headings of `workflow.WAY`, in its order."""

ACTS: Mapping[Act, Pair] = {
    Act.SUBMIT: ("提交自评", "submit the self-assessment"),
    Act.ACCEPT: ("受理", "accept for review"),
    Act.RETURN: ("退回", "return"),
    Act.WITHDRAW: ("撤回", "withdraw"),
    Act.DECLARE: ("作独立性声明", "declare independence"),
    Act.BEGIN: ("开始评审", "begin the review"),
    Act.FIND: ("记录评审意见", "record a finding"),
    Act.VISIT: ("记录现场核查", "record a site visit"),
    Act.ASK: ("提出质询", "ask a question"),
    Act.ANSWER: ("答复", "answer"),
    Act.SETTLE: ("了结质询", "settle a question"),
    Act.RESUBMIT: ("提交修改后的版本", "hand in the mended version"),
    Act.RESUME: ("恢复评审", "resume the review"),
    Act.SIGN: ("签署评价结论", "sign the statement"),
    Act.SEND_BACK: ("退回评价组", "send back to the evaluators"),
    Act.ISSUE: ("签发评价结论", "issue the statement"),
    Act.CONVENE: ("组建专家组", "convene the panel"),
    Act.DECLARE_CONFLICT: ("作利益关系声明", "declare interests"),
    Act.VOTE: ("投票", "vote"),
    Act.MINUTE: ("记录会议纪要", "record the minutes"),
    Act.DECIDE: ("作出决定", "decide"),
    Act.APPEAL: ("提出申诉", "appeal"),
    Act.DECIDE_APPEAL: ("对申诉作出决定", "decide the appeal"),
}

ROLES: Mapping[Role, Pair] = {
    Role.SCHEME: ("评价管理方", "the scheme operator"),
    Role.BODY: ("评价机构负责人", "the lead of the evaluation body"),
    Role.EVALUATOR: ("评价人员", "an evaluator"),
    Role.PARK: ("园区运营方", "the park operator"),
    Role.ENTERPRISE: ("入驻企业", "an enterprise"),
    Role.EXPERT: ("专家", "an expert"),
}

VERDICTS: Mapping[Verdict, Pair] = {
    Verdict.ACCEPT: ("认可", "accept"),
    Verdict.CORRECT: ("更正", "correct"),
    Verdict.REJECT: ("不予认可", "reject"),
    Verdict.QUESTION: ("质询", "question"),
}

BALLOTS: Mapping[Ballot, Pair] = {
    Ballot.APPROVE: ("同意评价结论", "approve the statement"),
    Ballot.REFUSE: ("不同意评价结论", "refuse the statement"),
    Ballot.ABSTAIN: ("弃权", "abstain"),
}

OUTCOMES: Mapping[Outcome, Pair] = {
    Outcome.AWARD: ("授予星级", "awarded"),
    Outcome.REFUSAL: ("不予授予", "not awarded"),
}

GRADES: Mapping[str, Pair] = {
    "readings": ("计量读数", "meter readings"),
    "proven": ("填报，有证明材料", "entered, with evidence"),
    "entered": ("填报，无证明材料", "entered, without evidence"),
    "estimated": ("缺省值或估算", "default or estimate"),
    "unknown": ("缺失或来源不明", "missing or of unknown origin"),
}

_ALL: Mapping[type[StrEnum], Mapping[StrEnum, Pair]] = {
    State: STATES,  # type: ignore[dict-item]
    Act: ACTS,  # type: ignore[dict-item]
    Role: ROLES,  # type: ignore[dict-item]
    Verdict: VERDICTS,  # type: ignore[dict-item]
    Ballot: BALLOTS,  # type: ignore[dict-item]
    Outcome: OUTCOMES,  # type: ignore[dict-item]
}


def words_of(one: StrEnum) -> Pair:
    """Chinese and English words of a state, act, role, verdict, ballot or outcome."""
    return _ALL[type(one)][one]
