"""What can go wrong with the graph, with stable codes."""

from dataclasses import dataclass
from uuid import UUID

from ontology.rules import Violation
from runtime.errors import RefusedError, UnavailableError


class GraphUnavailableError(UnavailableError):
    """Neo4j is away or too slow."""

    code = "graphUnavailable"


class LedgerClosedError(UnavailableError):
    """The graph is wiped, or is being rebuilt; it may be read and written again afterwards."""

    code = "ledgerClosed"


class ConcurrentWriteError(UnavailableError):
    """Another transaction wrote the same thing first; the next try will find it."""

    code = "concurrentWrite"


class ConstraintRefusedError(RefusedError):
    """A uniqueness constraint stands against the write itself, not against a race: trying again cannot help."""

    code = "constraintRefused"


class ReferenceUnknownError(UnavailableError):
    """A task, tension or project named by id is not there yet; it may still arrive."""

    code = "referenceUnknown"


class ReferenceRefusedError(RefusedError):
    """A thing named by id did not arrive in the time it was given."""

    code = "referenceUnknown"


class RuleBrokenError(RefusedError):
    """A rule of the ontology stands against a write; its code is the rule's."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.message, pointer=violation.pointer or None)
        self.code = violation.code


class ReasonNeededError(RefusedError):
    """A change that is to be explained comes without a reason."""

    code = "reasonNeeded"


class PersonExistsError(RefusedError):
    """Another person has the e-mail or handle."""

    code = "personExists"


class ProjectExistsError(RefusedError):
    """Another project has the name."""

    code = "projectExists"


class ApprovalRefusedError(RefusedError):
    """The approval of a project is asked for twice at once, or of one that is no proposal any more."""

    code = "approvalRefused"


class ProjectEndedError(RefusedError):
    """Something is to be done or changed in a project that has ended."""

    code = "projectEnded"


class ProjectOnHoldError(RefusedError):
    """Work is to begin in a project that is on hold."""

    code = "projectOnHold"


class ResolutionRefusedError(RefusedError):
    """A project cannot resolve a tension as both stand."""

    code = "resolutionRefused"


class ThingUnknownError(RefusedError):
    """What is to be changed is not there."""

    code = "notFound"


class RevisionStaleError(RefusedError):
    """It has been changed since it was read."""

    code = "revisionStale"


class AuthorNeededError(RefusedError):
    """Only its author, for some time, or a moderator may do this."""

    code = "authorNeeded"


class NotAskedError(RefusedError):
    """Somebody decides who was not asked, or what they proposed themselves."""

    code = "notAsked"


class DecidedError(RefusedError):
    """It was decided before, or its time is over."""

    code = "alreadyDecided"


class IdConflictError(RefusedError):
    """The id already holds other content."""

    code = "idempotencyConflict"


@dataclass(frozen=True)
class Candidate:
    """A person or project a bare name could mean."""

    id: UUID
    name: str
    email: str | None = None
    handle: str | None = None


class NameRefusedError(RefusedError):
    """A bare name fits nobody, or more than one.

    Attributes
    ----------
    candidates
        Whom it could mean; empty when nobody fits.
    """

    code = "nameRefused"

    def __init__(self, name: str, candidates: tuple[Candidate, ...], *, pointer: str | None = None) -> None:
        fits = f"fits {len(candidates)} people: say which by id, e-mail or handle" if candidates else "fits nobody"
        super().__init__(f"the name “{name}” {fits}", pointer=pointer)
        self.candidates = candidates
