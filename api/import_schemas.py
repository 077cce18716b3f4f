"""What ``/v1/imports`` takes and gives."""

from uuid import UUID

from pydantic import Field

from api.schemas import AnswerDTO
from knowledge.file_imports import FileImport
from ontology.base import OntologyModel, Timestamp
from ontology.file_imports import (
    FileImportFailure,
    FileImportOptions,
    FileImportPreview,
    FileImportProgress,
    FileImportStatus,
    Said,
)
from ontology.moments import DateOrder


class FileImportPatchDTO(OntologyModel):
    """What is to be chosen otherwise; what is left out stays, null is the default again."""

    kind: Said | None = None
    mapping: dict[Said, list[Said]] | None = Field(None, max_length=200)
    source: Said | None = None
    delimiter: Said | None = None
    encoding: Said | None = None
    separator: Said | None = None
    time_zone: Said | None = None
    dates: DateOrder | None = None

    def applied(self, options: FileImportOptions) -> FileImportOptions:
        """What is chosen afterwards.

        Raises
        ------
        ValidationError
            A value cannot be.
        """
        changed = self.model_dump(by_alias=False, exclude_unset=True)
        kept = {**options.model_dump(by_alias=False), **changed}
        return FileImportOptions(**{name: value for name, value in kept.items() if value is not None})


class FileImportBriefDTO(AnswerDTO):
    """An import of a file, without its preview."""

    id: UUID
    status: FileImportStatus
    name: str = Field(description="of the file")
    size: int = Field(description="of the file, bytes")
    options: FileImportOptions
    progress: FileImportProgress | None = Field(None, description="absent before it begins")
    failure: FileImportFailure | None = None
    created_at: Timestamp
    expires_at: Timestamp = Field(description="when file and import are deleted, unless they are touched again")


class FileImportDTO(FileImportBriefDTO):
    """An import of a file."""

    preview: FileImportPreview = Field(description="what it would do, as it was when the options were chosen")


class FileImportPageDTO(AnswerDTO):
    """Imports, the newest first."""

    items: list[FileImportBriefDTO]
    next_cursor: str | None = None


def brief(one: FileImport) -> FileImportBriefDTO:
    """An import in a list."""
    return FileImportBriefDTO(**{name: getattr(one, name) for name in FileImportBriefDTO.model_fields})


def shown(one: FileImport) -> FileImportDTO:
    """An import by itself."""
    return FileImportDTO(**{name: getattr(one, name) for name in FileImportDTO.model_fields})
