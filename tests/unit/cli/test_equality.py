"""What an audit counts: our own events, and none that only says it is ours."""

from datetime import timedelta

import pytest

from cli.equality import Difference, Equality, still_held, told_apart
from cli.ledger import show_equality
from ontology import ids
from ontology.kinds.recognition import RECOGNITION
from runtime.clock import now

SUBJECT = "0b5a4b7e-9a3c-4d0e-8f1c-2f6f0e9c1d11"
OURS = str(ids.record_event("recognition", SUBJECT))


def test_an_event_that_only_bears_our_source_is_foreign() -> None:
    forged = [
        ("1", SUBJECT),
        (str(ids.foreign_event("RECOGNITION_CREATED", "urn:x", "1")), SUBJECT),
        ("", ""),
        (OURS, "another subject"),
    ]
    for event in forged:
        assert told_apart(RECOGNITION, [event], set()) == (set(), {event[0]})


def test_an_event_of_ours_that_the_graph_lost_is_still_ours() -> None:
    assert told_apart(RECOGNITION, [(OURS, SUBJECT)], set()) == ({OURS}, set())
    assert told_apart(RECOGNITION, [("of an earlier version", SUBJECT)], {"of an earlier version"}) == (
        {"of an earlier version"},
        set(),
    )


def test_foreign_events_are_named_and_are_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    equality = Equality({}, 0, {}, {}, "hash", "hash", foreign_events=["[/x]"])
    show_equality(equality)
    said = " ".join(capsys.readouterr().out.split())
    assert "1 events bear our source and were not written by us, for instance ['[/x]']" in said
    assert "Everything is equal." in said


def test_what_a_topic_keeps_no_longer_is_not_missed() -> None:
    written = {"old": now() - timedelta(days=8), "young": now() - timedelta(days=6)}
    assert still_held(written, timedelta(days=7)) == {"young"}
    assert still_held(written, None) == {"old", "young"}


def test_what_differs_at_one_look_alone_is_on_its_way() -> None:
    first = Equality({}, 0, {}, {}, "", "", [Difference("lost", ["a", "b"]), Difference("late", ["c"])])
    second = Equality({}, 0, {}, {}, "", "", [Difference("lost", ["b", "d"])])
    assert second.since(first).differences == [Difference("lost", ["b"])]
    assert second.since(first).since(Equality({}, 0, {}, {}, "", "")).holds
