"""What can go wrong with the graph, with stable codes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from runtime.errors import RefusedError, UnavailableError


class GraphUnavailableError(UnavailableError):
    """Neo4j is away or too slow."""

    code: ClassVar[str] = "graphUnavailable"


class LedgerClosedError(UnavailableError):
    """The graph is wiped, or is being rebuilt; it may be read and written again afterwards."""

    code: ClassVar[str] = "ledgerClosed"


class ConcurrentWriteError(UnavailableError):
    """Another transaction wrote the same thing first; the next try will find it."""

    code: ClassVar[str] = "concurrentWrite"


class ConstraintRefusedError(RefusedError):
    """A uniqueness constraint stands against the write itself, not against a race: trying again cannot help."""

    code: ClassVar[str] = "constraintRefused"


class ReferenceUnknownError(UnavailableError):
    """A task, tension or project named by id is not there yet; it may still arrive."""

    code: ClassVar[str] = "referenceUnknown"


class ReferenceRefusedError(RefusedError):
    """A thing named by id did not arrive in the time it was given."""

    code: ClassVar[str] = "referenceUnknown"


class SelfRecognitionError(RefusedError):
    """Giver and receiver are one person."""

    code: ClassVar[str] = "selfRecognition"


class PersonExistsError(RefusedError):
    """Another person has the e-mail or handle."""

    code: ClassVar[str] = "personExists"


class ThingUnknownError(RefusedError):
    """What is to be changed is not there."""

    code: ClassVar[str] = "notFound"


class RevisionStaleError(RefusedError):
    """It has been changed since it was read."""

    code: ClassVar[str] = "revisionStale"


class IdConflictError(RefusedError):
    """The id already holds other content."""

    code: ClassVar[str] = "idempotencyConflict"


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

    code: ClassVar[str] = "nameRefused"

    def __init__(self, name: str, candidates: tuple[Candidate, ...], *, pointer: str | None = None) -> None:
        fits = f"fits {len(candidates)} people: say which by id, e-mail or handle" if candidates else "fits nobody"
        super().__init__(f"the name “{name}” {fits}", pointer=pointer)
        self.candidates = candidates
