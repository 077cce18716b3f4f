"""One partition's way through the bridge: its messages are settled side by side, others' are not waited for."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, IllegalStateError, KafkaError

from runtime.errors import MisconfiguredError, UnavailableError
from workers.offsets import ContiguousOffsets
from workers.waits import Waits

log = logging.getLogger(__name__)

Settle = Callable[[ConsumerRecord, Exception | None], Awaitable[None]]
"""Accepts or buries one message, or one that could not be read for the error that is given.

It raises UnavailableError while a server is away, and nothing else.
"""

_POLL_MS = 500
_COMMIT_EVERY = 2.0
_WAIT_FIRST, _WAIT_LAST = 0.2, 5.0


class Lane:
    """Consumes one partition for as long as it is ours.

    Parameters
    ----------
    part, consumer
        What is read, and by whom.
    settle
        What is done with a message.
    waits
        Where is told what a message waits for.
    in_flight
        Most messages in hand at once.
    """

    def __init__(
        self, part: TopicPartition, consumer: AIOKafkaConsumer, settle: Settle, waits: Waits, in_flight: int
    ) -> None:
        self.part = part
        self._consumer = consumer
        self._settle_once = settle
        self._waits = waits
        self._in_flight = in_flight
        self._careful = 0
        self._damaged: int | None = None
        self._offsets: ContiguousOffsets | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Read, settle and commit until told to stop; what is in hand then is finished or left to the next reader.

        Raises
        ------
        KafkaError
            The connection has to be made anew.
        """
        try:
            self._offsets = ContiguousOffsets(await self._consumer.position(self.part))
            while not stop.is_set():
                records = await self._next(stop)
                await self._take(self._offsets, records, stop)
                self._offsets.passed(await self._consumer.position(self.part))
                await self.commit()
        except (IllegalStateError, ConsumerStoppedError):
            log.info("a partition is another's now", extra={"topic": self.part.topic, "partition": self.part.partition})

    async def commit(self) -> None:
        """Commit as far as everything is done; what cannot be committed now is tried again with the next batch."""
        reached = self._offsets.committable() if self._offsets else None
        if self._offsets is None or reached is None or self.part not in self._consumer.assignment():
            return
        try:
            await self._consumer.commit({self.part: reached})
        except KafkaError as error:
            log.warning("an offset is not committed yet", extra={"cause": repr(error), "offset": reached})
        else:
            self._offsets.committed(reached)

    def lag(self, end: int) -> int:
        """Messages before ``end`` that are not settled."""
        return max(end - self._offsets.reached(), 0) if self._offsets else 0

    async def _next(self, stop: asyncio.Event) -> list[ConsumerRecord]:
        """The next messages, none when nothing came; one that nobody can read is stepped over."""
        most = 1 if self._careful else self._in_flight
        try:
            read = await self._consumer.getmany(self.part, timeout_ms=_POLL_MS, max_records=most)
        except ValueError as error:  # the library decodes the names of headers as it reads
            await self._step_over(error, stop)
            return []
        except CorruptRecordException as error:
            log.exception("a broker sends what is damaged")
            self._damaged = await self._consumer.position(self.part)
            self._waits.begin(self.part, self._damaged, f"kafka: {type(error).__name__}")
            await self._pause(stop, _WAIT_LAST)
            return []
        if self._damaged is not None:
            self._waits.end(self.part, self._damaged)
            self._damaged = None
        self._careful = max(self._careful - 1, 0)
        records: list[ConsumerRecord] = read.get(self.part, [])
        return records

    async def _step_over(self, error: ValueError, stop: asyncio.Event) -> None:
        """A batch hides which of its messages it is, so they are read one by one until the position is its own."""
        if not self._careful:
            self._careful = self._in_flight
            return
        self._careful = 0
        offset = await self._consumer.position(self.part)
        log.error("a message cannot be read", exc_info=error, extra={"topic": self.part.topic, "offset": offset})
        unread = ConsumerRecord(self.part.topic, self.part.partition, offset, 0, 0, None, None, None, -1, -1, ())
        if await self._settle(unread, stop, error):
            self._consumer.seek(self.part, offset + 1)

    async def _take(self, offsets: ContiguousOffsets, records: list[ConsumerRecord], stop: asyncio.Event) -> None:
        for record in records:
            offsets.begin(record.offset)
        running = {asyncio.create_task(self._finish(offsets, record, stop)) for record in records}
        try:
            while running:
                done, running = await asyncio.wait(running, timeout=_COMMIT_EVERY)
                for task in done:
                    task.result()
                await self.commit()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _finish(self, offsets: ContiguousOffsets, record: ConsumerRecord, stop: asyncio.Event) -> None:
        if await self._settle(record, stop):
            offsets.done(record.offset)

    async def _settle(self, record: ConsumerRecord, stop: asyncio.Event, unread: Exception | None = None) -> bool:
        """Settle one message; while a server is away, wait and try again."""
        pause = _WAIT_FIRST
        while not stop.is_set():
            try:
                await self._settle_once(record, unread)
            except UnavailableError as error:
                self._waits.begin(self.part, record.offset, error.code)
                level = logging.ERROR if isinstance(error, MisconfiguredError) else logging.WARNING
                place = {"topic": self.part.topic, "partition": self.part.partition, "offset": record.offset}
                log.log(level, "waiting", extra={"cause": str(error), "code": error.code, **place})
                await self._pause(stop, pause)
                pause = min(pause * 2, _WAIT_LAST)
            else:
                self._waits.end(self.part, record.offset)
                return True
        return False

    async def _pause(self, stop: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
