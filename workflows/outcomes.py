"""What an error of Temporal means: the server is away, it refuses this one thing, or it refuses everything of ours.

Only the status decides, never the text: what can pass is tried again, what cannot is said at once.
"""

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.service import RPCError, RPCStatusCode

from runtime.errors import MisconfiguredError, RefusedError, TrmError, UnavailableError

CALL_ERRORS = (RPCError, RuntimeError, TimeoutError)
"""What a client raises; ``RuntimeError`` while the server was never there since this process began."""

_PASSING = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.UNKNOWN,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.DATA_LOSS,
    }
)
_THIS_ONE = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE})


class TemporalAwayError(UnavailableError):
    """The start was not accepted, or its outcome could not be learnt; the same start may be tried again."""

    code = "temporalUnavailable"


class TemporalRefusedError(RefusedError):
    """Temporal takes no run with this input, for instance because it is too large."""

    code = "temporalRefused"


class TemporalDeniedError(MisconfiguredError):
    """Temporal does not know us, or does not let us do this."""

    code = "temporalDenied"


class TemporalNamespaceError(MisconfiguredError):
    """The configured namespace does not exist."""

    code = "temporalNamespaceUnknown"


class TemporalMisconfiguredError(MisconfiguredError):
    """Temporal cannot do what we ask as it is set up: it lacks a search attribute, or is of another age."""

    code = "temporalMisconfigured"


def meaning_of(error: Exception) -> TrmError | None:
    """The error of ours that a client's error stands for; None when it is no answer of Temporal but a bug."""
    if not isinstance(error, RPCError):
        # A subclass such as RecursionError is a bug of ours, which no waiting mends.
        return TemporalAwayError(str(error)) if isinstance(error, TimeoutError) or type(error) is RuntimeError else None
    if error.status in _PASSING:
        return TemporalAwayError(str(error))
    if error.status in _THIS_ONE:
        return TemporalRefusedError(f"Temporal refuses it: {error}")
    if error.status in {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED}:
        return TemporalDeniedError(f"{error.status.name}: {error}")
    if error.status == RPCStatusCode.NOT_FOUND:
        return TemporalNamespaceError(str(error))
    return TemporalMisconfiguredError(f"{error.status.name}: {error}")


def is_unknown_run(error: Exception) -> bool:
    """Whether the server says that there is no such run, and not that there is no such namespace."""
    if not isinstance(error, RPCError) or error.status != RPCStatusCode.NOT_FOUND:
        return False
    return not any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)


def passing(error: Exception) -> bool:
    """Whether the outcome of the call is unknown: it may have been carried out, and may be later."""
    return isinstance(meaning_of(error), TemporalAwayError)
