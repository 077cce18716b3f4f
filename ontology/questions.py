"""What each kind of decision asks for, and what follows from its answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue, ValidationError

from ontology.base import Name, OntologyModel, Text, Timestamp
from ontology.commands import Change, Command, MergePeople, Origin
from ontology.enums import DecisionKind, DecisionStatus, ProjectStatus, Severity, WinStatus
from ontology.events import EventType
from ontology.judgement import ModelComparison
from ontology.kinds.project import PROJECT
from ontology.kinds.severity_model import SEVERITY_MODEL
from ontology.kinds.tension import TENSION
from ontology.kinds.win import WIN
from ontology.views import NodeView


class AnswerUnfitError(ValueError):
    """An answer is not what its decision asks for.

    Attributes
    ----------
    pointer
        JSON pointer of the field at fault.
    """

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class Consent(OntologyModel):
    """An answer that says no more than yes."""


class MergeProposal(OntologyModel):
    """Who is to lead to the subject of the decision."""

    duplicate_id: UUID


class SeverityAnswer(OntologyModel):
    """How severe a tension is."""

    severity: Severity | None = Field(None, description="left out: the one that is proposed")


class SeverityProposal(OntologyModel):
    """How severe a tension is in the eyes of who proposes it, and why."""

    severity: Severity
    reason: Text | None = None


class MentionAnswer(OntologyModel):
    """Who is meant by a name: one of the candidates."""

    person_id: UUID


class MentionCandidate(OntologyModel):
    """Somebody whom a name fits."""

    id: UUID
    full_name: str


class MentionProposal(OntologyModel):
    """A name that stands in a tension's words, and whom it fits."""

    name: Name
    candidates: list[MentionCandidate]


class PromotionProposal(OntologyModel):
    """What a model of severity learnt from, and how it stands beside the one whose place it would take."""

    against: Name = Field(description="the model that judges now")
    labels: int = Field(description="how many corrections of humans it learnt from")
    comparison: ModelComparison


class ProjectProposal(OntologyModel):
    """The project whose approval is asked for, as it was then; of one that is claimed, what it is to become."""

    name: Name
    goal: Text | None = None
    rev: int
    proposer_id: UUID | None = Field(None, description="who proposed it, where another asks; decides as little")
    claims: bool | None = Field(None, description="only its name was known; who proposes this makes it theirs")
    planned_start_at: Timestamp | None = None
    planned_end_at: Timestamp | None = None


class WinProposal(OntologyModel):
    """The score that is to be published, as it was when that was asked."""

    win_id: UUID
    score: float
    score_low: float
    score_high: float
    rev: int


@dataclass(frozen=True, kw_only=True)
class Question:
    """A kind of decision.

    Parameters
    ----------
    answer, proposal
        Models of what an approval says, and of what is proposed.
    settle
        Makes an answer whole, or refuses it, from the answer and what is proposed (None where nothing is).
    follows
        What an approved decision has as its consequence, from the decision, its answer and the event of what follows.
    refused
        What a rejected one has as its consequence, from the decision and the event; None: nothing.
    """

    answer: type[OntologyModel]
    proposal: type[OntologyModel]
    settle: Callable[[Any, Any], OntologyModel] = lambda answer, _: answer
    follows: Callable[[NodeView, Any, Origin], Command]
    refused: Callable[[NodeView, Origin], Command] | None = None

    @property
    def form(self) -> str:
        """JSON Schema of the answer, as text."""
        return json.dumps(self.answer.model_json_schema(), sort_keys=True)


def answered(decision: Mapping[str, JsonValue], said: str) -> OntologyModel:
    """The answer to a decision, whole.

    Parameters
    ----------
    decision
        Its properties, or what was said to ask for it.
    said
        The answer, JSON as text.

    Raises
    ------
    AnswerUnfitError
        It is not what the decision asks for.
    """
    question = QUESTIONS[DecisionKind(str(decision["kind"]))]
    try:
        answer = question.answer.model_validate_json(said)
    except ValidationError as error:
        [first, *_] = error.errors()
        raise AnswerUnfitError(str(first["msg"]), "/".join(["/answer", *map(str, first["loc"])])) from error
    proposed = decision.get("proposal")
    return question.settle(answer, question.proposal.model_validate_json(str(proposed)) if proposed else None)


def _merge(decision: NodeView, _: Consent, origin: Origin) -> Command:
    [survivor] = decision.at("DECIDES")
    assert survivor.id is not None
    proposed = MergeProposal.model_validate_json(str(decision.properties["proposal"]))
    event = origin.model_copy(update={"event_type": EventType.PERSON_MERGED})
    return MergePeople(id=survivor.id, origin=event, duplicate=proposed.duplicate_id, survivor=survivor.id)


def _settled_severity(answer: SeverityAnswer, proposed: SeverityProposal | None) -> SeverityAnswer:
    """The one that is said, else the one that is proposed."""
    if answer.severity is None and proposed is None:
        raise AnswerUnfitError("say how severe it is: nothing is proposed", "/answer/severity")
    return answer if answer.severity or proposed is None else SeverityAnswer(severity=proposed.severity)


