"""Gathers concurrent requests into batches: one provider call for many texts, one computation for equal ones."""

import asyncio
from collections.abc import Sequence

from knowledge.errors import TextRefusedError
from knowledge.vectors import EmbeddingProvider, Purpose, Vector


class BatchingProvider:
    """A provider in front of another; queries and passages are gathered apart.

    Parameters
    ----------
    provider
        Does the work.
    size, characters
        Texts per call at most, and characters with which a call has enough: it must end within its caller's time.
    window
        Seconds the first request of a batch waits for company.
    """

    def __init__(self, provider: EmbeddingProvider, size: int, characters: int, window: float) -> None:
        self.model = provider.model
        self._batches: dict[Purpose, _Batches] = {
            "query": _Batches(provider, "query", size, characters, window),
            "passage": _Batches(provider, "passage", size, characters, window),
        }

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """Vectors of the texts, in their order; a failed call fails just the requests that were in it."""
        batches = self._batches[purpose]
        return list(await asyncio.gather(*(asyncio.shield(batches.request(text)) for text in texts)))


class _Batches:
    """Requests of one purpose: those that wait for company, and those being computed."""

    def __init__(
        self, provider: EmbeddingProvider, purpose: Purpose, size: int, characters: int, window: float
    ) -> None:
        self._provider = provider
        self._purpose = purpose
        self._size = size
        self._characters = characters
        self._window = window
        self._waiting: dict[str, asyncio.Future[Vector]] = {}
        self._running: dict[str, asyncio.Future[Vector]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._calls: set[asyncio.Task[None]] = set()

    def request(self, text: str) -> asyncio.Future[Vector]:
        shared = self._waiting.get(text) or self._running.get(text)
        if shared is not None:
            return shared
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Vector] = loop.create_future()
        self._waiting[text] = future
        if len(self._waiting) >= self._size or sum(map(len, self._waiting)) >= self._characters:
            self._send()
        elif self._timer is None:
            self._timer = loop.call_later(self._window, self._send)
        return future

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, {}
        if batch:
            self._running.update(batch)
            call = asyncio.create_task(self._call(batch))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _call(self, batch: dict[str, asyncio.Future[Vector]]) -> None:
        try:
            vectors = await self._provider.embed(list(batch), self._purpose)
            for future, vector in zip(batch.values(), vectors, strict=True):
                future.set_result(vector)
        except TextRefusedError as error:
            if len(batch) == 1:
                _fail(batch, error)
            else:
                for text, future in batch.items():
                    await self._call({text: future})
        except Exception as error:  # handed to every request of the batch
            _fail(batch, error)
        finally:
            for text in batch:
                self._running.pop(text, None)


def _fail(batch: dict[str, asyncio.Future[Vector]], error: Exception) -> None:
    for future in batch.values():
        if not future.done():
            future.set_exception(error)
            future.exception()  # a request that gave up must not be reported as never retrieved
