"""Long sequences in pieces: one message, transaction or call for some of the values at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def pieces(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in order, at most ``size`` at a time."""
    return (values[first : first + size] for first in range(0, len(values), size))
