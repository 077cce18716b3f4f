"""How a decision is taken, what follows from it, and what happens to it while nobody answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, JsonValue, StringConstraints

from ontology import ids
from ontology.base import Email, OntologyModel, Text
from ontology.commands import Change, Command, Origin, Record
from ontology.enums import DecidedAs, DecisionFollowed, DecisionKind, DecisionPolicy, DecisionStatus
from ontology.events import EventType
from ontology.kinds.decision import DECISION
from ontology.moments import read_moment
from ontology.questions import QUESTIONS, answered, has_consequence
from ontology.references import Caller
from ontology.views import NodeView
from ontology.wording import storable


class OperatorAnswer(OntologyModel):
    """An answer that an operator signals.

    Attributes
    ----------
    request_id
        Tells one answer from another: the same counts once.
    who
        Address of who decides.
    """

    request_id: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
    who: Annotated[Email, AfterValidator(storable)]
    why: Text | None = None
    answer: dict[str, JsonValue] = {}


OPERATORS = "urn:trm:operators"
"""Issuer of those who signal: Temporal knows them, not our issuer."""


def answer_of(
    asked: Record, said: OperatorAnswer, status: DecisionStatus, authorities: list[str], moment: datetime
) -> Change:
    """The change by which an operator decides what was asked, recorded as an operator's act.

    Raises
    ------
    AnswerUnfitError
        The answer of an approval is not what was asked for.
    """
    values: dict[str, JsonValue] = {"status": status, "decidedAs": DecidedAs.OPERATOR}
    if status == DecisionStatus.APPROVED:
        values["answer"] = answered(asked.content, json.dumps(said.answer)).model_dump_json()
    if said.why:
        values["reason"] = said.why
    origin = Origin(
        event_id=ids.step_event(f"{DECISION.name}/{asked.id}", f"signal/{said.request_id}"),
        event_type=EventType.DECISION_TAKEN,
        source=asked.origin.source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=asked.origin.request_hash,
        caller=Caller(issuer=OPERATORS, subject=said.who, email=said.who),
        reason=said.why,
    )
    return taking(asked.id, origin, values, authorities)


def taking(decision_id: UUID, origin: Origin, values: dict[str, JsonValue], authorities: list[str]) -> Change:
    """The change by which somebody decides."""
    return Change(
        id=decision_id,
        label=DECISION.label,
        origin=origin,
        values=values,
        joins=["decided_by"],
        authorities=authorities,
    )


@dataclass(frozen=True)
class Step:
    """What happens to a decision that nobody took by then."""

    at: datetime
    change: Change


def steps_of(decision: NodeView, source: str) -> list[Step]:
    """Reminder, escalations and the end, in their order; the same whenever they are made.

    Times count from the moment it was asked, however much later it was written; none is before the one it follows.

    Parameters
    ----------
    decision
        The decision as it was asked for, or as it stands.
    source
        Names us in the events.
    """
    return sorted(_steps(decision, source), key=lambda step: step.at)


def _steps(decision: NodeView, source: str) -> Iterator[Step]:
    held = decision.properties
    remind, escalate, deadline = (_moment(held, name) for name in ("remindAt", "escalateAt", "deadline"))
    if remind:
        yield _step(
            decision, source, remind, "remind", EventType.DECISION_REMINDED, {"reminded": True}, "nobody answered"
        )
    escalation: Any = held.get("escalation") or []
    asked: Any = held.get("authorities") or []
    for place in range(len(escalation) if escalate else 0):
        begun = _moment(held, "askedAt") or _moment(held, "createdAt")
        assert escalate is not None
        assert begun is not None
        values: dict[str, JsonValue] = {"authorities": list(dict.fromkeys([*asked, *escalation[: place + 1]]))}
        why = f"nobody answered: {escalation[place]} is asked too"
        at = escalate + max(escalate - begun, timedelta()) * place
        yield _step(decision, source, at, f"escalate/{place}", EventType.DECISION_ESCALATED, values, why)
    if deadline:
        ends = {
            DecisionPolicy.APPROVE: DecisionStatus.APPROVED,
            DecisionPolicy.REJECT: DecisionStatus.REJECTED,
        }.get(DecisionPolicy(str(held.get("policy") or DecisionPolicy.LEAVE_OPEN)), DecisionStatus.EXPIRED)
        decided: dict[str, JsonValue] = {"status": ends, "decidedAs": DecidedAs.POLICY}
        yield _step(
            decision, source, deadline, "deadline", EventType.DECISION_TAKEN, decided, "nobody answered in time"
        )


def consequence(decision: NodeView, event_id: UUID, moment: datetime, source: str) -> Command | None:
    """What follows from a decision that an event took, always the same; None where nothing does."""
    held = decision.properties
    kind = DecisionKind(str(held["kind"]))
    if not has_consequence(kind, held["status"]):
        return None
    origin = Origin(
        event_id=ids.step_event(f"{DECISION.name}/{decision.id}", "consequence"),
        event_type=EventType.DECISION_TAKEN,
        source=source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=str(held["requestHash"]),
        reason=f"decided: {held['question']}",
        cause=event_id,
    )
    question = QUESTIONS[kind]
    if held["status"] == DecisionStatus.APPROVED:
        return question.follows(decision, answered(held, str(held.get("answer") or "{}")), origin)
    assert question.refused is not None
    return question.refused(decision, origin)


def in_time(decision: NodeView, moment: datetime) -> datetime:
    """The moment at which what reaches a decision that is open still was said, at the latest.

    Temporal took it before the decision was closed, however long nobody was there to look at it.
    """
    deadline = _moment(decision.properties, "deadline")
    return min(moment, deadline) if deadline and decision.properties["status"] == DecisionStatus.PENDING else moment


def followed(decision: NodeView, moment: datetime, source: str, refusal: str | None) -> Change:
    """The change by which a decision records what became of its consequence; ``refusal`` says why nothing did."""
    values: dict[str, JsonValue] = {"followed": DecisionFollowed.REFUSED if refusal else DecisionFollowed.DONE}
    if refusal:
        values["followReason"] = refusal
    why = "what was decided could not be done" if refusal else "what was decided is done"
    return _step(decision, source, moment, "followed", EventType.DECISION_FOLLOWED, values, why).change


def _step(
    decision: NodeView,
    source: str,
    at: datetime,
    name: str,
    event_type: EventType,
    values: dict[str, JsonValue],
    reason: str,
) -> Step:
    origin = Origin(
        event_id=ids.step_event(f"{DECISION.name}/{decision.id}", name),
        event_type=event_type,
        source=source,
        occurred_at=at,
        sent_at=at,
        request_hash=str(decision.properties["requestHash"]),
        reason=reason,
    )
    return Step(at, Change(id=decision.id, label=DECISION.label, origin=origin, values=values))


def _moment(held: Mapping[str, JsonValue], name: str) -> datetime | None:
    return read_moment(str(held[name])) if held.get(name) else None
