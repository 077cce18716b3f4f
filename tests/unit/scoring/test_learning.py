"""One step from labels to a model that stands beside the one that judges."""

import numpy as np

from ontology.judgement import Objection
from scoring.labelled import Labelled, part
from scoring.learning import Lesson, learn
from scoring.severity import read_model, written
from scoring.training import train

WIDTH = 8


def lesson(texts: list[Labelled], seed: int) -> Lesson:
    """Vectors that say how severe a text is, with some noise."""
    noise = np.random.default_rng(seed).normal(scale=0.1, size=(len(texts), WIDTH))
    return Lesson(texts, noise + np.eye(4, WIDTH)[[one.severity - 1 for one in texts]])


TAUGHT, FROZEN = lesson(part("train")[:80], 0), lesson(part("test")[:40], 1)


def test_a_model_of_right_labels_is_kept_as_it_judges() -> None:
    current = read_model(written(train(TAUGHT.texts[:60], TAUGHT.vectors[:60])))
    found = learn(TAUGHT, FROZEN, current, margin=0.05, calibration=1.0)
    assert found.comparison.no_loss
    assert found.comparison.texts == len(FROZEN.texts)
    assert read_model(found.file).version == found.version != current.version


def test_a_model_of_wrong_labels_is_no_match() -> None:
    current = read_model(written(train(TAUGHT.texts, TAUGHT.vectors)))
    wrong = Lesson([Labelled(one.text, 5 - one.severity, one.language) for one in TAUGHT.texts], TAUGHT.vectors)
    found = learn(wrong, FROZEN, current, margin=0.05, calibration=1.0)
    assert found.comparison.objections == [Objection.WORSE, Objection.MAYBE_WORSE]
