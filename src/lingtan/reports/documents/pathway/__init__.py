"""创建路径规划报告: where the park stands, what the next star needs, measures by aspect, follow-up."""

from __future__ import annotations

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.pathway.follow_up import build_follow_up, build_organisation
from lingtan.reports.documents.pathway.goal import build_gap, build_goal
from lingtan.reports.documents.pathway.measures import build_actions, build_funds
from lingtan.reports.documents.pathway.standing import build_purpose, build_standing
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Heading
from lingtan.reports.results import Results
from lingtan.reports.words import Words

CHAPTERS = (
    build_purpose,
    build_standing,
    build_gap,
    build_goal,
    build_actions,
    build_funds,
    build_organisation,
    build_follow_up,
)


def build_pathway(results: Results, words: Words) -> tuple[Block, ...]:
    """The chapters in the order of the phases: preparation, implementation, evaluation and improvement."""
    bench = Bench(results, words)
    blocks = [block for chapter in CHAPTERS for block in chapter(bench)]
    signed = (
        Heading("pathway-approval", words.text("pathway.approval"), numbered=False),
        build_fields("pathway-signatures", "pathway.signatures", bench),
    )
    return (*blocks, *signed)
