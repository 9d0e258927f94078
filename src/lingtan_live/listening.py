"""The door of the MQTT listener: settings, a store, a stop."""

from __future__ import annotations

from collections.abc import Collection
from threading import Event

from lingtan_live.dead_letters import DeadLetters
from lingtan_live.intake import Counts, Intake
from lingtan_live.mqtt import Delivery, MqttSubscriber, Watch
from lingtan_live.readings import Sink
from lingtan_live.settings import Listening, build_readers

__all__ = ["Watch", "listen"]


def listen(
    settings: Listening,
    sink: Sink,
    stop: Event,
    *,
    known: Collection[str] | None = None,
    watch: Watch | None = None,
) -> Counts:
    """Take readings off the broker into `sink` until `stop` is set; what came in.

    `known` are the ids of the registered meters (None: all are taken). A message that cannot be
    used is set aside in `settings.dead_letters`. OSError if the password file cannot be read.
    """
    watch = watch or Watch()
    letters = DeadLetters(settings.dead_letters)
    intake: Intake[Delivery] = Intake(build_readers(settings), sink, letters, known=known)

    MqttSubscriber(settings, intake, watch).run(stop)
    return intake.counts
