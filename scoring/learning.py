"""How a model is made of labels, and stands beside the one that judges: all that is computed of it, in one step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ontology.judgement import ModelComparison
from scoring.comparing import compare
from scoring.labelled import Labelled
from scoring.severity import Array, SeverityModel, read_model, written
from scoring.training import train


@dataclass(frozen=True)
class Candidate:
    """A model that was learnt.

    Parameters
    ----------
    file
        It, as it is kept.
    version
        What it is called wherever it will judge.
    comparison
        How it stands beside the one that judges.
    """

    file: bytes
    version: str
    comparison: ModelComparison


@dataclass(frozen=True)
class Lesson:
    """Texts with their meanings, shape (texts, width)."""

    texts: Sequence[Labelled]
    vectors: Array


def learn(taught: Lesson, frozen: Lesson, current: SeverityModel, *, margin: float, calibration: float) -> Candidate:
    """Learn from texts, and compare on those that nobody learns from.

    Parameters
    ----------
    taught, frozen
        What is learnt from, and what is judged on.
    current
        The model that judges now.
    margin, calibration
        As :func:`scoring.comparing.compare` has them.
    """
    file = written(train(taught.texts, taught.vectors))
    model = read_model(file)
    asked, labels = [one.text for one in frozen.texts], np.array([one.severity for one in frozen.texts])
    before, after = (one.probabilities(asked, frozen.vectors) for one in (current, model))
    found = compare(before, after, labels, margin=margin, calibration=calibration)
    return Candidate(file=file, version=model.version, comparison=found)
