"""Every code a problem may have, with its one status: clients decide on it, so a code is never renamed."""

from typing import Literal, TypeGuard, get_args

ProblemCode = Literal[
    "idempotencyKeyMissing",
    "idempotencyKeyInvalid",
    "cursorInvalid",
    "cursorExpired",
    "tokenMissing",
    "tokenInvalid",
    "ticketInvalid",
    "originRefused",
    "tooManyStreams",
    "insufficientScope",
    "onBehalfForbidden",
    "authorNeeded",
    "authorityNeeded",
    "notAsked",
    "notFound",
    "methodNotAllowed",
    "personExists",
    "projectExists",
    "mergeRefused",
    "illegalTransition",
    "closedWithoutWin",
    "notApproved",
    "managerMissing",
    "resolutionRefused",
    "approvalRefused",
    "archived",
    "alreadyDecided",
    "nobodyToAsk",
    "runNotFailed",
    "runEnded",
    "runWritten",
    "runOfTheSystem",
    "revisionStale",
    "preconditionRequired",
    "bodyTooLarge",
    "mediaTypeUnsupported",
    "importBegun",
    "fileRefused",
    "mappingRefused",
    "usageRefused",
    "invalidRequest",
    "idempotencyConflict",
    "nameRefused",
    "selfRecognition",
    "selfDelegation",
    "endBeforeStart",
    "periodRefused",
    "cardinality",
    "reasonNeeded",
    "constraintRefused",
    "letterLeftBehind",
    "referenceUnknown",
    "temporalRefused",
    "refused",
    "cancelled",
    "failed",
    "internal",
    "misconfigured",
    "temporalDenied",
    "temporalNamespaceUnknown",
    "temporalMisconfigured",
    "unavailable",
    "temporalUnavailable",
    "graphUnavailable",
    "ledgerClosed",
    "concurrentWrite",
    "knowledgeUnavailable",
    "providerUnavailable",
    "providerRefusal",
    "textRefused",
    "wrongDimension",
    "issuerUnavailable",
    "liveUnavailable",
    "brokerUnavailable",
]

_BY_STATUS: dict[int, tuple[ProblemCode, ...]] = {
    400: ("idempotencyKeyMissing", "idempotencyKeyInvalid", "cursorInvalid"),
    401: ("tokenMissing", "tokenInvalid", "ticketInvalid"),
    403: ("insufficientScope", "originRefused", "onBehalfForbidden", "authorNeeded", "authorityNeeded", "notAsked"),
    404: ("notFound",),
    405: ("methodNotAllowed",),
    409: (
        "personExists",
        "projectExists",
        "mergeRefused",
        "illegalTransition",
        "closedWithoutWin",
        "notApproved",
        "managerMissing",
        "resolutionRefused",
        "approvalRefused",
        "archived",
        "alreadyDecided",
        "nobodyToAsk",
        "runNotFailed",
        "runEnded",
        "runWritten",
        "runOfTheSystem",
        "importBegun",
    ),
    410: ("cursorExpired",),
    412: ("revisionStale",),
    413: ("bodyTooLarge",),
    415: ("mediaTypeUnsupported",),
    422: (
        "invalidRequest",
        "idempotencyConflict",
        "nameRefused",
        "selfRecognition",
        "selfDelegation",
        "endBeforeStart",
        "periodRefused",
        "cardinality",
        "reasonNeeded",
        "constraintRefused",
        "letterLeftBehind",
        "fileRefused",
        "mappingRefused",
        "usageRefused",
        "referenceUnknown",
        "temporalRefused",
        "refused",
        "cancelled",
        "failed",
    ),
    428: ("preconditionRequired",),
    429: ("tooManyStreams",),
    500: ("internal", "misconfigured", "temporalDenied", "temporalNamespaceUnknown", "temporalMisconfigured"),
    503: (
        "unavailable",
        "temporalUnavailable",
        "graphUnavailable",
        "ledgerClosed",
        "concurrentWrite",
        "knowledgeUnavailable",
        "providerUnavailable",
        "providerRefusal",
        "textRefused",
        "wrongDimension",
        "issuerUnavailable",
        "liveUnavailable",
        "brokerUnavailable",
    ),
}

STATUS: dict[ProblemCode, int] = {code: status for status, codes in _BY_STATUS.items() for code in codes}
"""Code → status of the problem."""

Codes = tuple[ProblemCode, ...]

# What a route may answer is put together from these; the names say what it does.
AUTHENTICATES: Codes = ("tokenMissing", "tokenInvalid", "insufficientScope", "issuerUnavailable", "internal")
READS_GRAPH: Codes = ("invalidRequest", "graphUnavailable")
ASKS_TEMPORAL: Codes = (
    "temporalUnavailable",
    "misconfigured",
    "temporalDenied",
    "temporalNamespaceUnknown",
    "temporalMisconfigured",
)
READS_ONE: Codes = (*AUTHENTICATES, *READS_GRAPH, "ledgerClosed", *ASKS_TEMPORAL, "temporalRefused", "notFound")
READS_PAGE: Codes = (*AUTHENTICATES, *READS_GRAPH, "cursorInvalid")
STREAMS: Codes = (*AUTHENTICATES, *READS_GRAPH, "cursorInvalid", "cursorExpired", "tooManyStreams", "liveUnavailable")
SEARCHES: Codes = (
    "knowledgeUnavailable",
    "providerUnavailable",
    "providerRefusal",
    "textRefused",
    "wrongDimension",
)
WRITES: Codes = (
    *AUTHENTICATES,
    *ASKS_TEMPORAL,
    "idempotencyKeyMissing",
    "idempotencyKeyInvalid",
    "idempotencyConflict",
    "bodyTooLarge",
    "mediaTypeUnsupported",
    "invalidRequest",
    "temporalRefused",
    "refused",
    "cancelled",
    "failed",
)
CHANGES: Codes = (*WRITES, "ledgerClosed", "notFound", "revisionStale", "preconditionRequired", "graphUnavailable")
CHANGES_AT_ONCE: Codes = tuple(code for code in CHANGES if code not in {"preconditionRequired", "revisionStale"})
"""Of a change that asks for no revision."""

NAMES_PEOPLE: Codes = ("nameRefused", "referenceUnknown", "onBehalfForbidden", "graphUnavailable")


def is_problem_code(code: str) -> TypeGuard[ProblemCode]:
    """Whether a code is one of the list: a run's failure, for instance, may carry any other."""
    return code in get_args(ProblemCode)
