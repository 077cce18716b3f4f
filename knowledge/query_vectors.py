"""Vectors of queries, kept for a moment: the next page, another filter or `why` asks for the same one again."""

import time
from collections import OrderedDict
from collections.abc import Callable

from knowledge.text import normalise
from knowledge.vectors import EmbeddingProvider, Vector
from runtime.telemetry import calling


class QueryVectors:
    """Embeds queries through a provider.

    Parameters
    ----------
    provider
        Does the work.
    most, age
        How many vectors are kept, and for how many seconds.
    clock
        Seconds that never run backwards.
    """

    def __init__(
        self, provider: EmbeddingProvider, most: int, age: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._provider = provider
        self._most = most
        self._age = age
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Vector]] = OrderedDict()

    async def of(self, query: str) -> Vector:
        """The query's vector.

        Raises
        ------
        ProviderUnavailableError
            It could not be embedded.
        """
        text, now = normalise(query), self._clock()
        known = self._kept.get(text)
        if known and now - known[0] < self._age:
            self._kept.move_to_end(text)
            return known[1]
        with calling("embed", gen_ai_request_model=self._provider.model):
            [vector] = await self._provider.embed([text], "query")
        self._kept[text] = (now, vector)
        self._kept.move_to_end(text)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return vector
