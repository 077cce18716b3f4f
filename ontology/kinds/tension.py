"""Tensions: gaps between what is and what should be, changed by many until something has come of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from ontology.base import OntologyModel, Text, Timestamp
from ontology.changes import NodeChange
from ontology.documents import SnippetDocument
from ontology.enums import Severity, SnippetKind, TensionEnding, TensionStatus, Visibility
from ontology.events import EventType, OutgoingEvent, TensionReported, telling
from ontology.kinds.comment import CommentSaid
from ontology.kinds.kind import Consequence, Imported, Kind, Reference, is_private
from ontology.kinds.knowledge_snippet import withdrawn
from ontology.nodes import Tension
from ontology.references import PersonRef, ProjectRef
from ontology.scopes import Scope
from ontology.views import NodeView

WORDS = ("title", "facts", "currentState", "desiredState", "feeling", "need")
"""What a tension says in words, most telling first."""

_PEOPLE = ("DETECTED_BY", "OWNED_BY", "AFFECTS", "VISIBLE_TO")
"""Relations to whom it concerns."""


def _tells(view: NodeView, event_id: UUID, foreign: bool) -> list[OutgoingEvent]:
    """TENSION_REPORTED says who felt what; another system's own event is not published again."""
    if foreign:
        return []
    own: dict[str, Any] = {
        name: value
        for name, value in view.properties.items()
        if name in {*WORDS, "kind", "language", "visibility", "occurredAt"}
    }
    detectors, seers = _people(view, "DETECTED_BY"), _people(view, "VISIBLE_TO")
    said = TensionReported(
        **own,
        detector=detectors[0] if detectors else None,
        affected_people=_people(view, "AFFECTS"),
        affected_projects=[ProjectRef(name=one.name) for one in view.at("AFFECTS", "Project")],
        visible_to=seers,
    )
    return [telling(view.id, event_id, EventType.TENSION_REPORTED, said)]


def _people(view: NodeView, relation: str) -> list[PersonRef]:
    return [PersonRef(id=one.id, full_name=one.name) for one in view.at(relation, "Person")]


def _follows(view: NodeView, change: NodeChange) -> list[Consequence]:
    """What was learnt from a tension goes out of sight with it."""
    if change.properties.get("visibility") != Visibility.PARTIES:
        return []
    return [withdrawn(one.id) for one in view.at("GENERATES_KNOWLEDGE") if one.id]


def text_of(said: Mapping[str, Any]) -> str:
    """What a tension says in words, from its properties."""
    return "\n".join(said[name] for name in WORDS if said.get(name))


def is_rated_by_human(said: Mapping[str, Any]) -> bool:
    """Whether a human said how severe it is, here or in another tracker, from its properties."""
    return said.get("severity") is not None and said.get("severityBy") in (None, "human")


def _document(view: NodeView) -> SnippetDocument:
    said: Any = view.properties
    return SnippetDocument(
        source_id=view.id,
        kind=SnippetKind.TENSION,
        text=text_of(said),
        language=said.get("language"),
        revision=said.get("rev", 1),
        visibility=said.get("visibility", Visibility.EVERYONE),
        person_ids=list({one.id: one.id for relation in _PEOPLE for one in view.at(relation, "Person") if one.id}),
        project_ids=[one.id for one in view.at("AFFECTS", "Project") if one.id],
        occurred_at=said["occurredAt"],
    )


class CommentImported(OntologyModel):
    """A comment as another tracker has it."""

    text: Text
    author: PersonRef | None = None
    occurred_at: Timestamp | None = None


class TensionImported(TensionReported):
    """A tension as another tracker has it: how far it came, how severe it was held to be, and what was said of it."""

    owner: PersonRef | None = None
    status: TensionStatus = TensionStatus.OPEN
    severity: Severity | None = None
    resolution: TensionEnding | None = Field(None, exclude=True, description="told apart from the status by some")
    comments: list[CommentImported] = Field(default=[], max_length=1000)

    @model_validator(mode="before")
    @classmethod
    def _ended_without(cls, said: Any) -> Any:
        """What a tracker ended without doing anything about it was rejected, whatever it calls the state."""
        ends = isinstance(said, dict) and said.get("status") == TensionStatus.RESOLVED
        if ends and said.get("resolution") == TensionEnding.NOT_DONE:
            return {**said, "status": TensionStatus.REJECTED}
        return said

    @field_validator("status")
    @classmethod
    def _lives(cls, said: TensionStatus) -> TensionStatus:
        if said in (TensionStatus.ARCHIVED, TensionStatus.CLOSED):
            raise ValueError(f"what is {said} already is not imported; leave the row out, or say Resolved")
        return said


def _apart(said: TensionImported, tension: UUID) -> tuple[TensionImported, Sequence[CommentSaid]]:
    comments = [CommentSaid(tension_id=tension, **dict(one)) for one in said.comments]
    return said.model_copy(update={"comments": []}), comments


TENSION = Kind(
    name="tension",
    plural="tensions",
    entity=Tension,
    content=TensionReported,
    whole=TensionImported,
    agent="TensionWorkflow",
    recorded=EventType.TENSION_REPORTED,
    changed=EventType.TENSION_CHANGED,
    withdrawn=EventType.TENSION_ARCHIVED,
    taken=EventType.TENSION_REPORTED,
    reads=Scope.READ_TENSION,
    writes=Scope.WRITE_TENSION,
    references=(
        Reference("detector", "DETECTED_BY", "Person", own="You may only report tensions of your own."),
        Reference("affected_people", "AFFECTS", "Person"),
        Reference("affected_projects", "AFFECTS", "Project"),
        Reference("visible_to", "VISIBLE_TO", "Person"),
        Reference("owner", "OWNED_BY", "Person"),
        Reference("supported_by", "SUPPORTED_BY", "Person"),
        Reference("mentioned_people", "MENTIONS", "Person"),
        Reference("mentioned_projects", "MENTIONS", "Project"),
    ),
    editable=("title", "facts", "current_state", "desired_state", "feeling", "need", "kind", "language", "visibility"),
    authors=("DETECTED_BY", "OWNED_BY"),
    whose="whoever felt or owns it",
    kept=True,
    told=(EventType.TENSION_FOLLOWED, EventType.TENSION_ANALYSED, EventType.TENSION_ESCALATED),
    parties=_PEOPLE,
    private=is_private,
    tells=_tells,
    follows=_follows,
    document=_document,
    imported=Imported(content=TensionImported, besides="comments", apart=_apart),
)
