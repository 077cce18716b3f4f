"""In whose name somebody may write: in their own, and with a scope of its own in another's."""

from api.problems import ProblemError
from api.security import Principal, insufficient
from api.services import Services
from graph.people_reads import find_person, person_behind
from ontology.references import PersonRef
from ontology.scopes import Scope


async def attributed(
    ref: PersonRef | None, principal: Principal, services: Services, *, pointer: str, refusal: str
) -> PersonRef | None:
    """Who said it; None when it is the caller, whom every write takes for the default.

    Parameters
    ----------
    ref
        Who is named; no bare name.
    pointer
        JSON pointer of the reference.
    refusal
        What the caller is told who may not name another.

    Raises
    ------
    ProblemError
        403: it is another, and the token lacks the scope.
    """
    if ref is None or await _is_caller(ref, principal, services):
        return None
    if not principal.may(Scope.RECOGNITION_ON_BEHALF):
        headers = insufficient(Scope.RECOGNITION_ON_BEHALF)
        raise ProblemError("onBehalfForbidden", refusal, pointer=pointer, headers=headers)
    return ref


async def _is_caller(ref: PersonRef, principal: Principal, services: Services) -> bool:
    """Whether a reference means the caller; the graph is asked only where that decides."""
    if ref.email and ref.email == principal.caller.email:
        return True
    if principal.may(Scope.RECOGNITION_ON_BEHALF):
        return False
    behind = await person_behind(services.graph, principal.caller)
    return behind is not None and behind == await find_person(services.graph, ref)
