"""Long sequences in pieces: one message, transaction or call for some of the values at a time."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def pieces(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in order, at most ``size`` at a time."""
    return (values[first : first + size] for first in range(0, len(values), size))


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Values as they come, ``size`` at a time, the last fewer."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


async def streamed(values: AsyncIterable[T], size: int) -> AsyncIterator[list[T]]:
    """Values as they come from a server, ``size`` at a time, the last fewer."""
    some: list[T] = []
    async for value in values:
        some.append(value)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
