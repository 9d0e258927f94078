"""The acceptance of live input: every reading stored once, whatever is stopped or killed meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from lingtan_live.simulate.broker import BINARY
from lingtan_live.simulate.trial import Trial, run_trial

pytestmark = pytest.mark.skipif(BINARY is None, reason="mosquitto is not installed")


def test_200000_messages_while_broker_and_subscriber_are_stopped_and_killed(tmp_path: Path) -> None:
    outcome = run_trial(Trial(200_000), tmp_path)
    assert (outcome.sent, outcome.rows) == (200_000, 200_000)
    assert (outcome.missing, outcome.extra, outcome.letters) == (0, 0, 0)


def test_a_broker_that_saves_every_change_loses_nothing_when_stopped(tmp_path: Path) -> None:
    blows = ("stop broker", "kill subscriber", "stop broker")
    outcome = run_trial(Trial(3_000, blows=blows, changes=1, on_the_way=20), tmp_path)
    assert (outcome.rows, outcome.missing, outcome.extra, outcome.letters) == (3_000, 0, 0, 0)
