"""One partition's way: nothing one message does stops it, and nothing of it stops another."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CorruptRecordException

from runtime.errors import UnavailableError
from tests.unit.workers.fakes import TOPIC, FakeConsumer, record
from workers.lane import Lane
from workers.waits import Waits

PART, OTHER = TopicPartition(TOPIC, 0), TopicPartition(TOPIC, 1)
BAD_NAME = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")


def log_of(part: TopicPartition, count: int) -> list[Any]:
    return [record(part, offset) for offset in range(count)]


class Settler:
    """Settles everything but what ``stuck`` says."""

    def __init__(self, stuck: Callable[[ConsumerRecord], bool] = lambda _: False) -> None:
        self.stuck = stuck
        self.settled: list[tuple[int, int]] = []
        self.unread: list[int] = []
        self.busy = self.busiest = 0

    async def __call__(self, message: ConsumerRecord, unread: Exception | None) -> None:
        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        await asyncio.sleep(0.001)
        self.busy -= 1
        if self.stuck(message):
            raise UnavailableError("away")
        if unread is not None:
            self.unread.append(message.offset)
        self.settled.append((message.partition, message.offset))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


class Running:
    """Lanes of every partition of a consumer."""

    def __init__(self, consumer: FakeConsumer, settle: Settler, in_flight: int = 4) -> None:
        self.stop, self.waits = asyncio.Event(), Waits()
        self.lanes = {part: Lane(part, consumer, settle, self.waits, in_flight) for part in consumer.logs}
        self.tasks = {part: asyncio.create_task(lane.run(self.stop)) for part, lane in self.lanes.items()}

    async def __aenter__(self) -> "Running":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await asyncio.gather(*self.tasks.values())


async def test_a_stuck_message_stops_its_own_partition_only() -> None:
    consumer = FakeConsumer({PART: log_of(PART, 40), OTHER: log_of(OTHER, 40)})
    settle = Settler(lambda message: message.partition == 0 and message.offset == 5)
    async with Running(consumer, settle) as running:
        await until(lambda: consumer.committed.get(OTHER) == 40)
        assert (0, 20) not in settle.settled
        assert running.lanes[PART].lag(40) == 35
        [(name, told)] = running.waits.checks().items()
        assert name == f"{TOPIC}-0"
        assert told.startswith("unavailable since 20")
        assert told.endswith("at offset 5")
        settle.stuck = lambda _: False
        await until(lambda: consumer.committed.get(PART) == 40)
        assert running.waits.checks() == {}
        assert running.lanes[PART].lag(40) == 0
    assert sorted(settle.settled) == [(part, offset) for part in (0, 1) for offset in range(40)]


async def test_what_is_before_a_stuck_message_is_committed_while_it_waits() -> None:
    consumer = FakeConsumer({PART: log_of(PART, 8)})
    async with Running(consumer, Settler(lambda message: message.offset == 3), in_flight=8):
        await until(lambda: consumer.committed.get(PART) == 3)


async def test_no_more_are_in_hand_than_may_be() -> None:
    consumer, settle = FakeConsumer({PART: log_of(PART, 40)}), Settler()
    async with Running(consumer, settle, in_flight=4):
        await until(lambda: consumer.committed.get(PART) == 40)
    assert settle.busiest == 4


@pytest.mark.parametrize("places", [[0], [5], [39], [3, 4], [0, 1, 2, 3, 4, 5], [4, 9, 14]])
async def test_a_message_nobody_can_read_is_told_and_stepped_over(places: list[int]) -> None:
    log: list[Any] = log_of(PART, 40)
    for place in places:
        log[place] = BAD_NAME
    consumer, settle = FakeConsumer({PART: log}), Settler()
    async with Running(consumer, settle):
        await until(lambda: consumer.committed.get(PART) == 40)
    assert settle.unread == places
    assert sorted(offset for _, offset in settle.settled) == list(range(40))


async def test_an_unreadable_message_is_not_stepped_over_before_it_is_told() -> None:
    log: list[Any] = log_of(PART, 5)
    log[2] = BAD_NAME
    consumer, settle = FakeConsumer({PART: log}), Settler(lambda message: message.offset == 2)
    async with Running(consumer, settle) as running:
        await until(lambda: bool(running.waits.checks()))
        assert consumer.committed.get(PART) == 2
    assert consumer.positions[PART] == 2


async def test_a_damaged_log_stops_its_own_partition_only_and_is_told() -> None:
    log: list[Any] = log_of(PART, 5)
    log[2] = CorruptRecordException()
    consumer, settle = FakeConsumer({PART: log, OTHER: log_of(OTHER, 5)}), Settler()
    async with Running(consumer, settle) as running:
        await until(lambda: consumer.committed.get(OTHER) == 5)
        await until(lambda: "CorruptRecord" in running.waits.checks().get(f"{TOPIC}-0", ""))
        assert not running.tasks[PART].done()


async def test_marks_of_transactions_are_no_lag() -> None:
    log: list[Any] = [*log_of(PART, 3), None, None]
    consumer = FakeConsumer({PART: log})
    async with Running(consumer, Settler()) as running:
        await until(lambda: consumer.committed.get(PART) == 5)
        assert running.lanes[PART].lag(5) == 0


async def test_a_commit_that_fails_is_made_up_for() -> None:
    consumer = FakeConsumer({PART: log_of(PART, 3)})
    consumer.failing_commits = 2
    async with Running(consumer, Settler()):
        await until(lambda: consumer.committed.get(PART) == 3)


async def test_a_lane_whose_partition_is_taken_ends_quietly() -> None:
    consumer = FakeConsumer({PART: log_of(PART, 3)})
    async with Running(consumer, Settler()) as running:
        consumer.assigned = set()
        await until(running.tasks[PART].done)
        assert running.tasks[PART].exception() is None


async def test_a_stop_ends_a_lane_that_waits() -> None:
    consumer = FakeConsumer({PART: log_of(PART, 3)})
    running = Running(consumer, Settler(lambda message: message.offset == 1))
    await until(lambda: bool(running.waits.checks()))
    running.stop.set()
    await asyncio.wait_for(running.tasks[PART], 2)
    assert consumer.committed[PART] == 1
