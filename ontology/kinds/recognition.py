"""Recognitions: what they say, whom they name, and what others are told of them."""

from typing import Any
from uuid import UUID

from ontology import ids
from ontology.commands import RecordRecognition
from ontology.documents import SnippetDocument
from ontology.enums import SnippetKind, Visibility
from ontology.events import (
    EventType,
    KnowledgeSnippetUpserted,
    OutgoingEvent,
    RecognitionContent,
    RecognitionCreated,
    telling,
)
from ontology.kinds.kind import Imported, Kind, Reference, is_private
from ontology.nodes import Recognition
from ontology.references import PersonRef, ProjectRef
from ontology.scopes import Scope
from ontology.views import NodeView


def _tells(view: NodeView, event_id: UUID, foreign: bool) -> list[OutgoingEvent]:
    """RECOGNITION_CREATED says who recognised whom for what; KNOWLEDGE_SNIPPET_UPSERTED, that its text is recorded.

    Another system's own event is not published again. A snippet's contract knows no visibility, so a private text is
    told in the former only.
    """
    said = _said(view)
    told = [] if foreign else [telling(view.id, event_id, EventType.RECOGNITION_CREATED, said)]
    if said.visibility == Visibility.EVERYONE:
        of_text = ids.step_event(f"recognition/{view.id}", "knowledge")
        told.append(telling(view.id, of_text, EventType.KNOWLEDGE_SNIPPET_UPSERTED, _text(said, revision=1)))
    return told


def _retells(view: NodeView, event_id: UUID) -> list[OutgoingEvent]:
    """A corrected text is knowledge of a higher revision; a private one is told to nobody."""
    said = _said(view)
    if said.visibility != Visibility.EVERYONE:
        return []
    return [telling(view.id, event_id, EventType.KNOWLEDGE_SNIPPET_UPSERTED, _text(said, revision=_revision(view)))]


def _text(said: RecognitionCreated, *, revision: int) -> KnowledgeSnippetUpserted:
    return KnowledgeSnippetUpserted(
        content=said.content,
        kind=SnippetKind.RECOGNITION,
        language=said.language,
        revision=revision,
        tags=said.values,
        author=said.giver,
        occurred_at=said.occurred_at,
    )


def _revision(view: NodeView) -> int:
    rev: Any = view.properties.get("rev", 1)
    return int(rev)


def _said(view: NodeView) -> RecognitionCreated:
    own: dict[str, Any] = {
        name: view.properties.get(name) for name in ("content", "type", "language", "visibility", "occurredAt")
    }
    givers, receivers = (
        [PersonRef(id=one.id, full_name=one.name) for one in view.at(relation)]
        for relation in ("RECOGNIZED_BY", "RECEIVED_BY")
    )
    projects = view.at("RECOGNIZES_CONTRIBUTION_TO", "Project")
    tasks, tensions = view.at("RECOGNIZES_CONTRIBUTION_TO", "Task"), view.at("EASES")
    return RecognitionCreated(
        **own,
        values=view.properties.get("values", []),
        giver=givers[0],
        receivers=receivers,
        project=ProjectRef(name=projects[0].name) if projects else None,
        task_id=tasks[0].id if tasks else None,
        tension_id=tensions[0].id if tensions else None,
    )


def _document(view: NodeView) -> SnippetDocument:
    said: Any = view.properties
    people = [*view.at("RECOGNIZED_BY"), *view.at("RECEIVED_BY")]
    return SnippetDocument(
        source_id=view.id,
        kind=SnippetKind.RECOGNITION,
        text=said["content"],
        language=said.get("language"),
        revision=_revision(view),
        visibility=said["visibility"],
        person_ids=[person.id for person in people if person.id],
        project_ids=[one.id for one in view.at("RECOGNIZES_CONTRIBUTION_TO", "Project") if one.id],
        occurred_at=said["occurredAt"],
    )


RECOGNITION = Kind(
    name="recognition",
    plural="recognitions",
    entity=Recognition,
    content=RecognitionContent,
    command=RecordRecognition,
    field="recognition",
    agent="RecognitionWorkflow",
    recorded=EventType.RECOGNITION_CREATED,
    changed=EventType.RECOGNITION_CORRECTED,
    withdrawn=EventType.RECOGNITION_WITHDRAWN,
    taken=EventType.RECOGNITION_CREATED,
    reads=Scope.READ_RECOGNITION,
    writes=Scope.WRITE_RECOGNITION,
    references=(
        Reference("giver", "RECOGNIZED_BY", "Person", own="You may only give recognitions of your own."),
        Reference("receivers", "RECEIVED_BY", "Person"),
        Reference("project", "RECOGNIZES_CONTRIBUTION_TO", "Project"),
        Reference("task_id", "RECOGNIZES_CONTRIBUTION_TO", "Task"),
        Reference("tension_id", "EASES", "Tension"),
    ),
    editable=("content", "type", "values", "language"),
    authors=("RECOGNIZED_BY",),
    parties=("RECOGNIZED_BY", "RECEIVED_BY"),
    private=is_private,
    tells=_tells,
    retells=_retells,
    document=_document,
    imported=Imported(content=RecognitionCreated),
)
