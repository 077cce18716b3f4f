"""A text on its way into the search, with what it is filtered by."""

from uuid import UUID

from ontology.base import OntologyModel, Timestamp
from ontology.enums import SnippetKind, Visibility


class SnippetDocument(OntologyModel):
    """A text to be made searchable, with what it is filtered by."""

    source_id: UUID
    kind: SnippetKind
    text: str
    language: str | None = None
    revision: int
    visibility: Visibility
    person_ids: list[UUID] = []
    project_ids: list[UUID] = []
    occurred_at: Timestamp
