"""How severe a tension is: words and pieces of words weighed by what labelled texts had in them (TF-IDF and logistic
regression), calibrated, with rules beneath it. A model says what spoke for and against, or that it does not know.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile

import numpy as np
import numpy.typing as npt
import skops.io
from scipy import sparse
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from skops.io.exceptions import UntrustedTypesFoundException

from ontology.enums import Severity
from ontology.judgement import Abstained, SeverityJudgement, Weight
from scoring.features import by_word, pieces_of
from scoring.language import is_foreign, is_taught
from scoring.lexicon import lexicon
from scoring.words import words

Array = npt.NDArray[np.floating[Any]]

_TRUSTED = ["scoring.features.pieces_in", "scoring.features.words_in"]
_SHOWN = 8
"""Words for and against that are told."""

UNDER = 2.0
"""How much more it costs to hold a tension for too light than for too severe, by the same number of steps."""

COSTS = np.array(
    [[(true - said) * UNDER if true > said else said - true for said in Severity] for true in Severity], float
)
"""Rows: how severe it is; columns: how severe it is held to be."""


_FEWEST_WORDS = 3
"""Words of a text of which something is suggested without a rule: "Tom's laptop" may be anything."""


@dataclass(frozen=True)
class SeverityModel:
    """What was learnt from labelled texts.

    Parameters
    ----------
    words, pieces
        Weights of words and pairs of words, and of pieces of words.
    centre
        Mean of the learnt texts' vectors, shape (width,); empty: the model reads words alone.
    scale
        How much vectors count beside words.
    regression
        Weights of all these for each severity.
    temperature
        What the log-odds are multiplied by, so that probabilities are as often right as they say.
    sure
        Confidence below which nothing is suggested.
    learnt
        Which texts and labels it was made of, as a digest.
    version
        What the model is called wherever it judged.
    """

    words: TfidfVectorizer
    pieces: TfidfVectorizer
    centre: Array
    scale: float
    regression: LogisticRegression
    temperature: float
    sure: float
    learnt: str
    version: str = field(default="", compare=False)

    @property
    def reads_meaning(self) -> bool:
        """Whether it asks for a text's vector."""
        return self.centre.size > 0

    def features(self, texts: Sequence[str], vectors: Array | None = None) -> sparse.csr_matrix:
        """What is known of texts: one row each."""
        parts = [self.words.transform(texts), self.pieces.transform(texts)]
        if self.reads_meaning:
            assert vectors is not None, "this model reads vectors too"
            parts.append(sparse.csr_matrix((vectors - self.centre) * self.scale))
        return sparse.hstack(parts).tocsr()

    def probabilities(self, texts: Sequence[str], vectors: Array | None = None) -> Array:
        """Of each severity, shape (texts, 4), rules aside."""
        return self._calibrated(self.features(texts, vectors))

    def judge(self, text: str, vector: Array | None = None) -> SeverityJudgement:
        """What a text looks like, and why.

        Parameters
        ----------
        text
            What the tension says.
        vector
            Its meaning as the search has it, shape (width,); needed if the model reads meaning.
        """
        row = self.features([text], None if vector is None else vector[np.newaxis])
        probabilities = self._calibrated(row)[0]
        by_model = int(decided(probabilities[np.newaxis])[0])
        confidence = float(probabilities[by_model - 1])
        rules = lexicon().fired(text)
        likeliest = Severity(max([by_model, *(rule.floor for rule in rules)]))
        ruled = likeliest in {rule.floor for rule in rules}
        abstained = self._abstained(text, confidence, ruled=ruled)
        spoken, meaning = self.contributions(text, row, by_model, probabilities)
        return SeverityJudgement(
            severity=None if abstained else likeliest,
            likeliest=likeliest,
            abstained=abstained,
            confidence=round(confidence, 4),
            probabilities=[round(float(one), 4) for one in probabilities],
            words_for=_strongest({word: weight for word, weight in spoken.items() if weight > 0}),
            words_against=_strongest({word: weight for word, weight in spoken.items() if weight < 0}),
            meaning=round(meaning, 4),
            rules=rules,
            model=self.version,
        )

    def _place(self, feature: str) -> int | None:
        """Column of a feature as :func:`scoring.features.by_word` names it."""
        name = feature[2:]
        known: dict[str, int] = (self.words if feature.startswith("w:") else self.pieces).vocabulary_
        at = known.get(name)
        return at if at is None or feature.startswith("w:") else len(self.words.vocabulary_) + at

    def _abstained(self, text: str, confidence: float, *, ruled: bool) -> Abstained | None:
        said = words(text)
        if is_foreign(said) or not (is_taught(said) or self._knows(text)):
            return Abstained.FOREIGN
        if ruled:
            return None
        short = sum(word.text.isalpha() for word in said) < _FEWEST_WORDS
        return Abstained.UNSURE if short or confidence < self.sure else None

    def _knows(self, text: str) -> bool:
        """Whether it was taught half of the words, or most of their pieces; numbers and codes are no words."""
        said = [pieces_of(word.folded) for word in words(text) if word.text.isalpha()]
        known = self.pieces.vocabulary_
        familiar = sum(sum(piece in known for piece in pieces) >= len(pieces) / 2 for pieces in said)
        return familiar >= len(said) / 2 > 0

    def _calibrated(self, rows: sparse.csr_matrix) -> Array:
        return cast("Array", softmax(self.regression.decision_function(rows) * self.temperature, axis=1))

    def contributions(
        self, text: str, row: sparse.csr_matrix, severity: int, probabilities: Array
    ) -> tuple[dict[str, float], float]:
        """Part of each word, and of the meaning, in the log-odds of a severity against the mean of the others."""
        rest = np.delete(probabilities, severity - 1)
        others = np.average(np.delete(self.regression.coef_, severity - 1, axis=0), axis=0, weights=rest)
        parts = row.multiply(self.regression.coef_[severity - 1] - others).toarray()[0] * self.temperature
        shares, whole = by_word(text), Counter[str]()
        for share in shares.values():
            whole.update(share)
        spoken = dict.fromkeys(shares, 0.0)
        first_piece = len(self.words.vocabulary_)
        for word, share in shares.items():
            known = ((self._place(one), part / whole[one]) for one, part in share.items())
            spoken[word] = sum(parts[at] * part for at, part in known if at is not None)
        return spoken, float(parts[first_piece + len(self.pieces.vocabulary_) :].sum())


