"""``/v1/deadLetters``: other systems' events that could not be accepted, why, and another try."""

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from pydantic.alias_generators import to_camel

from api.problem_codes import AUTHENTICATES
from api.problems import ProblemError, responses
from api.queries import Moment
from api.schemas import AnswerDTO
from api.security import GuardedRoute, Principal, requires
from api.services import Services
from api.things import Reach
from api.writes import IdempotencyKey
from events.attributes import data_of, open_message
from events.dead_letters import DeadLetter, all_letters, replay
from events.errors import EventRefusedError
from events.framing import unframe
from graph.errors import GraphUnavailableError
from graph.people_reads import viewer_behind
from graph.runs import standing
from ontology import ids
from ontology.base import Timestamp
from ontology.enums import Visibility
from ontology.events import PUBLISHED_EVENTS, PayloadModel
from ontology.kinds import KINDS
from ontology.scopes import Scope

router = APIRouter(prefix="/v1/deadLetters", tags=["runs"], route_class=GuardedRoute)

Reading = Annotated[Principal, Depends(requires(Scope.READ_RUN))]
Operator = Annotated[Principal, Depends(requires(Scope.WRITE_RUN))]
LetterId = Annotated[str, Path(alias="letterId", max_length=400, description="its position: topic-partition-offset")]

_TOLD = re.compile(r"ce_[a-z]+|content-type|traceparent|tracestate")
"""Headers that are told; others may be anything, as a sender's token."""

_UNTOLD = "what it says may be private: `trm dead-letters show` has it, for who runs the servers"


class MessageDTO(AnswerDTO):
    """What a refused message says."""

    headers: dict[str, str]
    value: Any


@dataclass(frozen=True)
class _Said:
    """A message that everyone may see, and the thing that it is about."""

    message: MessageDTO
    thing: UUID
    label: str


class DeadLetterDTO(AnswerDTO):
    """A message that could not be accepted.

    Attributes
    ----------
    reason, message
        Absent where what it says may be private: it is not read, has a field that is not known, or says so.
    """

    id: str
    code: str
    reason: str | None = None
    topic: str
    partition: int
    offset: int
    failed_at: Timestamp
    run: str | None = Field(None, description="workflow id/run id of what refused it; absent where none began")
    whole: bool = Field(description="false when it was too large to be kept: its sender has to send it again")
    size: int = Field(description="bytes of its value")
    sha256: str = Field(description="of its value, hexadecimal")
    message: MessageDTO | None = None
    withheld: str | None = Field(None, description="why the message is not told")
    status: Literal["Open", "Replayed"]
    replayed_at: Timestamp | None = None


class DeadLetterPageDTO(AnswerDTO):
    """Dead letters, the newest first."""

    items: list[DeadLetterDTO]
    next_before: Timestamp | None = Field(
        None, description="send it as `before` for the older ones; absent at the last"
    )


