"""How names are compared: exactly, as they are spelled, and by their letters alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.text import FOLDED_LETTERS, exact, fold, is_bare, spelled, stands_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Anh", "nguyễn  văn ANH"),
        (unicodedata.normalize("NFD", "Ánh"), unicodedata.normalize("NFC", "Ánh")),
        ("Ðặng Thị Đào", "Đặng Thị Đào"),
        ("Ɖặng", "Đặng"),
    ],
)
def test_case_spaces_composition_and_kinds_of_d_do_not_count(one: str, other: str) -> None:
    assert exact(one) == exact(other)


@pytest.mark.parametrize(("one", "other"), [("Hoà", "Hòa"), ("Thuý Khoẻ", "Thúy Khỏe"), ("Toà Uỷ", "Tòa Ủy")])
def test_where_a_syllables_tone_is_written_does_not_count(one: str, other: str) -> None:
    assert exact(one) != exact(other)
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Anh", "Ánh"), ("Mây", "Máy"), ("Hòa", "Hoa"), ("Hoà Anh", "Hoa Ành"), ("Đào", "Dào")]
)
def test_other_accents_are_another_spelling_of_the_same_letters(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)
    assert fold(one) == fold(other)


def test_what_has_no_accents_is_bare() -> None:
    assert is_bare("Nguyen Van Anh")
    assert not is_bare("Nguyễn Van Anh")
    assert not is_bare("Dào")
    assert not is_bare("Đao")


@given(st.text(max_size=30))
def test_each_way_is_coarser_than_the_one_before(text: str) -> None:
    assert exact(exact(text)) == exact(text)
    assert fold(exact(text)) == fold(text)
    again = unicodedata.normalize("NFD", text)
    assert spelled(again) == spelled(text)


@pytest.mark.parametrize("name", ["Đặng Thị Đào", "Nguyễn Văn Ánh", "ÐẶNG", "Łukasz Øre", "Škoda Ümit", "Ngọc Ưỡng"])
def test_a_query_folds_as_everything_else_does(name: str) -> None:
    bare = unicodedata.normalize("NFKD", name.lower())
    for letter, instead in FOLDED_LETTERS:
        bare = bare.replace(letter, instead)
    assert bare == fold(name)


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("Thị Hoà", "Hỏi Thị Hòa, rồi báo lại", True),
        ("an.vu", "ask @An.Vu!", True),
        (unicodedata.normalize("NFD", "Ánh"), "(Ánh)", True),
        ("Anh", "Ánh", False),
        ("Anh", "Anhs", False),
        ("Văn Anh", "Văn, then Bình, then Anh", False),
        ("…", "well …", False),
    ],
)
def test_a_name_stands_in_a_text_as_whole_words(name: str, text: str, stands: bool) -> None:
    assert stands_in(name, text) is stands
