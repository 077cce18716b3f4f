"""Two models beside each other: what may take the other's place, and what may not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.judgement import ModelComparison, Objection
from scoring.comparing import compare
from scoring.figures import kappa, macro_f1
from tests.unit.scoring.test_figures import LABELS, sure_of

SEVERITIES = st.lists(st.integers(1, 4), min_size=40, max_size=40)


def compared(current: np.ndarray, candidate: np.ndarray, labels: np.ndarray = LABELS, **than: float) -> ModelComparison:
    return compare(current, candidate, labels, **{"margin": 0.0, "calibration": 0.08, **than}, draws=100)


def test_one_that_says_the_same_is_no_loss() -> None:
    found = compared(sure_of(*LABELS), sure_of(*LABELS))
    assert found.no_loss
    assert (found.kappa.low, found.kappa.value, found.kappa.high) == (0, 0, 0)
    assert found.texts == 100


def test_a_better_one_is_no_loss_and_a_worse_one_is() -> None:
    good, poor = sure_of(*LABELS), sure_of(*np.roll(LABELS, 1))
    assert compared(poor, good).no_loss
    assert compared(good, poor, margin=9, calibration=1).objections == [Objection.WORSE]


def test_a_small_gain_of_which_nobody_can_be_sure_is_one_within_a_margin_alone() -> None:
    """Half of what it says otherwise is better by two steps, half worse by one: that may be chance."""
    current, candidate = LABELS.copy(), LABELS.copy()
    current[:8:4], candidate[1:9:4] = 3, 3
    found = compared(sure_of(*current), sure_of(*candidate))
    assert found.kappa.value > 0
    assert found.objections == [Objection.MAYBE_WORSE]
    assert compared(sure_of(*current), sure_of(*candidate), margin=0.1).no_loss


def test_one_that_is_surer_than_it_is_right_is_not_calibrated() -> None:
    current = sure_of(*LABELS)
    assert compared(current, sure_of(*LABELS, confidence=0.6)).objections == [Objection.UNCALIBRATED]
    assert compared(current, sure_of(*LABELS, confidence=0.6), calibration=0.4).no_loss


@settings(max_examples=30, deadline=None)
@given(SEVERITIES, SEVERITIES, SEVERITIES)
def test_what_one_gains_the_other_loses(labels: list[int], one: list[int], other: list[int]) -> None:
    truth = np.array(labels)
    there, back = (compared(sure_of(*a), sure_of(*b), truth) for a, b in ((one, other), (other, one)))
    for to, fro in ((there.kappa, back.kappa), (there.macro_f1, back.macro_f1)):
        assert (to.before, to.after) == (fro.after, fro.before)
        assert to.low == pytest.approx(-fro.high, abs=1e-9)
        assert to.low <= to.high
    assert there.kappa.after == kappa(sure_of(*other), truth)
    assert there.macro_f1.after == macro_f1(sure_of(*other), truth)


@settings(max_examples=30, deadline=None)
@given(SEVERITIES, SEVERITIES, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_margin_refuses_nothing_that_a_narrower_one_lets_through(
    labels: list[int], said: list[int], one: float, other: float
) -> None:
    narrow, wide = (
        compared(sure_of(*labels), sure_of(*said), np.array(labels), margin=margin) for margin in sorted((one, other))
    )
    assert set(wide.objections) <= set(narrow.objections)


def test_it_is_the_same_each_time() -> None:
    current, candidate = sure_of(*np.where(np.arange(100) % 5 == 0, 1, LABELS)), sure_of(*LABELS)
    assert compared(current, candidate) == compared(current, candidate)
