"""Knowledge snippets: texts in revisions, each of which may be recorded by an event of its own."""

from typing import Any
from uuid import UUID

from ontology.commands import IndexKnowledge
from ontology.documents import SnippetDocument
from ontology.enums import Visibility
from ontology.events import EventType, KnowledgeSnippetUpserted, OutgoingEvent, telling
from ontology.kinds.kind import Consequence, Kind, Reference
from ontology.lifecycles import ARCHIVED
from ontology.nodes import KnowledgeSnippet
from ontology.references import PersonRef
from ontology.scopes import Scope
from ontology.views import NodeView


def _tells(view: NodeView, event_id: UUID, foreign: bool) -> list[OutgoingEvent]:
    """KNOWLEDGE_SNIPPET_UPSERTED says that a text is recorded; another system's own event is not published again."""
    return [] if foreign else _retells(view, event_id)


def _retells(view: NodeView, event_id: UUID) -> list[OutgoingEvent]:
    own: dict[str, Any] = {
        name: value
        for name, value in view.properties.items()
        if name in {"content", "kind", "language", "tags", "occurredAt"}
    }
    authors = view.at("AUTHORED_BY")
    author = PersonRef(id=authors[0].id, full_name=authors[0].name) if authors else None
    cited = [one.id for one in view.at("CITES") if one.id]
    said = KnowledgeSnippetUpserted(**own, revision=_revision(view), author=author, cites_ids=cited)
    return [telling(view.id, event_id, EventType.KNOWLEDGE_SNIPPET_UPSERTED, said)]


def _revision(view: NodeView) -> int:
    """The source's own version, and one more for each correction since: both only grow, and so does this."""
    said: Any = view.properties
    return int(said["revision"]) + int(said.get("rev", 1)) - 1


def _document(view: NodeView) -> SnippetDocument:
    said: Any = view.properties
    return SnippetDocument(
        source_id=view.id,
        kind=said["kind"],
        text=said["content"],
        language=said.get("language"),
        revision=_revision(view),
        visibility=Visibility.EVERYONE,
        person_ids=[one.id for one in view.at("AUTHORED_BY") if one.id],
        project_ids=[one.id for one in view.at("GENERATES_KNOWLEDGE", "Project") if one.id],  # it was learnt for
        occurred_at=said["occurredAt"],
    )


def withdrawn(snippet: UUID) -> Consequence:
    """What was learnt from something that is private from now on is withdrawn: it was for everyone."""
    return Consequence("KnowledgeSnippet", snippet, EventType.KNOWLEDGE_SNIPPET_WITHDRAWN, {"status": ARCHIVED})


KNOWLEDGE_SNIPPET = Kind(
    name="knowledgeSnippet",
    plural="knowledgeSnippets",
    entity=KnowledgeSnippet,
    content=KnowledgeSnippetUpserted,
    command=IndexKnowledge,
    field="snippet",
    agent="KnowledgeEmbeddingWorkflow",
    recorded=EventType.KNOWLEDGE_SNIPPET_UPSERTED,
    changed=EventType.KNOWLEDGE_SNIPPET_CORRECTED,
    withdrawn=EventType.KNOWLEDGE_SNIPPET_WITHDRAWN,
    taken=EventType.KNOWLEDGE_SNIPPET_UPSERTED,
    reads=Scope.READ_KNOWLEDGE,
    writes=Scope.WRITE_KNOWLEDGE,
    references=(
        Reference("author", "AUTHORED_BY", "Person", own="You may only record knowledge of your own."),
        Reference("cites_ids", "CITES", "KnowledgeSnippet"),
    ),
    per_event=True,
    editable=("content", "kind", "language", "tags"),
    authors=("AUTHORED_BY",),
    tells=_tells,
    retells=_retells,
    document=_document,
)
