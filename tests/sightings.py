"""A kind of its own, as somebody would add one: something that somebody saw, of somebody, in a project."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from ontology.base import Language, OntologyModel, Text, Timestamp
from ontology.changes import NodeChange
from ontology.documents import SnippetDocument
from ontology.enums import SnippetKind, Visibility
from ontology.events import PUBLISHED_EVENTS, OutgoingEvent, PublishedEvent
from ontology.kinds import KINDS, Consequence, Imported, Kind, Reference
from ontology.nodes import ENTITIES, Entity
from ontology.references import PersonRef, ProjectRef
from ontology.relations import RELATIONS, Cardinality, Relation
from ontology.rules import RULES, Rule, Violation
from ontology.scopes import Scope
from ontology.views import NodeView


class Sighting(Entity):
    """Something that somebody saw."""

    label: ClassVar[str] = "Sighting"

    content: Text
    count: int
    language: Language | None = None
    visibility: Visibility
    occurred_at: Timestamp
    request_hash: str


class SightingContent(OntologyModel):
    """What a sighting says; who saw it defaults to the caller."""

    content: Text
    count: int = 1
    language: Language | None = None
    visibility: Visibility = Visibility.EVERYONE
    seen_by: PersonRef | None = None
    of: list[PersonRef] = Field(default=[], max_length=20)
    project: ProjectRef | None = None
    occurred_at: Timestamp | None = None


def _tells(view: NodeView, event_id: UUID, foreign: bool) -> list[OutgoingEvent]:
    payload = {"content": view.properties["content"], "count": view.properties["count"]}
    moment = view.properties["occurredAt"]
    event = OutgoingEvent(event_id=event_id, type="SIGHTED", subject=view.id, occurred_at=moment, payload=payload)
    return [] if foreign else [event]


def _document(view: NodeView) -> SnippetDocument:
    said = view.properties
    return SnippetDocument(
        source_id=view.id,
        kind=SnippetKind.NOTE,
        text=said["content"],
        revision=said["rev"],
        visibility=said["visibility"],
        person_ids=[one.id for one in view.targets if one.label == "Person" and one.id],
        occurred_at=said["occurredAt"],
    )


def _follows(view: NodeView, change: NodeChange) -> list[Consequence]:
    """A hundred of something are for the project to celebrate."""
    count = change.properties.get("count")
    if not isinstance(count, int) or count < 100:
        return []
    return [
        Consequence("Project", project.id, "PROJECT_CHANGED", {"goal": f"Celebrate {count}"})
        for project in view.at("SEEN_IN")
        if project.id
    ]


def _not_none(view: NodeView, _: NodeView | None) -> Violation | None:
    if view.properties["count"] == 0:
        return Violation("refused", "who saw nothing has nothing to tell", "/count")
    return None


SIGHTING = Kind(
    name="sighting",
    plural="sightings",
    entity=Sighting,
    content=SightingContent,
    recorded="SIGHTED",
    changed="SIGHTING_CHANGED",
    taken="SIGHTED",
    reads=Scope.READ_KNOWLEDGE,
    writes=Scope.WRITE_KNOWLEDGE,
    references=(
        Reference("seen_by", "SEEN_BY", "Person", own="You may only tell of sightings of your own."),
        Reference("of", "SIGHTING_OF", "Person"),
        Reference("project", "SEEN_IN", "Project"),
    ),
    parties=("SEEN_BY", "SIGHTING_OF"),
    private=lambda said: said.visibility == Visibility.PARTIES,
    editable=("content", "count"),
    tells=_tells,
    follows=_follows,
    document=_document,
    imported=Imported(content=SightingContent),
)

_RELATIONS = (
    Relation("SEEN_BY", ("Sighting",), ("Person",), Cardinality.EXACTLY_ONE, "who saw it"),
    Relation("SIGHTING_OF", ("Sighting",), ("Person",), Cardinality.ANY, "whom it is about"),
    Relation("SEEN_IN", ("Sighting",), ("Project",), Cardinality.ANY, "where"),
)

_RULE = Rule(
    "refused", "Sighting", "something was seen", _not_none, "MATCH (n:Sighting) WHERE n.count = 0 RETURN n.id AS id"
)


@contextmanager
def sightings() -> Iterator[Kind]:
    """Have the kind among the others for as long as the block lasts."""
    KINDS["Sighting"], ENTITIES["Sighting"] = SIGHTING, Sighting
    RELATIONS.update({relation.type: relation for relation in _RELATIONS})
    PUBLISHED_EVENTS["SIGHTED"] = PublishedEvent("SIGHTED", SightingContent, "knowledge")
    RULES.append(_RULE)
    try:
        yield SIGHTING
    finally:
        del KINDS["Sighting"], ENTITIES["Sighting"], PUBLISHED_EVENTS["SIGHTED"]
        RULES.remove(_RULE)
        for relation in _RELATIONS:
            del RELATIONS[relation.type]
