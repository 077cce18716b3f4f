"""How the gateway accepts a write: a durable start, the same answer for a repetition, and the way back to it."""

import asyncio
import contextlib
import re
import time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from api.preferences import Preferences
from api.problem_codes import STATUS, is_problem_code
from api.problems import ProblemError
from api.reading import Reader, T
from api.representations import represent
from api.schemas import FailureDTO, WriteReceiptDTO
from api.services import Services
from graph.errors import GraphUnavailableError, LedgerClosedError
from graph.fence import CLOSED, ledger_state
from graph.things import stands, written_request_hash
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Command, Origin
from ontology.enums import WriteStatus
from ontology.kinds import Kind, kind_recorded_by
from ontology.kinds.agents import label_guarding, run_id_of
from ontology.references import Caller
from runtime.clock import now
from runtime.errors import TrmError, UnavailableError
from runtime.hashing import request_hash
from runtime.runs import Accepted, Started

_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
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
        raise ProblemError("idempotencyKeyMissing", detail, pointer="#header/Idempotency-Key")
    if not _KEY.match(key):
        detail = "An Idempotency-Key has 1 to 255 visible ASCII characters."
        raise ProblemError("idempotencyKeyInvalid", detail, pointer="#header/Idempotency-Key")
    return key


IdempotencyKey = Annotated[str, Depends(idempotency_key)]


def entity_id_of(caller: Caller, path: str, key: str) -> UUID:
    """Id of what a request to a path makes; the same key makes the same."""
    return ids.request_entity(caller.issuer, caller.subject, path, key)


def origin_of(kind: Kind, body: OntologyModel, entity_id: UUID, caller: Caller, source: str) -> Origin:
    """Where a write comes from that records a thing."""
    moment = now()
    return Origin(
        event_id=kind.record_event(entity_id),
        event_type=kind.recorded,
        source=source,
        occurred_at=getattr(body, "occurred_at", None) or moment,
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
    started, written = await asyncio.gather(
        services.runs.start(command), _written(services, command), return_exceptions=True
    )
    written_hash = written if isinstance(written, str) else None
    if written_hash and written_hash != command.origin.request_hash:
        raise conflict()
    unclear = isinstance(started, UnavailableError) or (isinstance(started, Started) and started.outcome == "conflict")
    if written_hash and unclear:  # the graph has this very write: it outranks what Temporal does not remember
        return Started("completed", run_id_of(command), None)
    if isinstance(started, BaseException):
        raise started
    if started.outcome == "conflict":
        raise conflict()
    return started


async def accepted_before(services: Services, command: Command) -> Started | None:
    """What became of this very request before; None when it is new."""
    if started := await services.runs.started_before(command):
        return started
    if await _written(services, command) == command.origin.request_hash:
        return Started("completed", run_id_of(command), None)
    return None


async def answer(
    request: Request,
    services: Services,
    command: Command,
    started: Started,
    location: str,
    preferred: Preferences,
    read: Reader[T],
) -> Response:
    """202 with the receipt, or, when the client waits and the graph has it in time, 201 with the entity."""
    limit = services.settings.api.wait_limit
    deadline = time.monotonic() + min(preferred.wait or 0, limit)
    pause = _POLL_FIRST
    while time.monotonic() < deadline and not await request.is_disconnected():
        with contextlib.suppress(GraphUnavailableError):
            entity = await read()
            if entity is not None:
                applied = preferred.applied(limit, accepted=False)
                return represent(request, entity, 201, {"Location": location, **applied})
        accepted = await _look(services, started.workflow_id)
        if accepted and accepted.failed:
            raise _refusal(accepted)
        await asyncio.sleep(min(pause, max(deadline - time.monotonic(), 0)))
        pause = min(pause * 2, _POLL_LAST)
    return pending(command, started, location, preferred.applied(limit, accepted=True))


def pending(command: Command, started: Started, location: str, headers: dict[str, str]) -> Response:
    """202: how far the write is, and where to read it."""
    receipt = WriteReceiptDTO(
        id=command.id, write_status=WriteStatus.PENDING, workflow_id=started.workflow_id, run_id=started.run_id
    )
    said = receipt.model_dump(mode="json", exclude_none=True)
    return JSONResponse(said, 202, headers={"Location": location, **headers})


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
            return represent(request, entity)
        accepted = await services.runs.look_up(workflow_id)
        if accepted is None or hidden(accepted, caller):
            break
        if (accepted.failed or accepted.running) and not await written(services, entity_id, accepted):
            return represent(request, receipt(entity_id, accepted))
    raise await not_there(services)


async def written(services: Services, entity_id: UUID, accepted: Accepted) -> bool:
    """Whether a run's thing stands: the run may go on, but there is nothing to wait for by who may not see it."""
    label = label_guarding(accepted.workflow_id)
    return label is not None and await stands(services.graph, label, entity_id)


async def not_there(services: Services) -> TrmError:
    """404, unless the graph has lost what it had: then it will be there again when it is rebuilt."""
    state = await ledger_state(services.graph)
    return not_found() if state and state.open else LedgerClosedError(CLOSED)


def conflict() -> ProblemError:
    """422: one key stands for one request."""
    return ProblemError("idempotencyConflict", _ID_SPENT, pointer="#header/Idempotency-Key")


def not_found() -> ProblemError:
    """404; it does not tell what is not there from what is another's."""
    return ProblemError("notFound", "There is no such thing, or you may not see it.")


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
    code = accepted.reason_code or ""
    known = code if is_problem_code(code) and STATUS[code] in {409, 422} else "failed"
    return ProblemError(known, accepted.reason or "It was refused.", pointer=accepted.pointer)


def hidden(accepted: Accepted, caller: Caller) -> bool:
    """Whether an accepted write is private and another's."""
    return accepted.private and accepted.caller != ids.identity(caller.issuer, caller.subject)


async def _look(services: Services, workflow_id: str) -> Accepted | None:
    with contextlib.suppress(UnavailableError):
        return await services.runs.look_up(workflow_id)
    return None


async def _written(services: Services, command: Command) -> str | None:
    with contextlib.suppress(GraphUnavailableError, TimeoutError):
        async with asyncio.timeout(services.settings.api.duplicate_timeout):
            kind = kind_recorded_by(command)
            return await written_request_hash(services.graph, kind.label, command.id) if kind else None
    return None
