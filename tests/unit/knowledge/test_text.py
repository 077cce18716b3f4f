"""How texts become words, fingerprints and a language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import MARK, content_hash, frequencies, language_of, normalise, words


@given(st.text())
def test_normalising_twice_changes_nothing_and_leaves_what_postgresql_holds(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\x00" not in once


@given(st.text())
def test_equal_texts_in_another_composition_or_spacing_have_one_fingerprint(text: str) -> None:
    assert content_hash(text) == content_hash(f"  {unicodedata.normalize('NFD', text)}\n")


@given(st.text())
def test_terms_are_bounded_folded_unless_marked_and_counted_once_each(text: str) -> None:
    terms = words(text)
    assert all(term and len(term) <= 65 for term in terms)
    assert all(term == term.casefold() for term in terms if not term.startswith(MARK))
    assert sum(frequencies(text).values()) == len(terms)


def test_half_a_surrogate_pair_is_no_letter() -> None:
    assert normalise("pump \ud800 room") == "pump ? room"


def test_words_are_folded_and_stand_with_their_accents_beside_it() -> None:
    assert words("NameNode's ổ") == ["namenode", "name", "node", "s", "o", "=ổ"]
    assert "postgresql" in words("PostgreSQL")
    assert words("hoà") == words("hòa")
    assert words("máy")[0] == words("mây")[0] == words("may")[0]
    assert words("máy")[1] != words("mây")[1]


def test_a_stop_word_written_like_a_name_stands_as_it_is_written() -> None:
    assert words("An met the IT team") == ["an", "=An", "met", "the", "it", "=IT", "team"]
    assert words("AN MET THE IT TEAM") == words("an met the it team")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("R, C# and C++17", ["r", "c#", "and", "c++", "17"]),
        ("PR#12 a#b C#10", ["pr", "12", "a", "b", "c#", "10"]),
        ("हिन्दी co\u00adop مِلَّة", ["हिनदी", "=हिन्दी", "coop", "ملة", "=مِلَّة"]),
        ("▶️ 1️⃣ ﷺ", ["▶", "1", "صلىاللهعليهوسلم", "=ﷺ"]),
        ("🌮👍🏽🇻🇳", ["🌮", "👍", "🇻🇳"]),
        ("水漏れ", ["水漏", "漏れ", "水", "漏"]),
        ("ｶﾒﾗ", ["カメ", "メラ"]),
        ("ปั๊มน้ำ", ["ปั", "ั๊", "๊ม", "มน", "น้", "้ํ", "ํา"]),
        ("→ … !", []),
    ],
)
def test_names_emoji_and_scripts_without_spaces_are_words(text: str, terms: list[str]) -> None:
    assert words(text) == terms


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
