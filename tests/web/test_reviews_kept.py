"""What was said in a review stays: not by code, not by SQL in the application's own role."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from tests.web.conftest import World
from tests.web.review_parts import ROOT, Play, play

from lingtan_web.reviews.models import KEPT, Statement, Submission
from lingtan_web.reviews.workflow import State

__all__ = ["play"]


def test_every_table_of_the_app_is_kept() -> None:
    assert set(KEPT) == set(apps.get_app_config("reviews").get_models())


@pytest.fixture
def told(play: Play) -> Iterator[Submission]:
    """A review with a row in every table."""
    yield play.to(State.APPEAL_DECIDED)


def refused(act: object, *given: object) -> bool:
    """Whether the database refuses `act`."""
    try:
        with transaction.atomic():
            act(*given)  # type: ignore[operator]
    except DatabaseError as error:
        return "never changed" in str(error)
    return False


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_row_is_changed_or_removed(told: Submission) -> None:
    for kind in KEPT:
        table, rows = kind._meta.db_table, kind._default_manager.all()
        if kind.__name__ == "VisitPhoto":
            continue  # no picture was taken in this play; see the pages
        row: models.Model | None = rows.first()
        assert row is not None, f"the story leaves no row in {table}"
        assert refused(row.save), f"saved {table}"
        assert refused(_touch, kind), f"touched {table}"
        assert refused(rows.filter(pk=row.pk)._raw_delete, "default"), f"deleted {table}"
        assert refused(run, f"UPDATE {table} SET id = id"), f"updated {table}"
        assert refused(run, f"DELETE FROM {table}"), f"emptied {table}"
        if connection.vendor == "sqlite":
            assert refused(run, f"REPLACE INTO {table} SELECT * FROM {table}"), f"replaced {table}"


def _touch(kind: type[models.Model]) -> None:
    """Every row written over with what it says already."""
    name = next(one.attname for one in kind._meta.concrete_fields if not one.primary_key)
    kind._default_manager.update(**{name: models.F(name)})


def test_the_keepers_stay_too(told: Submission) -> None:
    drop = "DROP TRIGGER keep_reviews_statement_UPDATE"
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL the application's role does not own them: see test_site")
    with pytest.raises(DatabaseError), transaction.atomic():
        run(drop)
    with pytest.raises(DatabaseError), transaction.atomic():
        run("DROP TABLE reviews_statement")
    assert Statement.objects.exists()


def test_pictures_stay(world: World, play: Play) -> None:
    from tests.web.test_reviews_pages import photograph, root

    submission = play.to(State.IN_REVIEW)
    data = {"day": "2026-03-02", "place": "站", "present": "张", "seen": "看", "photos": [photograph()]}
    assert world.evaluator.client.post(root(submission) + "visits/new/", data).status_code == 302
    for statement in ("UPDATE reviews_visitphoto SET sha256 = ''", "DELETE FROM reviews_visitphoto"):
        assert refused(run, statement)


SERVER = "postgresql://postgres@127.0.0.1:5432/lingtan_reviews"


def test_the_same_on_postgresql() -> None:
    """This file and the story by forms once more, with PostgreSQL below; skipped where there is none."""
    if connection.vendor == "postgresql":
        pytest.skip("this is PostgreSQL")
    try:
        psycopg.connect(SERVER.rpartition("/")[0] + "/postgres", connect_timeout=3).close()
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at 127.0.0.1:5432: {error}")
    story = "tests/web/test_reviews_pages.py::test_the_whole_story_by_forms"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            __file__,
            story,
        ],
        cwd=ROOT,
        env={**os.environ, "LINGTAN_DATABASE_URL": SERVER},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
