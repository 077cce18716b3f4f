"""What an audit counts: our own events, and none that only says it is ours."""

from datetime import timedelta

import pytest

from auditing.equality import Difference, Equality, Lost
from auditing.published import is_kept, is_text_of
from cli.ledger import show_equality
from ontology import ids
from runtime.clock import now

SUBJECT = "0b5a4b7e-9a3c-4d0e-8f1c-2f6f0e9c1d11"


def test_what_a_topic_keeps_no_longer_is_not_missed() -> None:
    assert not is_kept(now() - timedelta(days=8), timedelta(days=7))
    assert is_kept(now() - timedelta(days=6), timedelta(days=7))
    assert is_kept(now() - timedelta(days=8), None)


def test_the_text_of_what_another_event_brought_is_no_stranger() -> None:
    assert is_text_of(str(ids.step_event(f"recognition/{SUBJECT}", "knowledge")), SUBJECT)
    assert not is_text_of(str(ids.record_event("recognition", SUBJECT)), SUBJECT)


def test_foreign_events_are_named_and_are_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    equality = Equality({}, 0, {}, {}, "hash", "hash", foreign_events=["[/x]"])
    show_equality(equality)
    said = " ".join(capsys.readouterr().out.split())
    assert "1 events bear our source and were not written by us, for instance ['[/x]']" in said
    assert "Everything is equal." in said


def test_what_differs_at_one_look_alone_is_on_its_way() -> None:
    first = Equality({}, 0, {}, {}, "", "", [Difference("lost", ["a", "b"]), Difference("late", ["c"])])
    second = Equality({}, 0, {}, {}, "", "", [Difference("lost", ["b", "d"])])
    assert second.since(first).differences == [Difference("lost", ["b"])]
    assert second.since(first).since(Equality({}, 0, {}, {}, "", "")).holds


def test_what_is_mended_was_lost_at_both_looks() -> None:
    first = Lost(["a", "b"], {"SIGHTED": ["c"]}, {"note": ["d", "e"]}, ["f"])
    second = Lost(["b"], {"SIGHTED": ["x"], "HEARD": ["c"]}, {"note": ["e"]}, [])
    assert second.since(first) == Lost(["b"], {"SIGHTED": [], "HEARD": []}, {"note": ["e"]}, [])
    assert second.since(first)
    assert not Lost(events={"SIGHTED": []}, vectors={"note": []})
