"""The reviews with the cockpit's own results: nothing stands in between."""

from pathlib import Path

from tests.web.cockpit_parts import SEESA, finished, small_park
from tests.web.conftest import World
from tests.web.review_parts import actor_of

from lingtan_web.assessments.queries import submitted_versions
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.sampling import build_plan
from lingtan_web.reviews.queries.statements import find_verified
from lingtan_web.reviews.services import handing
from lingtan_web.reviews.versions import find_choices


def test_a_version_computed_in_the_cockpit_is_handed_in(world: World, tmp_path: Path) -> None:
    version = small_park(world, tmp_path)
    assert not find_choices(world.alpha)
    finished(version, (SEESA,))
    (choice,) = find_choices(world.alpha, world.dossier.year)
    assert (choice.version, choice.edition) == (version, SEESA)
    assert not find_choices(world.alpha, 1999) and not find_choices(world.beta)
    page = world.park.client.get("/parks/alpha/reviews/submit/")
    assert choice.key in page.content.decode()
    submission = handing.submit(
        actor_of(world.park), version=version, edition=choice.edition, is_truthful=True
    )
    case = Case(submission)
    assert len(case.subjects) == 40
    verified = find_verified(case)
    assert str(verified.score) == case.round.result["score"]
    assert verified.stars == case.round.result["stars"] == choice.stars
    assert build_plan(case)
    assert list(submitted_versions(world.alpha)) == [version]
    assert world.scheme.client.get(f"/parks/alpha/reviews/{submission.number}/findings/").status_code == 200
