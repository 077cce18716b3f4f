"""What each kind of decision asks for, what follows from its answer, and what happens while nobody answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import JsonValue, StringConstraints, ValidationError

from ontology import ids
from ontology.base import Email, OntologyModel, Text
from ontology.commands import Change, Command, MergePeople, Origin
from ontology.enums import DecidedAs, DecisionKind, DecisionPolicy, DecisionStatus, Severity
from ontology.events import EventType
from ontology.kinds.decision import DECISION
from ontology.kinds.tension import TENSION
from ontology.moments import read_moment
from ontology.references import Caller
from ontology.views import NodeView


class Consent(OntologyModel):
    """An answer that says no more than yes."""


class SeverityAnswer(OntologyModel):
    """How severe a tension is."""

    severity: Severity


class MergeProposal(OntologyModel):
    """Who is to lead to the subject of the decision."""

    duplicate_id: UUID


@dataclass(frozen=True, kw_only=True)
class Question:
    """A kind of decision.

    Parameters
    ----------
    answer
        Model of what an approval says.
    follows
        What an approved decision has as its consequence, from the decision, its answer and the event of what follows.
    """

    answer: type[OntologyModel]
    follows: Callable[[NodeView, Any, Origin], Command]

    @property
    def form(self) -> str:
        """JSON Schema of the answer, as text."""
        return json.dumps(self.answer.model_json_schema(), sort_keys=True)


def _severity(decision: NodeView, answer: SeverityAnswer, origin: Origin) -> Command:
    [tension] = decision.at("DECIDES")
    assert tension.id is not None
    values: dict[str, JsonValue] = {"severity": int(answer.severity), "severityBy": "human"}
    event = origin.model_copy(update={"event_type": EventType.TENSION_CHANGED})
    return Change(id=tension.id, label=TENSION.label, origin=event, values=values)


def _merge(decision: NodeView, _: Consent, origin: Origin) -> Command:
    [survivor] = decision.at("DECIDES")
    assert survivor.id is not None
    proposed = MergeProposal.model_validate_json(str(decision.properties["proposal"]))
    event = origin.model_copy(update={"event_type": EventType.PERSON_MERGED})
    return MergePeople(id=survivor.id, origin=event, duplicate=proposed.duplicate_id, survivor=survivor.id)


QUESTIONS: Mapping[DecisionKind, Question] = {
    DecisionKind.TENSION_SEVERITY: Question(answer=SeverityAnswer, follows=_severity),
    DecisionKind.PERSON_MERGE: Question(answer=Consent, follows=_merge),
}
"""Kind → what it asks for; other kinds come with what they decide on."""


class OperatorAnswer(OntologyModel):
    """An answer that an operator signals.

    Attributes
    ----------
    request_id
        Tells one answer from another: the same counts once.
    who
        Address of who decides.
    """

    request_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    who: Email
    why: Text | None = None
    answer: dict[str, JsonValue] = {}


OPERATORS = "urn:trm:operators"
"""Issuer of those who signal: Temporal knows them, not our issuer."""


def unfitting(kind: str, values: Mapping[str, JsonValue]) -> str | None:
    """What is wrong with an answer, as its kind has it; None when it fits."""
    question = QUESTIONS.get(DecisionKind(kind))
    if question is None or values.get("status") != DecisionStatus.APPROVED:
        return None
    try:
        question.answer.model_validate_json(str(values.get("answer") or "{}"))
    except ValidationError as error:
        [first, *_] = error.errors()
        return f"{'/'.join(map(str, first['loc']))}: {first['msg']}"
    return None


def answer_of(
    decision_id: UUID,
    said: OperatorAnswer,
    status: DecisionStatus,
    authorities: list[str],
    asked: Origin,
    moment: datetime,
) -> Change:
    """The change by which an operator decides, recorded as an operator's act."""
    values: dict[str, JsonValue] = {"status": status, "decidedAs": DecidedAs.OPERATOR}
    if status == DecisionStatus.APPROVED:
        values["answer"] = json.dumps(said.answer, sort_keys=True)
    if said.why:
        values["reason"] = said.why
    origin = Origin(
        event_id=ids.step_event(f"{DECISION.name}/{decision_id}", f"signal/{said.request_id}"),
        event_type=EventType.DECISION_TAKEN,
        source=asked.source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=asked.request_hash,
        caller=Caller(issuer=OPERATORS, subject=said.who, email=said.who),
        reason=said.why,
    )
    return taking(decision_id, origin, values, authorities)


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
    begun = _moment(held, "createdAt")
    assert begun is not None
    escalation: Any = held.get("escalation") or []
    authorities: Any = held.get("authorities") or []
    first: list[str] = [one for one in authorities if one not in escalation]
    for place in range(len(escalation) if escalate else 0):
        assert escalate is not None
        values: dict[str, JsonValue] = {"authorities": [*first, *escalation[: place + 1]]}
        why = f"nobody answered: {escalation[place]} is asked too"
        at = begun + (escalate - begun) * (place + 1)
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
    """What follows from a decision that an event took, always the same; None where it was not approved."""
    held = decision.properties
    question = QUESTIONS.get(DecisionKind(str(held["kind"])))
    if question is None or held["status"] != DecisionStatus.APPROVED:
        return None
    answer = question.answer.model_validate_json(str(held.get("answer") or "{}"))
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
    return question.follows(decision, answer, origin)


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
