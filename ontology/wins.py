"""What a project was worth, and what that rests on, as scoring and graph hand it to each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ontology.enums import Severity, WinPart

WEIGHTS: dict[WinPart, float] = {
    WinPart.CONTEXT: 0.4 * 0.6,
    WinPart.ROOT_CAUSE: 0.4 * 0.4,
    WinPart.SOLUTION_QUALITY: 0.4 * 0.7,
    WinPart.EFFICIENCY: 0.4 * 0.3,
    WinPart.COLLABORATION: 0.2 * 0.5,
    WinPart.KNOWLEDGE_SHARING: 0.2 * 0.5,
}
"""Share of each input in the score; they add up to 1."""

WISDOM = (WinPart.CONTEXT, WinPart.ROOT_CAUSE)
INTELLIGENCE = (WinPart.SOLUTION_QUALITY, WinPart.EFFICIENCY)
NETWORKING = (WinPart.COLLABORATION, WinPart.KNOWLEDGE_SHARING)


@dataclass(frozen=True)
class TensionFacts:
    """A tension that the project resolves.

    Parameters
    ----------
    id
        Which.
    is_clear
        Whether it states facts, current and desired state and whom it affects.
    severity
        As it stood when the project started; None where nobody had said it.
    resolved
        Whether it is resolved or closed now.
    reopened
        Whether it was reopened within thirty days of its resolution; None as long as that may come.
    """

    id: UUID
    is_clear: bool
    severity: Severity | None
    resolved: bool
    reopened: bool | None = None


@dataclass(frozen=True)
class Thanks:
    """A recognition for the project or a task of it, by the ids of people as they turned out to be."""

    id: UUID
    giver: UUID
    receivers: tuple[UUID, ...]


@dataclass(frozen=True)
class Evidence:
    """All that a score rests on.

    Parameters
    ----------
    project
        Which project.
    tensions, thanks
        What it resolves, and the recognitions for it; in any order, each counted once.
    planned, actual
        How long it was to take, and took; None where that is not known.
    cited
        Snippets that it gave and that others cite.
    """

    project: UUID
    tensions: Sequence[TensionFacts] = ()
    thanks: Sequence[Thanks] = ()
    planned: timedelta | None = None
    actual: timedelta | None = None
    cited: Sequence[UUID] = ()


@dataclass(frozen=True)
class Ground:
    """A thing that an input rests on, and which share of the input."""

    id: UUID
    weight: float


@dataclass(frozen=True)
class Input:
    """One of the six inputs.

    Parameters
    ----------
    part
        Which.
    value, low, high
        0 to 1: what counts, and between what it may turn out to be.
    grounds
        What it rests on.
    unknown
        Ids of what is not known yet; of a duration the project's.
    """

    part: WinPart
    value: float
    low: float
    high: float
    grounds: tuple[Ground, ...] = ()
    unknown: tuple[UUID, ...] = ()

    @property
    def weight(self) -> float:
        """Its share in the score."""
        return WEIGHTS[self.part]

    @property
    def contribution(self) -> float:
        """The points of the score that come from it."""
        return 100 * self.weight * self.value


@dataclass(frozen=True)
class WinScore:
    """A score of 0 to 100 with what it is made of."""

    inputs: tuple[Input, ...]

    @property
    def score(self) -> float:
        """The sum of all contributions."""
        return min(100.0, math.fsum(one.contribution for one in self.inputs))

    @property
    def low(self) -> float:
        """What it is if all that is not known turns out badly."""
        return min(self.score, 100 * math.fsum(one.weight * one.low for one in self.inputs))

    @property
    def high(self) -> float:
        """What it is if all that is not known turns out well."""
        return min(100.0, max(self.score, 100 * math.fsum(one.weight * one.high for one in self.inputs)))

    @property
    def wisdom(self) -> float:
        """0 to 100: whether it saw the whole, and the root."""
        return self._of(WISDOM)

    @property
    def intelligence(self) -> float:
        """0 to 100: whether it resolved what it was there for, in the time it had."""
        return self._of(INTELLIGENCE)

    @property
    def networking(self) -> float:
        """0 to 100: whether others had something of it."""
        return self._of(NETWORKING)

    def _of(self, parts: Sequence[WinPart]) -> float:
        some = [one for one in self.inputs if one.part in parts]
        return min(
            100.0, 100 * math.fsum(one.weight * one.value for one in some) / math.fsum(one.weight for one in some)
        )


@dataclass(frozen=True)
class Judged:
    """A score with what it is of.

    Parameters
    ----------
    score
        The score.
    rubric
        Names the form of the score and its weights.
    facts, inputs_hash
        All that it rests on, JSON as text, and the SHA-256 of that: what is judged from the same is the same.
    """

    score: WinScore
    rubric: str
    facts: str
    inputs_hash: str
