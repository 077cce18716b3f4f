"""How the gateway accepts a write: a durable start, the same answer for a repetition, and the way back to it."""

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from api.problems import ProblemError
from api.schemas import FailureDTO, WriteReceiptDTO
from api.services import Services
from graph.errors import GraphUnavailableError
from graph.recognitions import written_request_hash
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Command, Origin
from ontology.enums import WriteStatus
from ontology.events import EventType
from ontology.references import Caller
from runtime.clock import now
from runtime.errors import UnavailableError
from runtime.hashing import request_hash
from workflows.starts import Accepted, Started, look_up, start, workflow_id_of

T = TypeVar("T", bound=OntologyModel)
Reader = Callable[[], Awaitable[T | None]]

_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_POLL_FIRST, _POLL_LAST = 0.02, 0.25
_ID_SPENT = "This Idempotency-Key was used with another body."


def idempotency_key(
    key: Annotated[str | None, Header(alias="Idempotency-Key", description="any 1 to 255 visible characters")] = None,
) -> str:
    """Dependency: the required ``Idempotency-Key``.

    Raises
    ------
    ProblemError
        400: it is missing or malformed.
    """
    if key is None:
        detail = (
            "Send an Idempotency-Key header with a value of your own, for instance a UUID, and the same value again "
            "when you repeat the request: it is then carried out once."
        )
        raise ProblemError(400, "idempotencyKeyMissing", detail, pointer="#header/Idempotency-Key")
    if not _KEY.match(key):
        detail = "An Idempotency-Key has 1 to 255 visible ASCII characters."
        raise ProblemError(400, "idempotencyKeyInvalid", detail, pointer="#header/Idempotency-Key")
    return key


def preferred_wait(
    prefer: Annotated[
        str | None, Header(alias="Prefer", description="wait=N: answer when written, or after N seconds")
    ] = None,
) -> float:
    """Dependency: seconds of ``Prefer: wait``; 0 without."""
    match = _WAIT.search(prefer or "")
    return float(match[1]) if match else 0.0


def known_revision(
    _tag: Annotated[
        str | None, Header(alias="If-None-Match", description="ETag of the revision you have; 304 if it is the newest")
    ] = None,
) -> None:
    """Dependency: declares the header; the answer of one thing reads it."""


KnownRevision = Depends(known_revision)
IdempotencyKey = Annotated[str, Depends(idempotency_key)]
PreferredWait = Annotated[float, Depends(preferred_wait)]


@dataclass(frozen=True)
class Route:
    """A creating route: its path, what it makes and the event that records it."""

    path: str
    kind: str
    event_type: EventType

    def entity_id(self, caller: Caller, key: str) -> UUID:
        """Id of what a request makes."""
        return ids.request_entity(caller.issuer, caller.subject, self.path, key)

    def event_id(self, entity_id: UUID) -> UUID:
        """Id of the event that records it."""
        return ids.step_event(f"{self.kind}/{entity_id}", "record")

    def origin(
        self, body: OntologyModel, entity_id: UUID, caller: Caller, source: str, occurred_at: datetime | None = None
    ) -> Origin:
        """Where the write comes from."""
        moment = now()
        return Origin(
            event_id=self.event_id(entity_id),
            event_type=self.event_type,
            source=source,
            occurred_at=occurred_at or moment,
            sent_at=moment,
            request_hash=request_hash(body),
            caller=caller,
        )


async def accept(services: Services, command: Command) -> Started:
    """Start a command's run; beside it, ask the graph for a write that Temporal no longer remembers.

    Raises
    ------
    ProblemError
        422: the key was used with another body.
    TemporalRefusedError
        422: Temporal takes no run with this content.
    MisconfiguredError
        500: it takes none of our runs; its operator has to mend it.
    TemporalAwayError
        503: the start was not accepted, or its outcome is unknown; the client may repeat the request.
    """
    tree = services.settings
    starting = start(
        services.temporal,
        command,
        tree.temporal.task_queue,
        timeout=tree.api.start_timeout,
        describe_timeout=tree.api.describe_timeout,
    )
    started, written = await asyncio.gather(starting, _written(services, command.id), return_exceptions=True)
    written_hash = written if isinstance(written, str) else None
    if written_hash and written_hash != command.origin.request_hash:
        raise ProblemError(422, "idempotencyConflict", _ID_SPENT, pointer="#header/Idempotency-Key")
    unclear = isinstance(started, UnavailableError) or (isinstance(started, Started) and started.outcome == "conflict")
    if written_hash and unclear:  # the graph has this very write: it outranks what Temporal does not remember
        return Started("completed", workflow_id_of(command), None)
    if isinstance(started, BaseException):
        raise started
    if started.outcome == "conflict":
        raise ProblemError(422, "idempotencyConflict", _ID_SPENT, pointer="#header/Idempotency-Key")
    return started


