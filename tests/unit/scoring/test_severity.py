"""Severity: what a model says of texts, why, and when it does not know."""

from collections.abc import Awaitable, Callable

import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from knowledge.e5 import E5
from ontology.judgement import Abstained
from scoring.labelled import Labelled, digest, own
from scoring.severity import ModelUnreadableError, SeverityModel, bundled, decided, read_model, written
from scoring.training import TooFewError, surest, train

WIDTH = 384

AT_MOST = {
    "Add a download button": 2,
    "Team hackathon": 2,
    "We need a killer feature for the spring catalogue": 2,
    "Crash course in spreadsheets for new staff": 2,
    "The lunch queue is murder": 2,
    "Blood drive: we need volunteers for the sign-up table": 2,
    "The coffee machine is broken again, this is a CATASTROPHE!!!": 2,
    "URGENT: which colour should the new mugs be?": 1,
    "No data was lost in last night's migration": 3,
    "Fire alarm drill on Friday at ten": 3,
    "There is a typo on the About page": 2,
    "Thêm nút tải xuống": 2,
    "Cuộc thi hackathon của nhóm": 2,
    "Hàng mới bán cháy hàng, khách khen đẹp": 2,
    "Phim hôm liên hoan cười chết mất": 2,
    "Không ai bị thương trong buổi diễn tập chữa cháy": 3,
    "Deadline báo cáo tháng nên ghi lên bảng": 2,
    "GẤP!!! Hết trà trong bếp rồi": 2,
    "Trang giới thiệu có lỗi chính tả": 2,
}
"""Text that sounds worse than it is → what it must not exceed."""

AT_LEAST = {
    "Payments API in Hanoi is failing": 2,
    "The checkout takes money twice from some customers": 3,
    "Two colleagues got electric shocks from the mixer": 4,
    "Patient records are public on the web": 4,
    "The emergency exit is blocked by pallets": 4,
    "Salaries are three weeks late": 3,
    "Smell of gas in the basement": 4,
    "API thanh toán ở Hà Nội đang lỗi": 3,
    "Hai bạn bị điện giật khi chạm vào máy trộn": 4,
    "Bang luong cua ca cong ty bi gui nham cho khach": 4,
    "Lối thoát hiểm bị chặn bởi thùng hàng": 4,
    "Lương trễ ba tuần chưa có": 3,
    "Mui gas nong duoi tang ham": 4,
    "Khach bi tru tien hai lan khi thanh toan": 3,
    "Xe nâng mất phanh": 4,
    "Thuốc hết hạn vẫn còn trên kệ": 4,
}

FOREIGN = [
    "Le serveur de production est en panne depuis ce matin et les clients ne peuvent pas payer",
    "Der Aufzug ist kaputt und niemand kommt zur Arbeit",
    "服务器宕机了",
    "Sistem pembayaran kami tidak bisa dipakai sejak pagi ini dan pelanggan marah",
    "asdf qwer zxcv lkjh",
    "🙂",
    "",
]


@pytest.fixture(scope="module")
def model() -> SeverityModel:
    return bundled()


Meanings = Callable[..., Awaitable[np.ndarray]]


@pytest.fixture(scope="module")
def meanings() -> Meanings:
    provider = E5()

    async def embedded(*texts: str) -> np.ndarray:
        return np.array(await provider.embed(texts, "passage"), float)[:, :WIDTH]

    return embedded


async def test_what_sounds_worse_than_it_is_is_not_held_for_severe(model: SeverityModel, meanings: Meanings) -> None:
    vectors = await meanings(*AT_MOST)
    judged = {text: model.judge(text, vector) for text, vector in zip(AT_MOST, vectors, strict=True)}
    over = {text: one.likeliest for text, one in judged.items() if one.severity and one.severity > AT_MOST[text]}
    assert not over


async def test_what_is_grave_is_not_held_for_light(model: SeverityModel, meanings: Meanings) -> None:
    vectors = await meanings(*AT_LEAST)
    judged = {text: model.judge(text, vector) for text, vector in zip(AT_LEAST, vectors, strict=True)}
    assert not {text: one.likeliest for text, one in judged.items() if one.likeliest < AT_LEAST[text]}


async def test_a_text_in_no_language_it_learnt_is_left_to_humans(model: SeverityModel, meanings: Meanings) -> None:
    vectors = await meanings(*FOREIGN)
    judged = {text: model.judge(text, vector) for text, vector in zip(FOREIGN, vectors, strict=True)}
    assert {one.abstained for one in judged.values()} == {Abstained.FOREIGN}
    assert {one.severity for one in judged.values()} == {None}


