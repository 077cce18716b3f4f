"""Texts leave the processor to rows: somebody waits for an import's rows, and an embedding would take all there is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta


class RowsFirst:
    """Whether rows are on their way in this process, and the wait for their end.

    Parameters
    ----------
    patience
        After so long texts go on nevertheless: some import may always be under way.
    """

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._under_way = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.asynccontextmanager
    async def rows(self) -> AsyncIterator[None]:
        """While rows are written or told."""
        self._under_way += 1
        self._none.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._none.set()

    async def texts(self) -> None:
        """Wait until no rows are on their way, or patience is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while self._under_way:  # others may have begun since the event
                    await self._none.wait()