async def answer(
    request: Request,
    services: Services,
    command: Command,
    started: Started,
    location: str,
    wait: float,
    read: Reader[T],
) -> Response:
    """202 with the receipt, or, when the client waits and the graph has it in time, 201 with the entity."""
    headers = {"Location": location}
    deadline = time.monotonic() + min(wait, services.settings.api.wait_limit)
    pause = _POLL_FIRST
    while wait and time.monotonic() < deadline and not await request.is_disconnected():
        with contextlib.suppress(GraphUnavailableError):
            entity = await read()
            if entity is not None:
                headers |= {"Preference-Applied": f"wait={wait:.0f}", "ETag": etag(entity)}
                return JSONResponse(entity.model_dump(mode="json", exclude_none=True), 201, headers=headers)
        accepted = await _look(services, started.workflow_id)
        if accepted and accepted.failed:
            raise _refusal(accepted)
        await asyncio.sleep(min(pause, max(deadline - time.monotonic(), 0)))
        pause = min(pause * 2, _POLL_LAST)
    receipt = WriteReceiptDTO(
        id=command.id, write_status=WriteStatus.PENDING, workflow_id=started.workflow_id, run_id=started.run_id
    )
    return JSONResponse(receipt.model_dump(mode="json", exclude_none=True), 202, headers=headers)


async def read_or_receipt(
    request: Request, services: Services, caller: Caller, entity_id: UUID, workflow_id: str, read: Reader[T]
) -> Response:
    """An entity of the graph, or how far its accepted write is.

    Raises
    ------
    ProblemError
        404: neither graph nor Temporal know it, or the caller may not see it.
    """
    for _ in range(2):  # a run may end between the two looks
        entity = await read()
        if entity is not None:
            if _knows(request, etag(entity)):
                return Response(status_code=304, headers={"ETag": etag(entity)})
            return JSONResponse(entity.model_dump(mode="json", exclude_none=True), headers={"ETag": etag(entity)})
        accepted = await look_up(services.temporal, workflow_id, timeout=services.settings.api.describe_timeout)
        if accepted is None or hidden(accepted, caller):
            break
        if accepted.failed or accepted.running:
            return JSONResponse(receipt(entity_id, accepted).model_dump(mode="json", exclude_none=True))
    raise ProblemError(404, "notFound", "There is no such thing, or you may not see it.")


def etag(entity: OntologyModel) -> str:
    """Entity tag of a node's revision."""
    return f'"{getattr(entity, "rev", 0)}"'


def _knows(request: Request, tag: str) -> bool:
    """Weak comparison, RFC 9110 section 13.1.2; ``*`` matches whatever is there."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag in known or "*" in known


def receipt(entity_id: UUID, accepted: Accepted) -> WriteReceiptDTO:
    """How far an accepted write is that the graph does not have."""
    failure = None
    if accepted.failed:
        failure = FailureDTO(
            code=accepted.reason_code or "failed", detail=accepted.reason or "", pointer=accepted.pointer
        )
    status = WriteStatus.FAILED if accepted.failed else WriteStatus.PENDING
    return WriteReceiptDTO(
        id=entity_id,
        write_status=status,
        workflow_id=accepted.workflow_id,
        run_id=accepted.run_id,
        failure=failure,
    )


def _refusal(accepted: Accepted) -> ProblemError:
    code = accepted.reason_code or "failed"
    return ProblemError(
        409 if code == "personExists" else 422, code, accepted.reason or "It was refused.", pointer=accepted.pointer
    )


def hidden(accepted: Accepted, caller: Caller) -> bool:
    """Whether an accepted write is private and another's."""
    return accepted.private and accepted.caller != ids.identity(caller.issuer, caller.subject)


async def _look(services: Services, workflow_id: str) -> Accepted | None:
    with contextlib.suppress(UnavailableError):
        return await look_up(services.temporal, workflow_id, timeout=services.settings.api.describe_timeout)
    return None


async def _written(services: Services, entity_id: UUID) -> str | None:
    with contextlib.suppress(GraphUnavailableError, TimeoutError):
        async with asyncio.timeout(services.settings.api.duplicate_timeout):
            return await written_request_hash(services.graph, entity_id)
    return None
