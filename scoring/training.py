"""How a model of severity is made of labelled texts: its weights from all of them, and from texts that were held out in
turn how sure it may be.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from ontology.enums import Severity
from scoring.features import pieces_in, words_in
from scoring.labelled import Labelled, digest
from scoring.severity import Array, SeverityModel, decided

ERRORS = 0.2
"""Share of suggestions that may be wrong."""

_ONE_IN_TEN = 1.2816
"""Standard deviations of the normal distribution that one value in ten exceeds."""

_FOLDS = 5
_STRENGTH = 20.0
"""Inverse of the regression's regularisation; found by cross-validation on the public train part."""

_SEEN = 2
"""Texts that a feature occurs in at least."""

_SCALE = 2.0
"""How much vectors count beside words; found by cross-validation (``docs/judgement.md``)."""


class TooFewError(ValueError):
    """There are too few labelled texts of some severity."""


def train(examples: Sequence[Labelled], vectors: Array | None = None, scale: float = _SCALE) -> SeverityModel:
    """Make a model.

    Parameters
    ----------
    examples
        Labelled texts, whatever their part: who calls leaves out what is to judge the model.
    vectors
        Their meanings as the search has them, shape (texts, width); without them the model reads words alone.
    scale
        How much vectors count beside words.

    Raises
    ------
    TooFewError
        There are fewer than five of some severity.
    """
    labels = np.array([one.severity for one in examples])
    if min(np.bincount(labels, minlength=5)[1:]) < _FOLDS:
        raise TooFewError(f"a model needs {_FOLDS} texts of each severity at least")
    model = _vocabulary([one.text for one in examples], vectors, scale)
    rows = model.features([one.text for one in examples], vectors)
    strata = [f"{one.language}{one.severity}" for one in examples]
    scores = np.zeros((len(examples), len(Severity)))
    for taught, held_out in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(strata, labels):
        scores[held_out] = _regression().fit(rows[taught], labels[taught]).decision_function(rows[held_out])
    temperature = _temperature(scores, labels)
    sure = surest(np.exp(log_softmax(scores * temperature, axis=1)), labels)
    regression = _regression().fit(rows, labels)
    return replace(model, regression=regression, temperature=temperature, sure=sure, learnt=digest(examples))


def surest(probabilities: Array, labels: npt.NDArray[np.int64], errors: float = ERRORS) -> float:
    """The confidence from which on very likely no more than a share of the decisions is wrong; above 1: there is none.

    Very likely: the upper end of Wilson's interval (1927), which one in ten shares lies beyond.
    """
    said = decided(probabilities)
    confidence = probabilities[np.arange(len(said)), said - 1]
    order = np.argsort(-confidence)
    count = np.arange(1, len(said) + 1)
    wrong = np.cumsum(said[order] != labels[order]) / count
    spread = _ONE_IN_TEN * np.sqrt(wrong * (1 - wrong) / count + (_ONE_IN_TEN / (2 * count)) ** 2)
    upper = (wrong + _ONE_IN_TEN**2 / (2 * count) + spread) / (1 + _ONE_IN_TEN**2 / count)
    allowed = np.flatnonzero(upper <= errors)
    return float(confidence[order[allowed[-1]]]) if allowed.size else 1.01


def _vocabulary(texts: Sequence[str], vectors: Array | None, scale: float) -> SeverityModel:
    """A model that knows which features there are, and not yet what they say of severity."""
    return SeverityModel(
        words=TfidfVectorizer(analyzer=words_in, sublinear_tf=True, min_df=_SEEN).fit(texts),
        pieces=TfidfVectorizer(analyzer=pieces_in, sublinear_tf=True, min_df=_SEEN).fit(texts),
        centre=np.zeros(0) if vectors is None else vectors.mean(axis=0),
        scale=scale,
        regression=_regression(),
        temperature=1.0,
        sure=0.0,
        learnt="",
    )


def _regression() -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=3000)


def _temperature(scores: Array, labels: npt.NDArray[np.int64]) -> float:
    """What makes the log-odds of texts that were held out most likely (Guo et al. 2017, arXiv:1706.04599)."""

    def surprise(logarithm: float) -> float:
        shares = log_softmax(scores * np.exp(logarithm), axis=1)
        return float(-shares[np.arange(len(labels)), labels - 1].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4, 4), method="bounded").x))