def test_no_text_of_its_own_languages_is_foreign_to_it(model: SeverityModel) -> None:
    nothing = np.zeros(WIDTH)
    assert Abstained.FOREIGN not in {model.judge(one.text, nothing).abstained for one in own()}


def test_the_parts_of_a_judgement_make_its_log_odds(model: SeverityModel) -> None:
    vector = np.random.default_rng(1).normal(size=WIDTH) / 20
    text = "Máy ép rung mạnh từ sáng, thợ không dám đứng gần"
    row = model.features([text], vector[np.newaxis])
    probabilities = model.probabilities([text], vector[np.newaxis])[0]
    severity = int(decided(probabilities[np.newaxis])[0])
    spoken, meaning = model.contributions(text, row, severity, probabilities)
    rest = np.delete(probabilities, severity - 1)
    intercept = model.regression.intercept_ * model.temperature
    said = intercept[severity - 1] - np.average(np.delete(intercept, severity - 1), weights=rest)
    logits = model.regression.decision_function(row)[0] * model.temperature
    expected = logits[severity - 1] - np.average(np.delete(logits, severity - 1), weights=rest)
    assert sum(spoken.values()) + meaning + said == pytest.approx(expected)
    assert set(spoken) == {"máy", "ép", "rung", "mạnh", "từ", "sáng", "thợ", "không", "dám", "đứng", "gần"}
    assert np.sign(logit(probabilities[severity - 1])) in (-1, 1)


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    judged = bundled().judge(text, np.zeros(WIDTH))
    assert sum(judged.probabilities) == pytest.approx(1, abs=1e-3)
    assert judged.severity in (None, judged.likeliest)


def test_rules_only_raise(model: SeverityModel) -> None:
    calm = np.zeros(WIDTH)
    judged = model.judge("Smell of gas in the basement", calm)
    assert [rule.floor for rule in judged.rules] == [4]
    assert judged.likeliest == 4


def test_a_model_is_the_same_after_it_was_written_and_read(model: SeverityModel) -> None:
    again = read_model(written(model))
    texts, vectors = ["The lift is stuck", "Kho hết hàng"], np.zeros((2, WIDTH))
    assert np.array_equal(model.probabilities(texts, vectors), again.probabilities(texts, vectors))
    assert again.version.startswith("severity-")


FOREIGN_FILES = [skops.io.dumps({"words": np.random.default_rng}), skops.io.dumps({"words": 1}), skops.io.dumps(1)]


@pytest.mark.parametrize("file", [*FOREIGN_FILES, b"", b"x"])
def test_a_file_with_anything_else_in_it_is_not_read(file: bytes) -> None:
    with pytest.raises(ModelUnreadableError):
        read_model(file)


def test_too_light_costs_twice_as_much_as_too_severe() -> None:
    assert decided(np.array([[0.0, 0.64, 0.36, 0.0], [0.0, 0.70, 0.30, 0.0]])).tolist() == [3, 2]


def test_a_model_is_as_sure_as_keeps_its_errors_few() -> None:
    labels = np.array([1] * 400)
    confidence = np.linspace(0.9, 0.5, 400)
    shares = np.zeros((400, 4))
    shares[:, 0], shares[:, 1] = confidence, 1 - confidence
    wrong = np.arange(400) % 2 == (np.arange(400) < 200)  # none of the surer half is wrong
    shares[200:][wrong[200:]] = shares[200:][wrong[200:]][:, [1, 0, 2, 3]]
    assert surest(np.array([[0.9, 0.1, 0, 0]] * 400), labels) == pytest.approx(0.9)
    assert surest(np.array([[0.1, 0.9, 0, 0]] * 400), labels) > 1, "it never knows"


def test_a_severity_that_nobody_showed_is_not_learnt() -> None:
    with pytest.raises(TooFewError, match="of each severity"):
        train([Labelled(f"text {number}", 1 + number % 3) for number in range(60)])


def test_the_bundled_model_is_made_of_its_texts_by_this_code(model: SeverityModel) -> None:
    taught = [one for one in own() if one.part == "train"]
    assert model.learnt == digest(taught), "make it again by `trm model train`"
    again = train(taught)
    assert again.words.vocabulary_ == model.words.vocabulary_
    assert again.pieces.vocabulary_ == model.pieces.vocabulary_
