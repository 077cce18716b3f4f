"""How a decision is asked for over HTTP: on the terms of its kind, and once under a key."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from api.approvals import RESOURCE
from api.preferences import Preferences
from api.problems import ProblemError
from api.security import Principal
from api.services import Services
from api.things import record
from api.writes import accepted_before, answer, entity_id_of, origin_of
from ontology.base import OntologyModel
from ontology.commands import Record
from ontology.kinds.decision import DECISION, DecisionAsked
from runtime.errors import RefusedError


async def propose(
    path: str,
    body: OntologyModel,
    asked: Callable[[], Awaitable[DecisionAsked]],
    request: Request,
    principal: Principal,
    services: Services,
    key: str,
    preferred: Preferences,
) -> Response:
    """Ask for a decision that a request to a path proposes.

    What was asked for under the same key is answered as it was, whatever stands against asking for it now, as long as
    the caller may see what it is about.

    Raises
    ------
    ProblemError, RefusedError
        Something does, and it was not asked for before.
    """
    try:
        said = await asked()
    except (ProblemError, RefusedError) as error:
        if (
            isinstance(error, ProblemError) and error.problem_code == "notFound"
        ):  # who lost sight of the subject learns no more of what they proposed
            raise
        decision = entity_id_of(principal.caller, path, key)
        origin = origin_of(DECISION, body, decision, principal.caller, services.settings.events.source)
        command = Record(id=decision, origin=origin, label=DECISION.label, content={})
        started = await accepted_before(services, command)
        if started is None:
            raise
        read = RESOURCE.reader(services, principal, decision)
        return await answer(request, services, command, started, f"{RESOURCE.path}/{decision}", preferred, read)
    return await record(RESOURCE, path, body, said, request, principal, services, key, preferred)
