"""How good a model of severity is, each figure with its confidence interval, and whether another is worse."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import cohen_kappa_score, f1_score

from scoring.severity import Array, decided

Labels = npt.NDArray[np.int64]

DRAWS = 1000
_BINS = 10


@dataclass(frozen=True)
class Figure:
    """A figure with the interval in which 95 % of its bootstrap values lie."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def figures(probabilities: Array, labels: Labels, sure: float, draws: int = DRAWS) -> dict[str, Figure]:
    """What a model was worth on some texts.

    Parameters
    ----------
    probabilities
        Of each severity, shape (texts, 4).
    labels
        What humans said, 1 to 4.
    sure
        Confidence below which nothing is suggested.
    draws
        Of the bootstrap.
    """
    said = decided(probabilities)
    surely = probabilities[np.arange(len(said)), said - 1] >= sure

    def errors(rows: Labels) -> float:
        of = rows[surely[rows]]
        return float((said[of] != labels[of]).mean()) if of.size else 0.0

    measures: dict[str, Callable[[Labels], float]] = {
        "accuracy": lambda rows: float((_likeliest(probabilities[rows]) == labels[rows]).mean()),
        "macro-F1": lambda rows: macro_f1(probabilities[rows], labels[rows]),
        "quadratic kappa": lambda rows: kappa(probabilities[rows], labels[rows]),
        "calibration error": lambda rows: calibration_error(probabilities[rows], labels[rows]),
        "suggested": lambda rows: float(surely[rows].mean()),
        "wrong of those": errors,
        "too light of all": lambda rows: float((said[rows] < labels[rows]).mean()),
    }
    drawn = _drawn(len(labels), draws)
    return {name: _figure(measure, len(labels), drawn) for name, measure in measures.items()}


def macro_f1(probabilities: Array, labels: Labels) -> float:
    """Mean F1 of the four severities, of the likeliest ones."""
    return float(f1_score(labels, _likeliest(probabilities), average="macro", labels=[1, 2, 3, 4], zero_division=0.0))


def kappa(probabilities: Array, labels: Labels) -> float:
    """Quadratic kappa of the likeliest severities (Cohen 1968): 1 is agreement, 0 what chance gives."""
    return float(np.nan_to_num(cohen_kappa_score(labels, _likeliest(probabilities), weights="quadratic")))


def calibration_error(probabilities: Array, labels: Labels) -> float:
    """Expected calibration error over ten bins: how far confidence and share of right answers lie apart."""
    confidence, right = probabilities.max(axis=1), _likeliest(probabilities) == labels
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = (abs(confidence[bins == one].sum() - right[bins == one].sum()) for one in range(_BINS))
    return float(sum(gaps) / len(labels))


@dataclass(frozen=True)
class Comparison:
    """Whether another model may take the place of one.

    Parameters
    ----------
    kappa, macro_f1
        By how much the other is better, on the same texts.
    calibration
        Calibration error of the other.
    """

    kappa: Figure
    macro_f1: Figure
    calibration: float

    def no_loss(self, tolerance: float, calibration: float) -> bool:
        """Whether a loss beyond a tolerance is unlikely (one chance in forty), and the other is calibrated."""
        return min(self.kappa.low, self.macro_f1.low) >= -tolerance and self.calibration <= calibration


def compare(one: Array, other: Array, labels: Labels, draws: int = DRAWS) -> Comparison:
    """Two models' probabilities for the same texts."""
    drawn = _drawn(len(labels), draws)

    def better(measure: Callable[[Array, Labels], float]) -> Figure:
        return _figure(
            lambda rows: measure(other[rows], labels[rows]) - measure(one[rows], labels[rows]), len(labels), drawn
        )

    return Comparison(better(kappa), better(macro_f1), calibration_error(other, labels))


def _likeliest(probabilities: Array) -> Labels:
    found: Labels = probabilities.argmax(axis=1) + 1
    return found


def _drawn(count: int, draws: int) -> list[Labels]:
    """Rows of as many samples of the same size, the same ones each time."""
    chooser = np.random.default_rng(0)
    return [chooser.integers(0, count, count) for _ in range(draws)]


def _figure(measure: Callable[[Labels], float], count: int, drawn: list[Labels]) -> Figure:
    low, high = np.quantile([measure(rows) for rows in drawn], [0.025, 0.975])
    return Figure(measure(np.arange(count)), float(low), float(high))
