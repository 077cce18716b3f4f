"""The relations of the graph: their ends, how many there may be, and what they carry."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pydantic import Field

from ontology.base import OntologyModel, Timestamp
from ontology.enums import ParticipantRole, WinPart


class Cardinality(StrEnum):
    """How many relations of a type leave one source node."""

    EXACTLY_ONE = "1"
    AT_MOST_ONE = "0..1"
    ONE_OR_MORE = "1..n"
    ANY = "0..n"


class RelationProperties(OntologyModel):
    """What every relation carries: its id, the events that made and ended it, and both times of each."""

    id: str
    event_id: str = Field(description="the event that made it")
    valid_from: Timestamp = Field(description="since when it holds: when that event happened")
    recorded_at: Timestamp = Field(description="when its making was recorded")
    valid_to: Timestamp | None = Field(None, description="until when it held: when the event that ended it happened")
    ended_by: str | None = Field(None, description="the event that ended it")
    end_recorded_at: Timestamp | None = Field(None, description="when its end was recorded")


class Participation(RelationProperties):
    """PARTICIPATES_IN: what the person does there."""

    role: ParticipantRole


class Evidence(RelationProperties):
    """EVIDENCED_BY: which part of a score rests on the node, and how much."""

    part: WinPart
    weight: float = Field(ge=0, le=1)


class Mention(RelationProperties):
    """MENTIONS: where in the text the name stands; not said where the text may change."""

    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)


EVERY_ENTITY: tuple[str, ...] = ()
"""Sources of a relation that leaves whatever is recorded."""


PropertiesModel: TypeAlias = type[RelationProperties]


@dataclass(frozen=True)
class Relation:
    """A relation type.

    Parameters
    ----------
    type
        Its name in the graph.
    sources, targets
        Labels it may leave and reach; without sources it leaves every entity.
    cardinality
        How many leave one source.
    properties
        Model of what it carries.
    meaning
        One line for the docs.
    """

    type: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    cardinality: Cardinality
    meaning: str
    properties: PropertiesModel = field(default=RelationProperties)


_ONE, _SOME, _ANY, _MAYBE = (
    Cardinality.EXACTLY_ONE,
    Cardinality.ONE_OR_MORE,
    Cardinality.ANY,
    Cardinality.AT_MOST_ONE,
)

RELATIONS: dict[str, Relation] = {
    relation.type: relation
    for relation in (
        Relation("RECOGNIZED_BY", ("Recognition",), ("Person",), _ONE, "who gave the recognition"),
        Relation("RECEIVED_BY", ("Recognition",), ("Person",), _SOME, "whose contribution was seen"),
        Relation(
            "RECOGNIZES_CONTRIBUTION_TO",
            ("Recognition",),
            ("Project", "Task"),
            _ANY,
            "what the contribution went into",
        ),
        Relation("EASES", ("Recognition",), ("Tension",), _ANY, "the tension the contribution eased"),
        Relation("IDENTIFIES", ("Identity",), ("Person",), _ONE, "the person a token's subject stands for"),
        Relation(
            "PARTICIPATES_IN",
            ("Person",),
            ("Project",),
            _ANY,
            "who works in a project, and as what",
            Participation,
        ),
        Relation("RESOLVES", ("Project",), ("Tension",), _ANY, "the tensions a project is there for"),
        Relation("RESULTS_IN", ("Project",), ("WIN",), _MAYBE, "what a completed project was worth"),
        Relation("DETECTED_BY", ("Tension",), ("Person",), _ONE, "who felt the tension first"),
        Relation("AFFECTS", ("Tension",), ("Person", "Project"), _ANY, "whom or what a tension affects"),
        Relation("VISIBLE_TO", ("Tension", "Project"), ("Person",), _ANY, "who may see what not everyone may"),
        Relation("COMMENTS_ON", ("Comment",), ("Tension",), _ONE, "what is commented on: who sees it sees the comment"),
        Relation("OWNED_BY", ("Tension", "Task"), ("Person",), _MAYBE, "who takes care of it"),
        Relation("SUPPORTED_BY", ("Tension",), ("Person",), _ANY, "who feels the tension too"),
        Relation(
            "EVIDENCED_BY",
            ("WIN",),
            ("Tension", "Recognition", "KnowledgeSnippet", "Project", "Task"),
            _ANY,
            "what a score rests on",
            Evidence,
        ),
        Relation(
            "GENERATES_KNOWLEDGE",
            ("WIN", "Recognition", "Tension"),
            ("KnowledgeSnippet",),
            _ANY,
            "what was learnt",
        ),
        Relation(
            "CITES", ("KnowledgeSnippet", "Project"), ("KnowledgeSnippet",), _ANY, "the knowledge that it builds on"
        ),
        Relation("AUTHORED_BY", ("KnowledgeSnippet", "Comment"), ("Person",), _MAYBE, "who wrote it"),
        Relation(
            "MENTIONS",
            ("Tension", "KnowledgeSnippet", "Recognition"),
            ("Person", "Project", "KnowledgeSnippet"),
            _ANY,
            "whom or what a text names; it gives no right to see it",
            Mention,
        ),
        Relation("SUBTASK_OF", ("Task",), ("Task",), _MAYBE, "the task that a task is a part of"),
        Relation("PART_OF", ("Task",), ("Project",), _ONE, "the project a task belongs to"),
        Relation(
            "DECIDES",
            ("Decision",),
            ("Tension", "Project", "WIN", "Person", "Recognition", "SeverityModel"),
            _ONE,
            "what is to be decided on: who sees it sees the decision",
        ),
        Relation("ASKED_OF", ("Decision",), ("Person",), _ANY, "who is asked"),
        Relation("PROPOSED_BY", ("Decision", "Project"), ("Person",), _ANY, "who proposed it: none of them decides"),
        Relation("DECIDED_BY", ("Decision",), ("Person",), _MAYBE, "who decided"),
        Relation("DECIDED_FOR", ("Decision",), ("Person",), _MAYBE, "in whose place a delegate decided"),
        Relation("DELEGATED_BY", ("Delegation",), ("Person",), _ONE, "who lets another decide"),
        Relation("DELEGATED_TO", ("Delegation",), ("Person",), _MAYBE, "who decides meanwhile"),
        Relation("HAS_STATE", EVERY_ENTITY, ("State",), _ANY, "what each of its revisions set"),
        Relation("RECORDED_BY", EVERY_ENTITY, ("Event",), _SOME, "the events that made the node what it is"),
    )
}
"""Relation type → its declaration."""
