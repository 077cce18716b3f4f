"""Takes out of the model's vectors which language a text is in, so that a question finds its answer in either.

The vectors of a sentence and of its translation differ mostly along one direction, the same for all sentences: the
first singular vector of the differences of the pairs in ``e5_languages.yaml`` (decision 24). What a text says stands
beside it. Compare Libovický, Rosa and Fraser 2020, "On the Language Neutrality of Pre-trained Multilingual
Representations".
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
import yaml

from knowledge.e5_file import Array

_FOLDER = files("knowledge")
_DIRECTION = "e5_languages.npy"


@lru_cache(maxsize=1)
def direction() -> Array:
    """The direction between English and Vietnamese, of unit length."""
    with (_FOLDER / _DIRECTION).open("rb") as file:
        read: Array = np.load(file)
    return read


def without_language(vectors: Array) -> Array:
    """Vectors, one in each row, without the direction; shorter by what they had of it."""
    left: Array = vectors - np.outer(vectors @ direction(), direction())
    return left


def pairs() -> list[tuple[str, str]]:
    """Sentences in English and in Vietnamese that say the same."""
    read = yaml.safe_load((_FOLDER / "e5_languages.yaml").read_text(encoding="utf-8"))
    return [(english, vietnamese) for english, vietnamese in read]


def direction_of(differences: Sequence[Array]) -> Array:
    """The direction that explains most of some differences, Vietnamese less English."""
    _, _, directions = np.linalg.svd(np.vstack(differences), full_matrices=False)
    found: Array = directions[0].astype(np.float32)
    return found if np.vstack(differences).mean(0) @ found > 0 else -found
