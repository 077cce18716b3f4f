"""A consumer, a producer and an intake of this process, so that lanes and bridge can be tried without a server."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError

TOPIC = "trm.recognitions"


def record(part: TopicPartition, offset: int, value: bytes = b"{}", headers: Sequence[Any] = ()) -> ConsumerRecord:
    return ConsumerRecord(part.topic, part.partition, offset, 0, 0, b"k", value, None, 1, len(value), tuple(headers))


class FakeConsumer:
    """Holds the messages of some partitions; an exception in the place of one is raised when it is read."""

    def __init__(self, logs: dict[TopicPartition, list[Any]]) -> None:
        self.logs = logs
        self.positions = dict.fromkeys(logs, 0)
        self.committed: dict[TopicPartition, int] = {}
        self.assigned = set(logs)
        self.failing_commits = 0
        self.started, self.starts = False, 0

    async def start(self) -> None:
        self.started = True
        self.starts += 1

    async def stop(self) -> None:
        self.started = False

    def subscribe(self, topics: list[str], *, listener: object) -> None:
        """Whoever tests calls the listener."""

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def position(self, part: TopicPartition) -> int:
        return self.positions[part]

    def seek(self, part: TopicPartition, offset: int) -> None:
        self.positions[part] = offset

    async def getmany(self, part: TopicPartition, *, timeout_ms: int, max_records: int) -> Any:
        if part not in self.assigned:
            raise IllegalStateError
        start = self.positions[part]
        read = []
        for place in range(start, min(len(self.logs[part]), start + max_records)):
            if isinstance(self.logs[part][place], Exception):
                raise self.logs[part][place]
            if self.logs[part][place] is not None:  # None: the mark of a transaction
                read.append(self.logs[part][place])
        self.positions[part] = min(len(self.logs[part]), start + max_records)
        await asyncio.sleep(0 if read else 0.01)
        return {part: read} if read else {}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.failing_commits:
            from aiokafka.errors import CommitFailedError

            self.failing_commits -= 1
            raise CommitFailedError
        self.committed |= offsets

    async def end_offsets(self, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {part: len(self.logs[part]) for part in parts}


class FakeProducer:
    """Keeps what is sent; what is larger than its limit is refused."""

    def __init__(self, limit: int = 10**9) -> None:
        self.sent: dict[str, list[ConsumerRecord]] = defaultdict(list)
        self._limit = limit

    async def start(self) -> None:
        """There is nobody to connect to."""

    async def stop(self) -> None:
        """There is nobody to leave."""

    async def send_and_wait(self, topic: str, value: Any, *, key: Any = None, headers: Any = ()) -> None:
        from aiokafka.errors import MessageSizeTooLargeError

        assert value is not None or key is not None
        if len(value or b"") + sum(len(said or b"") for _, said in headers) > self._limit:
            raise MessageSizeTooLargeError
        self.sent[topic].append(
            ConsumerRecord(topic, 0, len(self.sent[topic]), 0, 0, key, value, None, -1, -1, tuple(headers))
        )
