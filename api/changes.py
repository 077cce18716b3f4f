"""How the gateway changes a thing: a durable start, and a short wait for what the transaction decides."""

import asyncio
import contextlib
import re
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import JsonValue

from api.preferences import Preferences
from api.problem_codes import STATUS, ProblemCode, is_problem_code
from api.problems import ProblemError
from api.reading import Reader, T
from api.representations import represent
from api.security import Principal
from api.services import Services
from api.writes import conflict, pending
from graph.errors import GraphUnavailableError
from graph.things import stands
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Command, Origin
from ontology.kinds import Kind
from ontology.lifecycles import ARCHIVED
from runtime.clock import now
from runtime.hashing import request_hash
from runtime.runs import RunRefusedError, Started

_TAG = re.compile(r'(?:^|,)[ \t]*"(\d{1,15})\.[0-9a-f]+"[ \t]*(?=,|$)')
_NONE = 0
"""A revision that nothing is ever at."""

_FOLLOWED_IN = 1.0
"""Seconds in which what follows from a change mostly happens: its text is found then, and its judgement asked for."""

_LOOK_EVERY = 0.2

_REFUSALS = frozenset({403, 404, 409, 412, 422})


def if_match(
    tags: Annotated[
        str | None, Header(alias="If-Match", description="ETag of the thing as you know it; `*`: change it as it is")
    ] = None,
) -> list[int]:
    """Dependency: the revisions that the thing may be at; empty for any (RFC 9110, section 13.1.1).

    A header without a tag of ours fits no revision: the transaction says so, once all else is right.

    Raises
    ------
    ProblemError
        428: the header is missing.
    """
    if tags is None:
        detail = "Send the ETag of the thing as you read it in If-Match, so that nobody's change is lost; `*` insists."
        raise ProblemError("preconditionRequired", detail, pointer="#header/If-Match")
    if tags.strip() == "*":
        return []
    return [int(rev) for rev in _TAG.findall(tags)] or [_NONE]


IfMatch = Annotated[list[int], Depends(if_match)]


def change_of(
    kind: Kind,
    thing: UUID,
    body: OntologyModel,
    values: dict[str, JsonValue],
    principal: Principal,
    key: str,
    revisions: list[int],
    source: str,
    what: str = "",
) -> Change:
    """The change that a request asks for; the same key asks for the same one.

    Parameters
    ----------
    kind, thing
        What is to be changed.
    body, values
        What was sent, and what it makes of the thing's properties.
    principal, key, revisions, source
        Who sent it, under which key, for which revisions, to whom.
    what
        Of the thing, where a path of its own says so.
    """
    withdraws = values.get("status") == ARCHIVED
    moved = kind.moves.get(str(values.get("status")))
    event_type = (kind.withdrawn if withdraws else moved) or kind.changed or kind.recorded
    origin = event_of(event_type, f"/v1/{kind.plural}/{thing}{what and f'/{what}'}", body, principal, key, source)
    return Change(
        id=thing,
        origin=origin,
        label=kind.label,
        revisions=revisions,
        values=values,
        authorities=sorted(principal.authorities),
    )


def event_of(event_type: str, path: str, body: OntologyModel, principal: Principal, key: str, source: str) -> Origin:
    """The event that a request to a path makes; the same key makes the same one."""
    caller, moment = principal.caller, now()
    return Origin(
        event_id=ids.request_entity(caller.issuer, caller.subject, path, key),
        event_type=event_type,
        source=source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=request_hash(body),
        caller=caller,
        reason=getattr(body, "reason", None),
    )


async def change(
    request: Request, services: Services, command: Command, location: str, preferred: Preferences, read: Reader[T]
) -> Response:
    """200 with the changed thing, or 202 when its run takes longer than the wait.

    Raises
    ------
    ProblemError
        403, 404, 409, 412, 422: what the transaction decided against it; 422: the key was used with another body.
    TemporalAwayError
        503: the start was not accepted, or its outcome is unknown; the client may repeat the request.
    """
    tree = services.settings
    started = await services.runs.start(command)
    if started.outcome == "conflict":
        raise conflict()
    limit = tree.api.wait_limit
    wait = tree.api.change_wait if preferred.wait is None else min(preferred.wait, limit)
    try:
        if await _stands(services, command, started, wait):
            thing = await read()
            if thing is None:  # it was written, and the caller may not see it any more
                return pending(command, started, location, preferred.applied(limit, accepted=True))
            return represent(request, thing, 200, preferred.applied(limit, accepted=False))
    except RunRefusedError as error:
        raise ProblemError(code_of(error), str(error), pointer=error.pointer) from error
    return pending(command, started, location, preferred.applied(limit, accepted=True))


async def _stands(services: Services, command: Command, started: Started, wait: float) -> bool:
    """Whether a change stands in time: its run ended, or, where what follows takes longer, the graph has its event.

    Raises
    ------
    RunRefusedError
        The run ended without a write.
    """
    ending = asyncio.create_task(services.runs.ended(started, timeout=wait))
    try:
        await asyncio.wait({ending}, timeout=_FOLLOWED_IN)
        while not ending.done():
            with contextlib.suppress(GraphUnavailableError):
                if await stands(services.graph, "Event", command.origin.event_id):
                    return True
            await asyncio.wait({ending}, timeout=_LOOK_EVERY)
        return ending.result()
    finally:
        ending.cancel()


def code_of(error: RunRefusedError) -> ProblemCode:
    """The run's own code where a route may answer it."""
    if is_problem_code(error.reason) and STATUS[error.reason] in _REFUSALS:
        return error.reason
    return "failed"
