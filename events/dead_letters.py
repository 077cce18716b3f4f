"""Dead letters: what could not be accepted, kept with its bytes, headers, position and reason until it is replayed.

The topic is not compacted: a letter and the mark that it was replayed are both history. Both carry the letter's id,
which is its position, so that a letter written twice by a bridge that crashed in between is one.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from events.errors import BrokerAwayError, LetterLeftBehindError
from events.log import header_text, read_at, read_topic
from events.names import connection
from ontology.commands import Position
from runtime.clock import now, rfc3339
from runtime.settings import EventSettings

log = logging.getLogger(__name__)

LARGEST_LETTER = 5 * 2**20
"""Bytes of the largest message and its headers as a letter."""

_PREFIX = "trm_"
_REPLAYED = "trm_replayed_at"
_NULL_KEY = "trm_key_null"
_NULL_VALUE = "trm_value_null"
_LEFT = "trm_left_behind"
_THEIRS = "trm_header_"


@dataclass(frozen=True)
class DeadLetter:
    """One refused message.

    Parameters
    ----------
    id
        Its position, ``topic-partition-offset``.
    code, reason
        Why it was refused.
    key, value, headers
        The message as it came.
    whole
        False when it was too large for the dead letters: they name it, and it stays where it was.
    run
        The run that refused it, ``workflow id/run id``; empty when it was refused before one began.
    """

    id: str
    code: str
    reason: str
    topic: str
    partition: int
    offset: int
    failed_at: datetime
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    whole: bool = True
    run: str = ""


def letter_of(record: ConsumerRecord, code: str, reason: str, run: str = "") -> DeadLetter:
    """The letter of a consumed record."""
    return DeadLetter(
        id=f"{record.topic}-{record.partition}-{record.offset}",
        code=code,
        reason=reason,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        failed_at=now(),
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        run=run,
    )


def headers_of(letter: DeadLetter) -> list[tuple[str, bytes | None]]:
    """Headers of the letter's own message: the original ones, and ours.

    An original one whose name looks like ours is kept under another: nobody marks letters but we.
    """
    ours = {
        "id": letter.id,
        "reason_code": letter.code,
        "reason": letter.reason[:2000],
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "failed_at": rfc3339(letter.failed_at),
        **({"run": letter.run} if letter.run else {}),
    }
    marks = [(_NULL_KEY, b"1")] if letter.key is None else []
    marks += [(_NULL_VALUE, b"1")] if letter.value is None else []
    marks += [] if letter.whole else [(_LEFT, b"1")]
    theirs = [(_THEIRS + name if name.startswith(_PREFIX) else name, value) for name, value in letter.headers]
    return [*theirs, *((_PREFIX + name, value.encode(errors="replace")) for name, value in ours.items()), *marks]


def read_letter(record: ConsumerRecord) -> DeadLetter:
    """The letter a message of the dead-letter topic carries."""
    ours = {name: value for name, value in record.headers if name.startswith(_PREFIX) and not name.startswith(_THEIRS)}
    texts = {name.removeprefix(_PREFIX): (value or b"").decode(errors="replace") for name, value in ours.items()}
    theirs = [(name, value) for name, value in record.headers if name not in ours]
    return DeadLetter(
        id=texts["id"],
        code=texts["reason_code"],
        reason=texts["reason"],
        topic=texts["topic"],
        partition=int(texts["partition"]),
        offset=int(texts["offset"]),
        failed_at=datetime.fromisoformat(texts["failed_at"]),
        key=None if _NULL_KEY in ours else record.key,
        value=None if _NULL_VALUE in ours else record.value,
        headers=tuple((name.removeprefix(_THEIRS), value) for name, value in theirs),
        whole=_LEFT not in ours,
        run=texts.get("run", ""),
    )


async def send_letter(producer: AIOKafkaProducer, settings: EventSettings, letter: DeadLetter) -> None:
    """Write a letter and wait for its acknowledgement; of a message that is too large, only where it stands.

    Raises
    ------
    BrokerAwayError
        Kafka did not acknowledge.
    """
    try:
        await _send(producer, settings, letter)
    except MessageSizeTooLargeError:
        await _send(producer, settings, replace(letter, key=None, value=None, headers=(), whole=False))


async def bury(settings: EventSettings, position: Position, code: str, reason: str, run: str) -> None:
    """Write the letter of a message that a run has refused, with its bytes as they still stand in its topic.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    record = await read_at(settings, position.topic, position.partition, position.offset)
    if record is not None:
        letter = letter_of(record, code, reason, run)
    else:  # the topic keeps it no longer: its sender has to send it
        gone = ConsumerRecord(position.topic, position.partition, position.offset, 0, 0, None, None, None, -1, -1, ())
        letter = replace(letter_of(gone, code, reason, run), whole=False)
    producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, max_request_size=LARGEST_LETTER)
    try:
        await producer.start()
        await send_letter(producer, settings, letter)
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"Kafka: {error!r}") from error
    finally:
        await producer.stop()


