"""What of a query counts: names, accents, phrases; stop words only where there is nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.query import read_query
from knowledge.text import MARK, words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("the leak in the pump room", ["leak", "pump", "room"]),
        ("thanks An", ["thanks", "An"]),
        ("An apple", ["apple"]),
        ("An Nguyen", ["An", "nguyen"]),
        ("nguyen van an", ["nguyen", "van", "an"]),
        ("World War I", ["world", "war", "i"]),
        ("postgresql", ["postgresql"]),
        ("PostgreSQL", ["postgresql", "postgre", "sql"]),
        ("IT department", ["IT", "department"]),
        ("THE PUMP IN THE ROOM", ["pump", "room"]),
        ("an toàn", ["an", "toan", "toàn"]),
        ("what I said", ["said"]),
        ("C# in R", ["c#", "r"]),
        ("水漏れ", ["水漏", "漏れ"]),
        ("水", ["水"]),
        ("the of", ["the", "of"]),
    ],
)
def test_terms_are_what_identifies(query: str, shown: list[str]) -> None:
    assert list(read_query(query).terms.values()) == shown


@pytest.mark.parametrize("query", ["", "  ", '"  "', "“”", "?!", "→"])
def test_a_query_without_a_word_asks_for_nothing(query: str) -> None:
    asked = read_query(query)
    assert (asked.terms, asked.phrases, asked.by_meaning) == ({}, (), False)


@pytest.mark.parametrize("quotes", ["“{}”", '"{}"', "«{}»", "„{}“", "「{}」"])
def test_a_quoted_phrase_must_stand_in_the_text(quotes: str) -> None:
    asked = read_query(f"fixed {quotes.format('the pump')}")
    assert asked.stands_in("She repaired the Pump, again")
    assert not asked.stands_in("the big pump was fixed")
    assert not asked.stands_in("the pumps were fixed")
    assert (asked.required, asked.by_meaning) == (["the", "pump"], True)


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("may bom", "sửa máy bơm", True),
        ("máy bơm", "sửa may bom", False),
        ("máy bơm", "sửa mây bơm", False),
        ("hoà nhã", "rất hòa nhã", True),
        ("水漏れ", "会議室の水漏れを直した", True),
        ("漏水", "会議室の水漏れを直した", False),
        ("C#", "in C# now", True),
        ("🌮 day", "taco 🌮 Day", True),
        ("postgresql", "on PostgreSQL 17", True),
        ("PostgreSQL", "on postgresql", True),
        ("name node", "the NameNode", False),
    ],
)
def test_accents_of_a_phrase_count_when_it_has_any(phrase: str, text: str, stands: bool) -> None:
    assert read_query(f'"{phrase}"').stands_in(text) is stands


def test_inches_quote_nothing() -> None:
    asked = read_query('5" pipe and 3" valve')
    assert (asked.phrases, list(asked.terms)) == ((), ["5", "pipe", "3", "valve"])


def test_a_query_of_stop_words_alone_is_a_phrase_and_says_too_little_to_be_near_anything() -> None:
    asked = read_query("the of and")
    assert not asked.by_meaning
    assert asked.stands_in("not the, of and")
    assert not asked.stands_in("the end of the road and more")
    assert list(read_query("An").terms) == ["an", "=An"]


def test_a_word_is_shown_with_its_accents_where_they_matched() -> None:
    asked = read_query("máy bơm")
    assert asked.shown(words("máy bom")) == ("máy", "bom")
    assert asked.shown(words("may bom")) == ("may", "bom")


@given(st.text(), st.text())
def test_a_text_has_every_term_of_itself_and_any_text_can_be_asked_for(text: str, other: str) -> None:
    bare = text.replace('"', " ")
    asked = read_query(f'"{bare}"')
    assert asked.stands_in(f"{bare}")
    assert set(asked.required) <= {term for term in words(bare) if not term.startswith(MARK)}
    read_query(text).stands_in(other)