@router.get(
    "",
    responses=responses(*AUTHENTICATES, "invalidRequest", "brokerUnavailable"),
    response_model_exclude_none=True,
    summary="List dead letters",
)
async def read_page(
    principal: Reading,
    services: Reach,
    status: Annotated[Literal["Open", "Replayed"] | None, Query(description="default: both")] = None,
    code: Annotated[str | None, Query(max_length=100)] = None,
    before: Annotated[Moment, Query(description="only those that failed before; a plus is written %2B")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> DeadLetterPageDTO:
    """Letters, the newest first, without what they say."""
    found = [
        (letter, replayed)
        for letter, replayed in reversed(await all_letters(services.settings.events))
        if (status is None or (status == "Open") == (replayed is None))
        and (code is None or letter.code == code)
        and (before is None or letter.failed_at < before)
    ]
    shown = await _shown(services, principal, found[:limit])
    items = [one.model_copy(update={"message": None, "withheld": None}) for one in shown]
    return DeadLetterPageDTO(items=items, next_before=items[-1].failed_at if len(found) > limit else None)


@router.get(
    "/{letterId}",
    responses=responses(*AUTHENTICATES, "invalidRequest", "brokerUnavailable", "notFound"),
    response_model_exclude_none=True,
    summary="Read a dead letter",
)
async def read_one(letter_id: LetterId, principal: Reading, services: Reach) -> DeadLetterDTO:
    """A letter, with what it says unless that may be private."""
    [shown] = await _shown(services, principal, [await _letter(services, letter_id)])
    return shown


@router.post(
    "/{letterId}/replay",
    responses=responses(
        *AUTHENTICATES,
        "idempotencyKeyMissing",
        "idempotencyKeyInvalid",
        "invalidRequest",
        "brokerUnavailable",
        "notFound",
        "letterLeftBehind",
    ),
    response_model_exclude_none=True,
    summary="Try a dead letter again",
)
async def try_again(letter_id: LetterId, principal: Operator, services: Reach, _key: IdempotencyKey) -> DeadLetterDTO:
    """Send it to its topic again, as it came, once its cause is mended; one that was replayed is not sent again."""
    letter, replayed = await _letter(services, letter_id)
    if replayed is None:
        await replay(services.settings.events, [letter])
        letter, replayed = await _letter(services, letter_id)
    [shown] = await _shown(services, principal, [(letter, replayed)])
    return shown


async def _letter(services: Services, letter_id: str) -> tuple[DeadLetter, datetime | None]:
    for letter, replayed in await all_letters(services.settings.events):
        if letter.id == letter_id:
            return letter, replayed
    raise ProblemError("notFound", "There is no such dead letter.")


async def _shown(
    services: Services, principal: Principal, letters: Sequence[tuple[DeadLetter, datetime | None]]
) -> list[DeadLetterDTO]:
    """Letters as they are given; what a message was about may stand since, and be private by now."""
    said = [_message(letter) for letter, _ in letters]
    about = {one.thing: one.label for one in said if one}
    hidden: set[UUID] | None = None
    with contextlib.suppress(GraphUnavailableError):
        viewer = await viewer_behind(services.graph, principal.caller)
        hidden = {thing for thing, seen in (await standing(services.graph, about, viewer)).items() if not seen}
    told = [one if one and hidden is not None and one.thing not in hidden else None for one in said]
    return [_dto(letter, replayed, one) for (letter, replayed), one in zip(letters, told, strict=True)]


def _dto(letter: DeadLetter, replayed: datetime | None, said: _Said | None) -> DeadLetterDTO:
    message = said.message if said else None
    value = letter.value or b""
    return DeadLetterDTO(
        id=letter.id,
        code=letter.code,
        reason=letter.reason if message else None,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        failed_at=letter.failed_at,
        run=letter.run or None,
        whole=letter.whole,
        size=len(value),
        sha256=hashlib.sha256(value).hexdigest(),
        message=message,
        withheld=None if message else _UNTOLD,
        status="Open" if replayed is None else "Replayed",
        replayed_at=replayed,
    )


def _message(letter: DeadLetter) -> _Said | None:
    """What a letter says; None where it is not certain that everyone may see it."""
    try:
        said = open_message(letter.headers, letter.value)
        value = said.structured[1] if said.structured else unframe(said.value or b"")[1]
        payload = data_of(value) if said.structured else value
    except EventRefusedError:
        return None
    declared = PUBLISHED_EVENTS.get(said.attributes.type)
    kind = next((kind for kind in KINDS.values() if kind.recorded == said.attributes.type), None)
    if declared is None or kind is None or not isinstance(payload, dict) or not _public(declared.payload, payload):
        return None
    told = [(name, content) for name, content in letter.headers if _TOLD.fullmatch(name)]
    headers = {name: (content or b"").decode(errors="backslashreplace") for name, content in told}
    message = MessageDTO(headers=headers, value=value)
    try:
        message.model_dump_json()
    except ValueError:  # nested so deep that no answer can hold it
        return None
    thing = ids.foreign_entity(kind.label, said.attributes.source, said.attributes.subject)
    return _Said(message, thing, kind.label)


def _public(model: PayloadModel, payload: dict[str, Any]) -> bool:
    """Whether everyone may see a payload: what has a field that we do not know may have meant to say otherwise."""
    known = {to_camel(name) for name in model.model_fields}
    return payload.keys() <= known and payload.get("visibility", Visibility.EVERYONE) == Visibility.EVERYONE
