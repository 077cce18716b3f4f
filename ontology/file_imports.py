"""A file that is imported over REST: what is chosen of it, what an import would do, and how far it is."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from ontology.base import OntologyModel
from ontology.commands import Command
from ontology.imports import RowRefusal
from ontology.moments import DateOrder
from ontology.wording import storable

Said = Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)]
"""A name of a field, column, encoding or zone."""


class ImportFile(Command):
    """Input of ``FileImportWorkflow``; ``id`` is the import's, ``origin`` tells who imports."""


class FileImportStatus(StrEnum):
    """Where an import of a file is."""

    PREVIEWED = "Previewed"
    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"


class FileImportOptions(OntologyModel):
    """What is chosen of a file; the defaults suit most."""

    kind: Said = Field(description="what the rows are: people, recognitions, tensions, comments")
    mapping: dict[Said, Annotated[list[Said], Field(max_length=100)]] = Field(
        {}, max_length=200, description="field → its columns, joined in their order; none leave the field out"
    )
    source: Said = Field("csv", min_length=1, description="names the system the rows come from")
    delimiter: Said = Field("", description="between cells, `tab` for a tab; empty: the one that fits")
    encoding: Said = Field("", description="of the file; empty: recognised")
    separator: Said = Field("", description="between several values in a cell; empty: ; | or a line break")
    time_zone: Said = Field("", description="of dates without an offset; empty: the setting of the deployment")
    dates: DateOrder = Field("", description="what 02/03/2026 means; empty: refused as ambiguous")


class FileImportColumn(OntologyModel):
    """A column of a file, and what it says."""

    name: str
    field: str | None = Field(None, description="absent where it is left out")


class FileImportRow(OntologyModel):
    """A row as it would be written."""

    line: int
    id: UUID = Field(description="of what it makes")
    content: dict[str, JsonValue]


class FileImportRefusal(OntologyModel):
    """A row that is refused, and why."""

    line: int
    column: str = Field(description="the columns at fault, by name; empty where it is the row")
    code: str
    message: str


class FileImportPreview(OntologyModel):
    """What an import would do; nothing is written."""

    rows: int
    columns: list[FileImportColumn]
    missing: list[str] = Field(description="fields without a column")
    first: list[FileImportRow] = Field(description="the first good rows as they would be written")
    good: int = Field(description="rows that are not refused, those said twice among them")
    repeated: int = Field(description="rows that say again what one before them said")
    refused: int = Field(description="by the graph only among the rows that it was asked about")
    besides: int = Field(description="things of another kind that the good rows say as well, as comments of tensions")
    refusals: list[FileImportRefusal] = Field(description="the first rows that are refused")
    codes: dict[str, int] = Field(description="code of a refusal → how many rows have it")
    asked: int = Field(description="rows that the graph was asked about")
    new: int | None = Field(None, description="how many of them it does not have; absent while it is away")


class FileImportPart(OntologyModel):
    """How far the import of one kind is."""

    kind: str
    total: int
    written: int = 0
    same: int = Field(0, description="stood there already, or were said twice")
    refused: int = 0


class FileImportProgress(OntologyModel):
    """How far an import is."""

    rows: FileImportPart
    besides: FileImportPart | None = Field(None, description="what the rows say of another kind")
    searchable: int = Field(0, description="rows that were written and can be found")
    to_be_found: int = Field(0, description="rows that were written and have texts to be found by")
    waiting: bool = Field(False, description="whether it waits for a server that is away")


class FileImportFailure(OntologyModel):
    """Why an import ended before it was done; it can be started again, and goes on."""

    code: str
    detail: str


class BatchOutcome(OntologyModel):
    """What became of a batch of an import.

    Attributes
    ----------
    refusals
        Each with the row's place in the batch.
    texts
        The runs that make its rows searchable, each with the number of rows.
    runs
        Ids of the runs that were counted.
    """

    written: int = 0
    same: int = 0
    refusals: list[RowRefusal] = []
    texts: list[tuple[str, int]] = []
    runs: list[str] = []
