"""What an audit counts: our own events, and none that only says it is ours."""

import pytest

from cli.equality import Equality, told_apart
from cli.ledger import show_equality
from ontology import ids

SUBJECT = "0b5a4b7e-9a3c-4d0e-8f1c-2f6f0e9c1d11"
OURS = str(ids.record_event("recognition", SUBJECT))


def test_an_event_that_only_bears_our_source_is_foreign() -> None:
    forged = [("1", SUBJECT), (str(ids.foreign_event("urn:x", "1")), SUBJECT), ("", ""), (OURS, "another subject")]
    for event in forged:
        assert told_apart([event], set()) == (set(), {event[0]})


def test_an_event_of_ours_that_the_graph_lost_is_still_ours() -> None:
    assert told_apart([(OURS, SUBJECT)], set()) == ({OURS}, set())
    assert told_apart([("of an earlier version", SUBJECT)], {"of an earlier version"}) == (
        {"of an earlier version"},
        set(),
    )


def test_foreign_events_are_named_and_are_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    equality = Equality({}, {}, {}, 0, "hash", "hash", foreign_events=["[/x]"])
    show_equality(equality)
    said = " ".join(capsys.readouterr().out.split())
    assert "1 events bear our source and were not written by us, for instance ['[/x]']" in said
    assert "Everything is equal." in said
