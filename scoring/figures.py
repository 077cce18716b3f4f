"""How good a model of severity is, each figure with its confidence interval."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ontology.enums import Severity
from scoring.severity import Array, decided

Labels = npt.NDArray[np.int64]

DRAWS = 1000
_BINS = 10

_STEPS = np.array([[(true - said) ** 2 for said in Severity] for true in Severity])
"""How far apart two severities are, in squares of steps."""


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
    rows = drawn(len(labels), draws)
    return {name: figure(measure, len(labels), rows) for name, measure in measures.items()}


def macro_f1(probabilities: Array, labels: Labels) -> float:
    """Mean F1 of the four severities, of the likeliest ones; that of one which is neither said nor true is 0."""
    met = _met(probabilities, labels)
    right, either = 2 * met.diagonal(), met.sum(axis=0) + met.sum(axis=1)
    return float((right / np.maximum(either, 1)).mean())


def kappa(probabilities: Array, labels: Labels) -> float:
    """Quadratic kappa of the likeliest severities (Cohen 1968): 1 is agreement, 0 what chance gives."""
    met = _met(probabilities, labels)
    by_chance = (np.outer(met.sum(axis=1), met.sum(axis=0)) * _STEPS).sum() / len(labels)
    return float(1 - (met * _STEPS).sum() / by_chance) if by_chance else 0.0


def calibration_error(probabilities: Array, labels: Labels) -> float:
    """Expected calibration error over ten bins: how far confidence and share of right answers lie apart."""
    confidence, right = probabilities.max(axis=1), _likeliest(probabilities) == labels
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = (abs(confidence[bins == one].sum() - right[bins == one].sum()) for one in range(_BINS))
    return float(sum(gaps) / len(labels))


def _met(probabilities: Array, labels: Labels) -> Labels:
    """How often each severity (row) was held for each (column)."""
    places: Labels = (labels - 1) * len(Severity) + probabilities.argmax(axis=1)
    return np.bincount(places, minlength=len(Severity) ** 2).reshape(len(Severity), len(Severity))


def _likeliest(probabilities: Array) -> Labels:
    found: Labels = probabilities.argmax(axis=1) + 1
    return found


def drawn(count: int, draws: int) -> list[Labels]:
    """Rows of as many samples of the same size, the same ones each time."""
    chooser = np.random.default_rng(0)
    return [chooser.integers(0, count, count) for _ in range(draws)]


def figure(measure: Callable[[Labels], float], count: int, samples: list[Labels]) -> Figure:
    """A measure of rows, on all of so many and on each sample of them."""
    low, high = np.quantile([measure(rows) for rows in samples], [0.025, 0.975])
    return Figure(measure(np.arange(count)), float(low), float(high))
