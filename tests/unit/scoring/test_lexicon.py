"""The lexicon: what evidently is grave, in either language, and what only sounds so."""

import pytest

from scoring.lexicon import lexicon


def fired(text: str) -> set[str]:
    return {rule.rule for rule in lexicon().fired(text)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("She was badly burned at the fryer", "somebody is hurt"),
        ("The cable is bare: a live wire by the sink", "electricity without protection"),
        ("Chạm vào vỏ máy là bị điện giật", "electricity without protection"),
        ("Cham vao vo may la bi dien giat", "electricity without protection"),
        ("Cửa thoát hiểm bị khóa", "no way out"),
        ("Cửa thoát hiểm bị khoá", "no way out"),
        ("The guard on the press has been tied back", "protection taken away"),
        ("Gửi nhầm bảng lương cho khách", "personal data is out"),
        ("Bang luong bi gui nham", "personal data is out"),
        ("We were charged twice", "money does not flow as it should"),
        ("Trừ của khách tiền hai lần", "money does not flow as it should"),
        ("Our backup has not run since March", "data is or may be lost"),
        ("A new colleague is being bullied", "people are mistreated"),
    ],
)
def test_a_rule_stands_in_a_text(text: str, rule: str) -> None:
    assert rule in fired(text)


@pytest.mark.parametrize(
    "text",
    [
        "Add a download button",
        "Nobody was injured",
        "No data was lost",
        "Không ai bị thương",
        "The smell of gas was a false alarm",
        "Fire drill: the exit was blocked on purpose",
        "Diễn tập: giả lập hệ thống sập",
        "The server was down, it is back to normal",
        "Server sập hôm qua, đã xử lý xong",
        "The exposed beams look lovely, and the wiring plan is in the binder",
        "Bỏ thói quen họp thứ hai",
        "Chưa ai nói về lịch nghỉ",
    ],
)
def test_what_only_sounds_so_fires_nothing(text: str) -> None:
    assert not fired(text)


def test_a_denial_counts_in_its_own_sentence() -> None:
    assert fired("No. She was seriously injured") == {"somebody is hurt"}
    assert not fired("She was not seriously injured")


@pytest.mark.parametrize(
    "text",
    [
        "There is a fire in the server room",
        "Someone died at the site",
        "kho bị cháy",
        "Cháy kho số 2",
        "Học sinh ngộ độc sau bữa trưa",
        "Chemical spill in lab 2",
        "Tràn hoá chất phòng thí nghiệm",
        "Mái nhà sắp sập",
        "We are out of oxygen for patients",
        "rò rỉ khí gas ở bếp",
        "The drill electrocuted a worker",
        "Demo booth: a visitor was electrocuted",
        "Yesterday's leak was fixed but today there is a smell of gas again",
        "The pump was replaced, and now sparks are coming out",
        "Máy đã sửa xong nhưng lại bốc khói",
        "I have no idea why, smell of gas in the kitchen",
        "Not only a smell of gas, there are flames",
    ],
)
def test_what_is_grave_is_never_less_whatever_stands_around_it(text: str) -> None:
    assert [rule.floor for rule in lexicon().fired(text)][:1] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "Fire exit not locked",
        "Cửa thoát hiểm không khóa",
        "Fire exit is no longer blocked",
        "There is no fire in the hall",
        "Đã sửa xong chỗ rò gas",
        "mui ga ran o can tin",
        "máy bị chạy chậm",
        "may bi chay cham",
        "The server died",
        "the battery is dead",
    ],
)
def test_what_is_denied_or_over_or_another_word_is_not_grave(text: str) -> None:
    assert 4 not in [rule.floor for rule in lexicon().fired(text)]


def test_accents_tell_words_apart() -> None:
    assert "fire, gas or poison" in fired("Có mùi ga trong bếp")
    assert not fired("Có mùi gà trong bếp"), "a chicken"


def test_each_rule_is_told_once_the_gravest_first() -> None:
    rules = lexicon().fired("Salaries are late, salaries are late, and there is a smell of gas")
    assert [(rule.rule, rule.floor) for rule in rules] == [("fire, gas or poison", 4), ("wages are late", 3)]
    assert rules[0].words == "smell of gas"
