"""Rows of a file on their way in: what starts a batch's run, and what it answers."""

from uuid import UUID

from pydantic import Field, JsonValue

from ontology.base import OntologyModel
from ontology.commands import Command


class ImportRow(OntologyModel):
    """One row: the id of what it makes, and what it says, as its kind's model writes it."""

    id: UUID
    content: dict[str, JsonValue]


class ImportRows(Command):
    """Input of ``ImportBatchWorkflow``; ``id`` is the batch's, ``origin`` tells who imports."""

    kind: str = Field(description="name of an import kind")
    rows: list[ImportRow] = Field(min_length=1)


class RowRefusal(OntologyModel):
    """Why a row was not written."""

    row: int = Field(ge=0, description="its place in the batch")
    code: str
    message: str
    pointer: str | None = Field(None, description="JSON pointer into what the row says")


class ImportReport(OntologyModel):
    """What became of a batch's rows."""

    written: int = Field(ge=0, description="by this run")
    same: int = Field(ge=0, description="stood there already")
    refusals: list[RowRefusal] = []
    texts: str | None = Field(None, description="the run that makes the rows searchable; absent where there is none")
