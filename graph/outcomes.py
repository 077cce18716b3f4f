"""What a write answers: whether it was new, and everything the later steps of its run need."""

from typing import Literal
from uuid import UUID

from ontology.base import OntologyModel
from ontology.changes import ChangeRecord
from ontology.references import PersonRef

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


class RecognitionWritten(WriteOutcome):
    """Result of a recognition's write, with the people and project its references turned out to be."""

    giver: PersonRef | None = None
    receivers: list[PersonRef] = []
    project_id: UUID | None = None


class SnippetWritten(WriteOutcome):
    """Result of a knowledge snippet's write, with its author."""

    author: PersonRef | None = None
