"""What is kept of a tension's words for look-ups: folded, no longer than an index takes, and told to nobody."""

import pytest

from graph.derived import DERIVED, LONG, derived, searchable
from graph.values import json_properties
from ontology.base import LONGEST_TITLE
from ontology.nodes import ENTITIES


def test_a_part_is_found_without_case_and_accents_and_in_one_of_its_fields() -> None:
    made = derived("Tension", {"title": "Máy bơm\tKÊU  to", "facts": "Đường ống\nrò rỉ", "need": "Quiet"})
    assert made == {"foldedText": "may bom keu to\nduong ong ro ri", "foldedLong": None}
    assert derived("Tension", {"title": "Straße"})["foldedText"] == "strasse"


@pytest.mark.parametrize("letter", ["\U0001f600", "\ufdfa", "\u6545", "a"])
def test_no_text_that_may_be_written_is_too_long_for_the_index(letter: str) -> None:
    made = derived("Tension", {"title": letter * LONGEST_TITLE, "facts": letter * 10_000})
    assert len(made["foldedText"].encode()) < 32_766
    assert (made["foldedText"] == LONG) == (made["foldedLong"] is not None) == (letter in "\U0001f600\ufdfa\u6545")


def test_what_was_long_and_is_short_again_is_long_no_more() -> None:
    assert derived("Tension", {"title": "short"}, {"title"})["foldedLong"] is None


@pytest.mark.parametrize("part", ["車", "故障", "カ", "é車"])
def test_words_of_one_letter_are_long_enough_for_the_index_and_found_where_they_stand(part: str) -> None:
    assert len(searchable(part)) >= 3
    for text in (part, f"a{part}b", f"障{part}障", part.upper()):
        assert searchable(part) in searchable(text)
    assert searchable(part) not in searchable("障故 a é")
    assert searchable("\x02車\x02") == searchable("車")


def test_nothing_is_derived_of_what_is_not_looked_for_or_did_not_change() -> None:
    assert derived("Person", {"title": "x"}) == {}
    assert derived("Tension", {"title": "x"}, {"status", "rev", "updatedAt"}) == {}
    assert derived("Tension", {"title": "x", "facts": "y"}, {"facts"})["foldedText"] == "x\ny"


def test_it_is_told_to_nobody_and_audited_where_an_index_needs_it() -> None:
    assert json_properties({"title": "X", "foldedText": "x", "foldedLong": "x"}) == {"title": "X"}
    assert {name for entity in ENTITIES.values() for name in entity.searched} <= DERIVED
