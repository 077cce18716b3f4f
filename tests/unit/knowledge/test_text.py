"""How texts become words, fingerprints and a language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import content_hash, frequencies, language_of, normalise, words


@given(st.text())
def test_normalising_twice_changes_nothing_and_leaves_what_postgresql_holds(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\x00" not in once


@given(st.text())
def test_equal_texts_in_another_composition_or_spacing_have_one_fingerprint(text: str) -> None:
    assert content_hash(text) == content_hash(f"  {unicodedata.normalize('NFD', text)}\n")


@given(st.text())
def test_terms_are_folded_bounded_and_counted_once_each(text: str) -> None:
    terms = words(text)
    assert all(term and len(term) <= 64 and term == term.casefold() for term in terms)
    assert sum(frequencies(text).values()) == len(terms)


def test_words_lose_accents_and_stop_words_but_no_syllable_that_looks_like_one() -> None:
    assert words("The NameNode's ổ cứng") == ["name", "node", "s", "o", "cung"]
    assert "to" not in words("to the team")
    assert "to" in words("Tổ kỹ thuật")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cảm ơn Linh đã ở lại đến khuya để sửa hệ thống thanh toán", "vi"),
        ("Cam on chi Linh da giup nhom chung toi trong thang nay", "vi"),
        ("Thanks to Nguyễn Thị Minh Khai for the calm release of the portal", "en"),
        ("The pump room was flooded and she fixed it", "en"),
        ("OK", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_by_letters_and_small_words(text: str, language: str) -> None:
    assert language_of(text) == language
