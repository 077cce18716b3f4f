"""The figures of a model against what can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from scoring.figures import calibration_error, figures, kappa, macro_f1


def sure_of(*severities: int, confidence: float = 0.97) -> np.ndarray:
    shares = np.full((len(severities), 4), (1 - confidence) / 3)
    shares[np.arange(len(severities)), np.array(severities) - 1] = confidence
    return shares


LABELS = np.array([1, 2, 3, 4] * 25)


def test_who_is_always_right_has_the_best_figures() -> None:
    found = figures(sure_of(*LABELS), LABELS, sure=0.5, draws=100)
    assert found["accuracy"].value == found["macro-F1"].value == found["quadratic kappa"].value == 1
    assert found["suggested"].value == 1
    assert found["wrong of those"].value == found["too light of all"].value == 0
    assert found["calibration error"].value == pytest.approx(0.03)


def test_a_step_aside_costs_less_than_three() -> None:
    assert kappa(sure_of(2, 2, 3, 3), np.array([1, 2, 3, 4])) > kappa(sure_of(4, 2, 3, 1), np.array([1, 2, 3, 4]))
    assert macro_f1(sure_of(1, 1, 1, 1), np.array([1, 2, 3, 4])) == pytest.approx(0.1)


def test_calibration_is_how_far_confidence_is_from_being_right() -> None:
    half_right = sure_of(*[1] * 100, confidence=0.9)
    assert calibration_error(half_right, np.array([1] * 50 + [2] * 50)) == pytest.approx(0.4)


def test_an_interval_holds_the_figure() -> None:
    said = np.where(np.arange(100) % 4 == 3, 1, LABELS)
    figure = figures(sure_of(*said), LABELS, sure=0.5, draws=100)["accuracy"]
    assert figure.low < figure.value < figure.high


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=60))
@pytest.mark.filterwarnings("ignore")
def test_figures_are_those_of_the_field(pairs: list[tuple[int, int]]) -> None:
    labels, said = np.array(pairs).T
    theirs = f1_score(labels, said, average="macro", labels=[1, 2, 3, 4], zero_division=0.0)
    assert macro_f1(sure_of(*said), labels) == pytest.approx(theirs)
    of_chance = cohen_kappa_score(labels, said, weights="quadratic", labels=[1, 2, 3, 4])
    assert kappa(sure_of(*said), labels) == pytest.approx(np.nan_to_num(of_chance))