def _severity(decision: NodeView, answer: SeverityAnswer, origin: Origin) -> Command:
    assert answer.severity is not None
    return _change(decision, origin, {"severity": int(answer.severity), "severityBy": "human"})


def _one_of_them(answer: MentionAnswer, proposed: MentionProposal | None) -> MentionAnswer:
    """Who is one of the candidates."""
    if proposed is None or answer.person_id not in {one.id for one in proposed.candidates}:
        raise AnswerUnfitError("the person is none of the candidates", "/answer/personId")
    return answer


def _mention(decision: NodeView, answer: MentionAnswer, origin: Origin) -> Command:
    who: dict[str, list[dict[str, JsonValue]]] = {"mentioned_people": [{"id": str(answer.person_id)}]}
    return _change(decision, origin, {}).model_copy(update={"adds": who})


def _approval(decision: NodeView, _: Consent, origin: Origin) -> Command:
    [project] = decision.at("DECIDES")
    assert project.id is not None
    event = origin.model_copy(update={"event_type": EventType.PROJECT_APPROVED})
    values: dict[str, JsonValue] = {"status": ProjectStatus.PLANNING}
    proposed = ProjectProposal.model_validate_json(str(decision.properties["proposal"]))
    if not proposed.claims:
        return Change(id=project.id, label=PROJECT.label, origin=event, values=values)
    [claimer] = decision.at("PROPOSED_BY")
    said = proposed.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"name", "rev", "claims"})
    proposer: dict[str, list[dict[str, JsonValue]]] = {"proposer": [{"id": str(claimer.id)}]}
    claimed = {**values, **said, "provisional": False}
    return Change(id=project.id, label=PROJECT.label, origin=event, values=claimed, links=proposer)


def _win(decision: NodeView, _: Consent, origin: Origin) -> Command:
    return _win_becomes(decision, origin, EventType.WIN_PUBLISHED, WinStatus.PUBLISHED)


def _win_rejected(decision: NodeView, origin: Origin) -> Command:
    return _win_becomes(decision, origin, EventType.WIN_REJECTED, WinStatus.REJECTED)


def _win_becomes(decision: NodeView, origin: Origin, event_type: EventType, status: WinStatus) -> Change:
    proposed = WinProposal.model_validate_json(str(decision.properties["proposal"]))
    event = origin.model_copy(update={"event_type": event_type})
    values: dict[str, JsonValue] = {"status": status}
    if status == WinStatus.PUBLISHED:
        values["publishedScore"] = proposed.score  # what was asked about, though it may have moved since
    return Change(id=proposed.win_id, label=WIN.label, origin=event, values=values)


def _promotion(decision: NodeView, _: Consent, origin: Origin) -> Command:
    [model] = decision.at("DECIDES")
    assert model.id is not None
    event = origin.model_copy(update={"event_type": EventType.SEVERITY_MODEL_PROMOTED})
    values: dict[str, JsonValue] = {"promotedAt": origin.occurred_at.isoformat()}
    return Change(id=model.id, label=SEVERITY_MODEL.label, origin=event, values=values)


def _change(decision: NodeView, origin: Origin, values: dict[str, JsonValue]) -> Change:
    """A change of the tension that was decided on."""
    [tension] = decision.at("DECIDES")
    assert tension.id is not None
    event = origin.model_copy(update={"event_type": EventType.TENSION_CHANGED})
    return Change(id=tension.id, label=TENSION.label, origin=event, values=values)


def has_consequence(kind: DecisionKind, status: object) -> bool:
    """Whether something follows from a decision of a kind that is taken so."""
    question = QUESTIONS.get(kind)
    refused = question is not None and question.refused is not None
    return status == DecisionStatus.APPROVED or (refused and status == DecisionStatus.REJECTED)


QUESTIONS: Mapping[DecisionKind, Question] = {
    DecisionKind.PERSON_MERGE: Question(answer=Consent, proposal=MergeProposal, follows=_merge),
    DecisionKind.TENSION_SEVERITY: Question(
        answer=SeverityAnswer, proposal=SeverityProposal, settle=_settled_severity, follows=_severity
    ),
    DecisionKind.PERSON_MENTION: Question(
        answer=MentionAnswer, proposal=MentionProposal, settle=_one_of_them, follows=_mention
    ),
    DecisionKind.PROJECT_APPROVAL: Question(answer=Consent, proposal=ProjectProposal, follows=_approval),
    DecisionKind.WIN_APPROVAL: Question(answer=Consent, proposal=WinProposal, follows=_win, refused=_win_rejected),
    DecisionKind.MODEL_PROMOTION: Question(answer=Consent, proposal=PromotionProposal, follows=_promotion),
}
"""Kind → what it asks for; other kinds come with what they decide on."""
