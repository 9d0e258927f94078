"""The whole story in browsers: from the invitation to the decision and the appeal, on both databases.

The park comes without its meter readings: it misses a constraint indicator, gets no star, and appeals.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web import story_dossier as dossier
from tests.web import story_review as review
from tests.web.sites import build_site
from tests.web.story_parts import build_stage


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_whole_story(tmp_path: Path, kind: str) -> None:
    workbook = dossier.write_workbook(tmp_path)
    with build_site(tmp_path / "home", kind) as site:
        site.start()
        with build_stage(site) as stage:
            dossier.sign_in(stage)
            dossier.invite_everybody(stage)
            dossier.create_park(stage)
            dossier.fill_dossier(stage, workbook)
            dossier.let_enterprise_fill_in(stage)
            dossier.hand_in_evidence(stage, tmp_path)
            dossier.submit(stage)
            dossier.give_mandate_and_accept(stage)
            review.begin_review(stage)
            review.ask_one_question(stage)
            review.judge_all_else(stage)
            review.answer_and_resubmit(stage)
            review.settle_and_resume(stage)
            review.visit_site(stage, tmp_path)
            review.sign_and_issue(stage)
            review.vote(stage)
            review.decide(stage)
            review.appeal(stage)
            assert stage.complaints == []
        checked = site.run("site", "audit")
        assert checked.returncode == 0, checked.stderr
