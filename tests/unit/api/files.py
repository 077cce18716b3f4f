"""Imports of files as PostgreSQL keeps them, in memory; what the statements mean is tried on a real server."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from knowledge.file_imports import FileImport, FileImports, FileToImport
from ontology.file_imports import FileImportFailure, FileImportOptions, FileImportPreview, FileImportStatus
from runtime.clock import now


class FakeFiles(FileImports):
    """Holds what was sent, the newest last."""

    def __init__(self) -> None:
        self.held: dict[UUID, FileImport] = {}
        self.contents: dict[UUID, bytes] = {}
        self.refused: dict[UUID, bytes] = {}

    async def put(
        self,
        import_id: UUID,
        owner: UUID,
        request_hash: str,
        file: FileToImport,
        preview: FileImportPreview,
        errors: bytes,
    ) -> None:
        self.contents[import_id], self.refused[import_id] = file.content, errors
        self.held[import_id] = FileImport(
            import_id,
            owner,
            request_hash,
            file.name,
            len(file.content),
            file.options,
            FileImportStatus.PREVIEWED,
            preview,
            None,
            None,
            now(),
            now() + timedelta(days=7),
        )

    async def get(self, import_id: UUID, owner: UUID) -> FileImport | None:
        found = self.held.get(import_id)
        return found if found and found.owner == owner else None

    async def page(self, owner: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[FileImport]:
        mine = sorted((one for one in self.held.values() if one.owner == owner), key=lambda one: one.created_at)
        return [one for one in reversed(mine) if after is None or (one.created_at, one.id) < after][:limit]

    async def file(self, import_id: UUID, owner: UUID) -> bytes | None:
        return self.contents.get(import_id)

    async def errors(self, import_id: UUID, owner: UUID) -> bytes | None:
        return self.refused.get(import_id)

    async def choose(
        self, import_id: UUID, owner: UUID, options: FileImportOptions, preview: FileImportPreview, errors: bytes
    ) -> bool:
        self.refused[import_id] = errors
        self.stand(import_id, options=options, preview=preview)
        return True

    async def mark_running(self, import_id: UUID, owner: UUID) -> None:
        self.stand(import_id, status=FileImportStatus.RUNNING)

    async def delete(self, import_id: UUID, owner: UUID, status: FileImportStatus) -> bool:
        return self.held.pop(import_id).status is status

    def stand(self, import_id: UUID, **changes: Any) -> None:
        """Let an import be otherwise."""
        self.held[import_id] = replace(self.held[import_id], **changes)

    def fail(self, import_id: UUID) -> None:
        """Let an import have ended too early."""
        failure = FileImportFailure(code="batchEnded", detail="an operator ended it")
        self.stand(import_id, status=FileImportStatus.FAILED, failure=failure)
