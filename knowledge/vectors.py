"""What an embedding is here: 1536 finite numbers of unit length, whatever the model."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.errors import WrongDimensionError

DIMENSIONS = 1536
"""Width of every stored vector; narrower models are padded with zeros."""

WIDTHS = {"multilingual-e5-small/en-vi": 384, "multilingual-e5-small": 384, "all-MiniLM-L6-v2": 384}
"""Models whose vectors are narrower; their index leaves the zeros out."""


class Floor(NamedTuple):
    """Cosine similarity from which a text is near a query.

    Parameters
    ----------
    known
        Where some word of the query stands in some text.
    unknown
        Where none does: gibberish is near to many texts, and nothing but its words tells it from a question.
    """

    known: float
    unknown: float


FLOORS = {"multilingual-e5-small/en-vi": Floor(0.785, 0.82)}
"""Per model; read from ``tests/unit/knowledge/labelled.py`` (decision 23). Another model shows what is nearest."""

NO_FLOOR = Floor(-1.0, -1.0)

Vector = npt.NDArray[np.float32]
"""Shape (1536,)."""

Purpose = Literal["query", "passage"]
"""What a text is embedded as: to find, or to be found. Some models give it another vector each time."""


class EmbeddingProvider(Protocol):
    """Turns texts into vectors."""

    model: str

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """Vectors of the texts, in their order."""
        ...


def checked(values: Sequence[float] | Vector) -> Vector:
    """A provider's answer as a vector of unit length, which half precision holds well.

    Raises
    ------
    WrongDimensionError
        It is not 1536 finite numbers, or it has no direction.
    """
    vector = np.asarray(values, np.float32)
    if vector.shape != (DIMENSIONS,) or not np.isfinite(vector).all():
        raise WrongDimensionError(f"the provider sent {vector.shape} instead of ({DIMENSIONS},) finite numbers")
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if length == 0.0:
        raise WrongDimensionError("the provider sent a vector without direction")
    unit: Vector = (vector / length).astype(np.float32)
    return unit
