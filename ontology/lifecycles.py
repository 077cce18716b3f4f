"""The lifecycles: which state may follow which, the same for API, workflow and audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ontology.enums import (
    CommentStatus,
    DecisionStatus,
    DelegationStatus,
    ProjectStatus,
    RecognitionStatus,
    SnippetStatus,
    TaskStatus,
    TensionStatus,
    WinStatus,
)


@dataclass(frozen=True)
class Lifecycle:
    """A state machine over one enumeration.

    Parameters
    ----------
    label
        Node label whose ``status`` it governs.
    initial
        State of a new node.
    transitions
        State → states that may follow it.
    """

    label: str
    initial: StrEnum
    transitions: Mapping[StrEnum, frozenset[StrEnum]]

    def allowed(self, current: StrEnum) -> frozenset[StrEnum]:
        """States that may follow ``current``; empty for an end state."""
        return self.transitions.get(current, frozenset())


ARCHIVED = "Archived"
"""The state of what was withdrawn or put away, whatever its kind: out of lists and search."""


def _paths(*pairs: tuple[StrEnum, set[StrEnum]]) -> Mapping[StrEnum, frozenset[StrEnum]]:
    return {current: frozenset(following) for current, following in pairs}


_R, _S, _T, _P, _K, _W, _D = (
    RecognitionStatus,
    SnippetStatus,
    TensionStatus,
    ProjectStatus,
    TaskStatus,
    WinStatus,
    DecisionStatus,
)

LIFECYCLES: Mapping[str, Lifecycle] = {
    lifecycle.label: lifecycle
    for lifecycle in (
        Lifecycle(
            "Recognition",
            _R.GRANTED,
            _paths((_R.PROPOSED, {_R.GRANTED, _R.ARCHIVED}), (_R.GRANTED, {_R.ARCHIVED})),
        ),
        Lifecycle("KnowledgeSnippet", _S.RECORDED, _paths((_S.RECORDED, {_S.ARCHIVED}))),
        Lifecycle(
            "Comment",
            CommentStatus.RECORDED,
            _paths((CommentStatus.RECORDED, {CommentStatus.ARCHIVED})),
        ),
        Lifecycle(
            "Tension",
            _T.OPEN,
            _paths(
                (_T.OPEN, {_T.UNDER_REVIEW, _T.REJECTED, _T.ARCHIVED}),
                (_T.REJECTED, {_T.ARCHIVED}),
                (_T.UNDER_REVIEW, {_T.ACCEPTED, _T.REJECTED}),
                (_T.ACCEPTED, {_T.IN_PROGRESS, _T.RESOLVED, _T.REJECTED}),
                (_T.IN_PROGRESS, {_T.ON_HOLD, _T.RESOLVED, _T.ACCEPTED}),
                (_T.ON_HOLD, {_T.IN_PROGRESS}),
                (_T.RESOLVED, {_T.CLOSED, _T.IN_PROGRESS, _T.ARCHIVED}),
                (_T.CLOSED, {_T.ARCHIVED, _T.IN_PROGRESS}),
            ),
        ),
        Lifecycle(
            "Project",
            _P.PROPOSAL,
            _paths(
                (_P.PROPOSAL, {_P.PLANNING, _P.CANCELLED}),
                (_P.PLANNING, {_P.ACTIVE, _P.CANCELLED}),
                (_P.ACTIVE, {_P.ON_HOLD, _P.COMPLETED, _P.CANCELLED, _P.FAILED}),
                (_P.ON_HOLD, {_P.ACTIVE, _P.CANCELLED, _P.FAILED}),
                (_P.COMPLETED, {_P.ARCHIVED}),
                (_P.CANCELLED, {_P.ARCHIVED}),
                (_P.FAILED, {_P.ARCHIVED}),
            ),
        ),
        Lifecycle(
            "Task",
            _K.OPEN,
            _paths(
                (_K.OPEN, {_K.IN_PROGRESS, _K.CANCELLED}),
                (_K.IN_PROGRESS, {_K.ON_HOLD, _K.DONE, _K.CANCELLED}),
                (_K.ON_HOLD, {_K.IN_PROGRESS, _K.CANCELLED}),
                (_K.DONE, {_K.IN_PROGRESS}),
            ),
        ),
        Lifecycle(
            "WIN",
            _W.DRAFT,
            _paths(
                (_W.DRAFT, {_W.UNDER_REVIEW}),
                (_W.UNDER_REVIEW, {_W.PUBLISHED, _W.REJECTED, _W.DRAFT}),
                (_W.PUBLISHED, {_W.UNDER_REVIEW, _W.ARCHIVED}),
                (_W.REJECTED, {_W.DRAFT, _W.ARCHIVED}),
            ),
        ),
        Lifecycle(
            "Delegation",
            DelegationStatus.GIVEN,
            _paths((DelegationStatus.GIVEN, {DelegationStatus.ARCHIVED})),
        ),
        Lifecycle("Decision", _D.PENDING, _paths((_D.PENDING, {_D.APPROVED, _D.REJECTED, _D.EXPIRED}))),
    )
}
"""Lifecycle per node label."""

PROJECT_ENDED = (_P.COMPLETED, _P.CANCELLED, _P.FAILED, _P.ARCHIVED)
"""States of a project in which nothing of it is to be done any more."""

TENSION_RESOLVED = (_T.RESOLVED, _T.CLOSED)
"""States of a tension in which what is resolved stands."""

TASK_RUNNING = (_K.OPEN, _K.IN_PROGRESS, _K.ON_HOLD)
"""States of a task in which something is to be done yet."""
