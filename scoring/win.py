"""What a project was worth: WIN = 0.4 Wisdom + 0.4 Intelligence + 0.2 Networking, each point with its evidence.

An additive value function with absolute anchors (multi-attribute value theory, Keeney and Raiffa 1976): a score does
not depend on other projects, and its points add up. What is not known counts half, and as far as it could move the
score the score has an interval.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from ontology.enums import Severity, WinPart
from ontology.wins import Evidence, Ground, Input, Judged, TensionFacts, Thanks, WinScore
from runtime.hashing import canonical_json

RUBRIC = "win/1"
"""Names the form of the score and its weights; another form is another rubric."""

_UNKNOWN = 0.5
_GIVERS, _CITED = 4, 3
"""So many givers, or snippets that are cited, make 63 % of what more of them could make."""


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


def judge(evidence: Evidence) -> Judged:
    """What a project was worth, with all that the score rests on."""
    facts = canonical_json(facts_of(evidence))
    return Judged(win_of(evidence), RUBRIC, facts.decode(), hashlib.sha256(facts).hexdigest())


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


def facts_of(evidence: Evidence) -> dict[str, Any]:
    """All that a score rests on, the rubric among it, as JSON has it."""
    known = in_order(evidence)

    def seconds(span: timedelta | None) -> float | None:
        return None if span is None else span.total_seconds()

    return {
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
