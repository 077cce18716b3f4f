"""How the gateway changes a thing: a durable start, and a short wait for what the transaction decides."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from api.preferences import Preferences
from api.problem_codes import STATUS, ProblemCode, is_problem_code
from api.problems import ProblemError
from api.reading import Reader, T
from api.representations import represent
from api.security import Principal
from api.services import Services
from api.writes import begin, conflict, not_found, pending
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Origin
from ontology.events import EventType
from runtime.clock import now
from runtime.hashing import request_hash
from workflows.starts import RunRefusedError, ended

_TAG = re.compile(r'(?:^|,)[ \t]*"(\d{1,15})\.[0-9a-f]+"[ \t]*(?=,|$)')
_NONE = 0
"""A revision that nothing is ever at."""

_REFUSALS = frozenset({404, 409, 412, 422})


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


@dataclass(frozen=True)
class Changing:
    """A changing route: the kind of its things and the event that records a change."""

    path: str
    label: str
    event_type: EventType

    def command(
        self, body: OntologyModel, thing: Any, principal: Principal, key: str, revisions: list[int], source: str
    ) -> Change:
        """The change that a request asks for; the same key asks for the same one."""
        caller, moment = principal.caller, now()
        origin = Origin(
            event_id=ids.request_entity(caller.issuer, caller.subject, f"{self.path}/{thing}", key),
            event_type=self.event_type,
            source=source,
            occurred_at=moment,
            sent_at=moment,
            request_hash=request_hash(body),
            caller=caller,
        )
        values = body.model_dump(mode="json", exclude_unset=True)
        return Change(id=thing, origin=origin, label=self.label, revisions=revisions, values=values)


async def change(
    request: Request, services: Services, command: Change, location: str, preferred: Preferences, read: Reader[T]
) -> Response:
    """200 with the changed thing, or 202 when its run takes longer than the wait.

    Raises
    ------
    ProblemError
        404, 409, 412, 422: what the transaction decided against it; 422: the key was used with another body.
    TemporalAwayError
        503: the start was not accepted, or its outcome is unknown; the client may repeat the request.
    """
    tree = services.settings
    started = await begin(services, command)
    if started.outcome == "conflict":
        raise conflict()
    limit = tree.api.wait_limit
    wait = tree.api.change_wait if preferred.wait is None else min(preferred.wait, limit)
    try:
        if await ended(services.temporal, started, timeout=wait):
            thing = await read()
            if thing is None:
                raise not_found()
            return represent(request, thing, 200, preferred.applied(limit, accepted=False))
    except RunRefusedError as error:
        raise ProblemError(_code_of(error), str(error), pointer=error.pointer) from error
    return pending(command, started, location, preferred.applied(limit, accepted=True))


def _code_of(error: RunRefusedError) -> ProblemCode:
    """The run's own code where a route may answer it."""
    if is_problem_code(error.reason) and STATUS[error.reason] in _REFUSALS:
        return error.reason
    return "failed"
