"""Templates of topics and patterns of meter ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan_live.payloads import Shape, Source, build_reader
from lingtan_live.topics import parse_meter, parse_topic


@pytest.mark.parametrize(
    ("template", "subscription", "topic", "names"),
    [
        ("park/{park}/{meter}/kwh", "park/+/+/kwh", "park/a/M 1/kwh", {"park": "a", "meter": "M 1"}),
        ("+/{enterprise}/{meter}", "+/+/+", "x/E001/M1", {"enterprise": "E001", "meter": "M1"}),
        ("a.b/{meter}", "a.b/+", "a.b/园区", {"meter": "园区"}),
        ("{meter}/#", "+/#", "M/1/2", {"meter": "M"}),
        ("{meter}/#", "+/#", "M", {"meter": "M"}),
        ("#", "#", "anything/at/all", {}),
    ],
)  # fmt: skip
def test_a_template_subscribes_and_reads_names(
    template: str, subscription: str, topic: str, names: dict[str, str]
) -> None:
    parsed = parse_topic(template)
    assert parsed.subscription == subscription
    assert parsed.match(topic) == names


@pytest.mark.parametrize(
    ("template", "topic"),
    [
        ("park/{meter}", "park/a/b"),
        ("park/{meter}", "park/"),  # a level without a name is no meter
        ("park/{meter}", "Park/a"),
        ("a.b/{meter}", "axb/1"),
        ("{meter}/#", "/x"),
    ],
)
def test_another_topic_is_not_of_the_template(template: str, topic: str) -> None:
    assert parse_topic(template).match(topic) is None


@pytest.mark.parametrize(
    "template", ["", "$SYS/{meter}", "a/#/b", "a/{meter}x", "a/b+", "{Meter}", "{a}/{a}", "a/{meter", "a/{}"]
)
def test_what_is_no_template(template: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_topic(template)


def test_ids_are_made_of_names() -> None:
    assert parse_meter("{park}-{meter}", {"park", "meter"}).build({"park": "P", "meter": "7"}) == "P-7"
    assert parse_meter("fixed", ()).build({}) == "fixed"


@pytest.mark.parametrize("pattern", ["{other}", "{meter", "{meter.x}", "}"])
def test_ids_of_names_nobody_gives_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_meter(pattern, {"meter"})


def test_an_unknown_zone_is_a_reason_not_a_traceback() -> None:
    for zone in ("Asia/Nowhere", "../etc/passwd", "Asia"):
        shape = Shape(time="t", values={"v": "{meter}"}, zone=zone)
        with pytest.raises(ValueError, match=r"no time zone|ZoneInfo"):
            build_reader(Source(topic="{meter}", payload=shape))


@given(st.lists(st.text(st.characters(exclude_characters="/+#{}$\0", codec="utf-8"), min_size=1), min_size=1))
def test_a_plain_template_is_its_own_topic_and_no_other(levels: list[str]) -> None:
    topic = "/".join(levels)
    parsed = parse_topic(topic)
    assert parsed.match(topic) == {}
    assert parsed.match(topic + "/x") is None
