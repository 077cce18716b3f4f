"""What the bridge waits for, partition by partition: what its readiness and its alert are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiokafka import TopicPartition
from prometheus_client import Gauge

from runtime.clock import now, rfc3339

WAITING = Gauge("trm_bridge_waiting_seconds", "How long a partition has waited for a server", ["topic", "partition"])

KAFKA = TopicPartition("kafka", 0)
"""Stands for every partition while there is no connection at all."""


@dataclass(frozen=True)
class Wait:
    """One message that waits.

    Parameters
    ----------
    code
        Code of the error that keeps it.
    since
        When it first met one; another error in the same wait does not begin it anew.
    """

    code: str
    since: datetime


class Waits:
    """Every message in hand that waits for a server."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._waits: dict[TopicPartition, dict[int, Wait]] = {}

    def begin(self, part: TopicPartition, offset: int, code: str) -> None:
        """A message met an error that can pass."""
        of_part = self._waits.setdefault(part, {})
        met = of_part.get(offset)
        of_part[offset] = Wait(code, met.since if met else self._clock())
        WAITING.labels(part.topic, part.partition).set_function(lambda: self.seconds(part))

    def end(self, part: TopicPartition, offset: int) -> None:
        """A message does not wait any more."""
        of_part = self._waits.get(part, {})
        of_part.pop(offset, None)
        if not of_part:
            self.drop(part)

    def drop(self, part: TopicPartition) -> None:
        """A partition is another's now, or nothing of it waits."""
        if self._waits.pop(part, None) is not None:
            WAITING.remove(part.topic, part.partition)

    def seconds(self, part: TopicPartition) -> float:
        """How long the message that waits longest has waited."""
        since = [wait.since for wait in self._waits.get(part, {}).values()]
        return (self._clock() - min(since)).total_seconds() if since else 0.0

    def checks(self) -> dict[str, str]:
        """Partition → what it waits for, since when and at which offset."""
        return {
            part.topic if part == KAFKA else f"{part.topic}-{part.partition}": _told(part, of_part)
            for part, of_part in self._waits.items()
        }


def _told(part: TopicPartition, of_part: dict[int, Wait]) -> str:
    offset, wait = min(of_part.items(), key=lambda item: (item[1].since, item[0]))
    place = "" if part == KAFKA else f" at offset {offset}"
    return f"{wait.code} since {rfc3339(wait.since)}{place}"
