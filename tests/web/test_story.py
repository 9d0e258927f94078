"""The whole story in browsers: from the invitation to decision, appeal and star, on both databases.

The park comes without its meter readings: it misses a constraint indicator, gets no star, and appeals. What
it is granted then is not what was computed, and whoever repeats the assessment is told so.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web import story_certificate as certificate
from tests.web import story_dossier as dossier
from tests.web import story_review as review
from tests.web.sites import build_site
from tests.web.story_parts import Stage, build_stage


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
            live_with_the_certificate(stage, tmp_path / "bank")
            assert stage.complaints == []
        checked = site.run("site", "audit")
        assert checked.returncode == 0, checked.stderr


def live_with_the_certificate(stage: Stage, folder: Path) -> None:
    """Issued, published, checked and repeated by a stranger, suspended, tried under an edition."""
    number = certificate.issue(stage)
    certificate.disclose(stage, number)
    certificate.fetch(stage, number, folder)
    code, said = certificate.check(folder, "certificate.pdf", "certificate.vc.jwt", "--bundle", "bundle.zip")
    assert (code, said.count("有效 valid")) == (0, 2), said
    code, said = certificate.repeat(folder)
    assert code == 1 and "以评审决定为准 as the review decided 1" in said, said
    assert "不一致 differs 0" in said and "其余未公开" in said  # the registers have a confidential enterprise
    certificate.suspend(stage, number)
    certificate.read_status(stage["bank"], folder)
    code, said = certificate.check(folder, "certificate.pdf")
    assert code == 1 and "已暂停 suspended" in said, said
    certificate.try_edition(stage, number)