async def _send(producer: AIOKafkaProducer, settings: EventSettings, letter: DeadLetter) -> None:
    try:
        await producer.send_and_wait(
            settings.dead_letters_topic, _sendable(letter), key=letter.key, headers=headers_of(letter)
        )
    except MessageSizeTooLargeError as error:
        if letter.whole:
            raise
        raise BrokerAwayError("Kafka does not take the smallest of letters") from error
    except Exception as error:  # a letter that cannot be sent is never given up
        raise BrokerAwayError(f"Kafka: {error!r}") from error


def _sendable(letter: DeadLetter) -> bytes | None:
    """The library sends no message that has neither key nor value."""
    return b"" if letter.key is None and letter.value is None else letter.value


async def open_letters(settings: EventSettings) -> list[DeadLetter]:
    """Letters that were not replayed, oldest first."""
    return [letter for letter, replayed in await all_letters(settings) if replayed is None]


async def all_letters(settings: EventSettings) -> list[tuple[DeadLetter, datetime | None]]:
    """Every letter and when it was replayed, which is None of an open one; oldest first.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    letters: dict[str, DeadLetter] = {}
    replayed: dict[str, datetime] = {}
    async for record in read_topic(settings, settings.dead_letters_topic):
        if _REPLAYED in dict(record.headers):
            replayed.setdefault(header_text(record, "trm_id"), _moment_of(record))
            continue
        try:
            letter = read_letter(record)
        except (KeyError, ValueError) as error:  # no letter of ours, whoever put it there
            place = {"partition": record.partition, "offset": record.offset}
            log.warning("not a dead letter", extra={"cause": repr(error), **place})
            continue
        letters[letter.id] = letter  # its run may have been tried again, and refused for another reason
    found = [(letter, replayed.get(letter.id)) for letter in letters.values()]
    return sorted(found, key=lambda one: (one[0].failed_at, one[0].id))


def _moment_of(record: ConsumerRecord) -> datetime:
    """When a letter was replayed: as its mark says, or when that was sent."""
    try:
        return datetime.fromisoformat(header_text(record, _REPLAYED))
    except ValueError:
        return datetime.fromtimestamp(record.timestamp / 1000, UTC)


async def replay(settings: EventSettings, letters: Sequence[DeadLetter]) -> None:
    """Send letters to their topics again, as they came, and mark them replayed.

    Raises
    ------
    LetterLeftBehindError
        One was too large and is not here; none is sent.
    BrokerAwayError
        Kafka did not acknowledge; what was sent may be sent again, which the event's id makes harmless.
    """
    for letter in letters:
        if not letter.whole:
            raise LetterLeftBehindError(f"{letter.id} was too large for the dead letters; its sender has to send it")
    producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, max_request_size=4 * 2**20)
    try:
        await producer.start()
        for letter in letters:
            await producer.send_and_wait(letter.topic, _sendable(letter), key=letter.key, headers=list(letter.headers))
            mark = [("trm_id", letter.id.encode()), (_REPLAYED, rfc3339(now()).encode())]
            await producer.send_and_wait(settings.dead_letters_topic, b"", headers=mark)
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"Kafka: {error!r}") from error
    finally:
        await producer.stop()
