"""What a project was worth: WIN = 0.4 Wisdom + 0.4 Intelligence + 0.2 Networking, each point with its evidence.

An additive value function with absolute anchors (multi-attribute value theory, Keeney and Raiffa 1976): a score does
not depend on other projects, and its points add up. What is not known counts half, and as far as it could move the
score the score has an interval.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from ontology.enums import Severity, WinPart
from runtime.hashing import canonical_json

RUBRIC = "win/1"
"""Names the form of the score and its weights; another form is another rubric."""

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

_UNKNOWN = 0.5
_GIVERS, _CITED = 4, 3
"""So many givers, or snippets that are cited, make 63 % of what more of them could make."""


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


def win_of(evidence: Evidence) -> WinScore:
    """What a project was worth, from evidence alone: the same evidence in any order is the same score."""
    known = in_order(evidence)
    return WinScore(
        (
            _context(known.tensions),
            _root_cause([one for one in known.tensions if one.resolved or one.reopened]),
            _solution_quality(known.tensions),
            _efficiency(known),
            _collaboration(known.thanks),
            Input(WinPart.KNOWLEDGE_SHARING, *_saturated(len(known.cited), _CITED), _evenly(known.cited)),
        )
    )


def in_order(evidence: Evidence) -> Evidence:
    """The same evidence, each thing once and in the order of their ids."""
    return replace(
        evidence,
        tensions=sorted({one.id: one for one in evidence.tensions}.values(), key=lambda one: one.id),
        thanks=sorted({one.id: one for one in evidence.thanks}.values(), key=lambda one: one.id),
        cited=sorted(set(evidence.cited)),
    )


def _context(tensions: Sequence[TensionFacts]) -> Input:
    return _share(WinPart.CONTEXT, [(one.id, 1.0 if one.is_clear else 0.0) for one in tensions])


def _root_cause(resolved: Sequence[TensionFacts]) -> Input:
    held = [(one.id, None if one.reopened is None else float(not one.reopened)) for one in resolved]
    return _share(WinPart.ROOT_CAUSE, held)


def _share(part: WinPart, counted: Sequence[tuple[UUID, float | None]]) -> Input:
    """The mean of what each of some things counts; of none nothing is known."""
    if not counted:
        return Input(part, _UNKNOWN, 0.0, 1.0)
    number = len(counted)
    known = math.fsum(value for _, value in counted if value is not None)
    unknown = tuple(one for one, value in counted if value is None)
    return Input(
        part,
        (known + _UNKNOWN * len(unknown)) / number,
        known / number,
        (known + len(unknown)) / number,
        _evenly([one for one, _ in counted]),
        unknown,
    )


def _solution_quality(tensions: Sequence[TensionFacts]) -> Input:
    """The share resolved, each tension by 1, 2, 4 or 8; one of unknown severity by any of these, as it may turn out."""
    if not tensions:
        return Input(WinPart.SOLUTION_QUALITY, _UNKNOWN, 0.0, 1.0)
    lightest, heaviest = _weight(min(Severity)), _weight(max(Severity))
    middle = math.sqrt(lightest * heaviest)

    def resolved(others: float, own: float) -> float:
        """The share, where an unresolved one of unknown severity weighs ``others``, and a resolved one ``own``."""
        weights = [_weight(one.severity) or (own if one.resolved else others) for one in tensions]
        done = math.fsum(weight for one, weight in zip(tensions, weights, strict=True) if one.resolved)
        return done / math.fsum(weights)

    weights = [_weight(one.severity) or middle for one in tensions]
    whole = math.fsum(weights)
    return Input(
        WinPart.SOLUTION_QUALITY,
        resolved(middle, middle),
        resolved(heaviest, lightest),
        resolved(lightest, heaviest),
        tuple(Ground(one.id, weight / whole) for one, weight in zip(tensions, weights, strict=True)),
        tuple(one.id for one in tensions if one.severity is None),
    )


def _weight(severity: Severity | None) -> float:
    return 2.0 ** (severity - 1) if severity else 0.0


def _efficiency(evidence: Evidence) -> Input:
    planned, actual = evidence.planned, evidence.actual
    grounds = (Ground(evidence.project, 1.0),)
    if planned is None or actual is None:
        return Input(WinPart.EFFICIENCY, _UNKNOWN, 0.0, 1.0, grounds, (evidence.project,))
    value = 1.0 if actual <= planned else max(0.0, planned / actual)
    return Input(WinPart.EFFICIENCY, value, value, value, grounds)


def _collaboration(thanks: Sequence[Thanks]) -> Input:
    """Who gave recognition to others; how often, and to how many, changes nothing."""
    real = [one for one in thanks if set(one.receivers) - {one.giver}]
    givers = {one.giver for one in real}
    grounds = tuple(Ground(one.id, 1 / len(givers) / sum(other.giver == one.giver for other in real)) for one in real)
    return Input(WinPart.COLLABORATION, *_saturated(len(givers), _GIVERS), grounds)


def _saturated(number: int, scale: int) -> tuple[float, float, float]:
    value = 1 - math.exp(-number / scale)
    return value, value, value


def _evenly(ids: Iterable[UUID]) -> tuple[Ground, ...]:
    some = list(ids)
    return tuple(Ground(one, 1 / len(some)) for one in some)


def inputs_hash(evidence: Evidence) -> str:
    """SHA-256 of all that a score rests on, the rubric among it."""
    known = in_order(evidence)

    def seconds(span: timedelta | None) -> float | None:
        return None if span is None else span.total_seconds()

    said = {
        "rubric": RUBRIC,
        "project": str(known.project),
        "tensions": [
            [str(one.id), one.is_clear, one.severity and int(one.severity), one.resolved, one.reopened]
            for one in known.tensions
        ],
        "thanks": [[str(one.id), str(one.giver), sorted(map(str, one.receivers))] for one in known.thanks],
        "planned": seconds(known.planned),
        "actual": seconds(known.actual),
        "cited": [str(one) for one in known.cited],
    }
    return hashlib.sha256(canonical_json(said)).hexdigest()