def decided(probabilities: Array) -> npt.NDArray[np.int64]:
    """The severity that costs least as far as can be known; shapes (texts, 4) and (texts,)."""
    return cast("npt.NDArray[np.int64]", (probabilities @ COSTS).argmin(axis=1) + 1)


class ModelUnreadableError(ValueError):
    """A file is no model, or holds something else than models do."""


BUNDLED = Path(__file__).with_name("severity.skops")
"""The file of the model that comes with the product."""


@lru_cache(maxsize=1)
def bundled() -> SeverityModel:
    """The model that comes with the product."""
    return read_model(BUNDLED.read_bytes())


def written(model: SeverityModel) -> bytes:
    """A model as a file of the skops format, which holds no code."""
    state = {one.name: getattr(model, one.name) for one in fields(model) if one.name != "version"}
    return cast("bytes", skops.io.dumps(state, compression=ZIP_DEFLATED))


def read_model(file: bytes) -> SeverityModel:
    """A model of a file.

    Raises
    ------
    ModelUnreadableError
        It is no such file, or holds something else than models do.
    """
    try:
        state: dict[str, Any] = skops.io.loads(file, trusted=_TRUSTED)
    except (BadZipFile, KeyError, TypeError, ValueError, UntrustedTypesFoundException) as error:
        raise ModelUnreadableError(str(error)) from error
    if not isinstance(state, dict) or state.keys() != {one.name for one in fields(SeverityModel)} - {"version"}:
        raise ModelUnreadableError("it holds something else than a model of severity")
    return SeverityModel(**state, version=f"severity-{hashlib.sha256(file).hexdigest()[:12]}")


def _strongest(spoken: dict[str, float]) -> list[Weight]:
    found = sorted(spoken.items(), key=lambda one: -abs(one[1]))
    return [Weight(word=word, weight=round(weight, 4)) for word, weight in found[:_SHOWN] if round(weight, 4)]
