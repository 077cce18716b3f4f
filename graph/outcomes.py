"""What a write answers: whether it was new, and everything the later steps of its run need."""

from typing import Literal
from uuid import UUID

from ontology.base import OntologyModel
from ontology.changes import ChangeRecord
from ontology.commands import Change
from ontology.references import PersonRef
from ontology.views import NodeView

Outcome = Literal["created", "same", "conflict"]
"""Written now; written before by the same request; or the id holds another request's content."""


class WriteOutcome(OntologyModel):
    """Result of a graph write.

    Attributes
    ----------
    outcome
        A conflict wrote nothing and has no records.
    id
        Under which the thing stands, when that may be another id than the command's.
    records
        What was written, one for each event.
    """

    outcome: Outcome
    id: UUID | None = None
    records: list[ChangeRecord] = []

    @property
    def revisions(self) -> int:
        """How many nodes were made or changed."""
        return sum(len(record.nodes) for record in self.records)


class ThingWritten(WriteOutcome):
    """Result of a thing's write.

    Attributes
    ----------
    view
        The thing as it stands then; None when a conflict wrote nothing.
    follows
        Changes of other things that follow from it.
    made
        Things that the change made besides, as they stand.
    """

    view: NodeView | None = None
    follows: list[Change] = []
    made: list[NodeView] = []


class RecognitionWritten(ThingWritten):
    """Result of a recognition's write; runs that an earlier version began know people and project instead of a view."""

    giver: PersonRef | None = None
    receivers: list[PersonRef] = []
    project_id: UUID | None = None


class SnippetWritten(ThingWritten):
    """Result of a knowledge snippet's write; runs that an earlier version began know the author instead of a view."""

    author: PersonRef | None = None
