"""Files to be imported, in PostgreSQL: what was sent and chosen, how far each is, and what became of its batches.

Whoever asks names the owner: an import of somebody else is as if it were not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from knowledge.pool import Pool, Record, translated
from ontology.file_imports import (
    BatchOutcome,
    FileImportFailure,
    FileImportOptions,
    FileImportPreview,
    FileImportProgress,
    FileImportStatus,
)
from runtime.clock import now

_SHOWN = """
id, owner, request_hash, name, octet_length(content) AS bytes, options::text AS options, status,
preview::text AS preview, progress::text AS progress, failure::text AS failure, created_at, expires_at
"""

_NOT_DELETED = "status <> 'Deleted'"
_THERE = f"{_NOT_DELETED} AND expires_at > now()"
_EMPTIED = """
status = 'Deleted', name = '', content = '', options = '{}', preview = '{}', progress = NULL, failure = NULL,
errors = ''
"""
_SPENT = timedelta(days=90)
"""How long the id of a file that is gone is remembered: longer than Temporal remembers the run that imported it."""

_PUT = """
INSERT INTO file_imports (id, owner, request_hash, name, content, options, status, preview, errors, created_at,
                          expires_at)
VALUES ($1, $2, $3::text, $4::text, $5::bytea, $6::text::json, 'Previewed', $7::text::json, $8::bytea, $9, $10)
ON CONFLICT (id) DO NOTHING
"""
_GET = f"SELECT {_SHOWN} FROM file_imports WHERE id = $1 AND owner = $2 AND {_THERE}"  # noqa: S608 - of constants
_PAGE = f"""
SELECT {_SHOWN} FROM file_imports
WHERE owner = $1 AND {_THERE} AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC LIMIT $4
"""  # noqa: S608 - of constants
_FILE = f"SELECT content FROM file_imports WHERE id = $1 AND owner = $2 AND {_THERE}"  # noqa: S608 - of constants
_ERRORS = f"SELECT errors FROM file_imports WHERE id = $1 AND owner = $2 AND {_THERE}"  # noqa: S608 - of constants
_CHOOSE = """
UPDATE file_imports SET options = $3::text::json, preview = $4::text::json, errors = $5::bytea, expires_at = $6
WHERE id = $1 AND owner = $2 AND status = 'Previewed'
"""
_MARK = """
UPDATE file_imports SET status = 'Running', failure = NULL
WHERE id = $1 AND owner = $2 AND status IN ('Previewed', 'Failed')
"""
_BEGIN = """
UPDATE file_imports SET status = 'Running', failure = NULL, expires_at = $3
WHERE id = $1 AND owner = $2 AND status <> 'Deleted'
RETURNING name, content, options::text AS options
"""
_PROGRESS = f"""
UPDATE file_imports SET progress = $2::text::jsonb, expires_at = $3 WHERE id = $1 AND {_NOT_DELETED}
"""  # noqa: S608 - of constants
_DONE = f"""
UPDATE file_imports SET status = 'Done', progress = $2::text::jsonb, errors = $3::bytea, expires_at = $4
WHERE id = $1 AND {_NOT_DELETED}
"""  # noqa: S608 - of constants
_FOUND = f"UPDATE file_imports SET progress = progress || $2::text::jsonb WHERE id = $1 AND {_NOT_DELETED}"  # noqa: S608
_FAILED = f"""
UPDATE file_imports SET status = 'Failed', failure = $2::text::json, expires_at = $3
WHERE id = $1 AND {_NOT_DELETED}
"""  # noqa: S608 - of constants
_DELETE = f"UPDATE file_imports SET {_EMPTIED} WHERE id = $1 AND owner = $2 AND status = $3::text"  # noqa: S608
_DELETE_BATCHES = """
DELETE FROM file_import_batches USING file_imports WHERE import_id = id AND id = $1 AND status = 'Deleted'
"""
_TIDY = f"UPDATE file_imports SET {_EMPTIED} WHERE expires_at <= now() AND {_NOT_DELETED}"  # noqa: S608 - of constants
_TIDY_BATCHES = """
DELETE FROM file_import_batches USING file_imports WHERE import_id = id AND status = 'Deleted'
"""
_FORGET = "DELETE FROM file_imports WHERE status = 'Deleted' AND expires_at <= $1"
_KEEP_BATCH = """
INSERT INTO file_import_batches (import_id, kind, round, batch_id, outcome)
VALUES ($1, $2::text, $3::integer, $4, $5::text::jsonb)
ON CONFLICT DO NOTHING
"""
_BATCHES = """
SELECT kind, round, batch_id, outcome::text AS outcome FROM file_import_batches WHERE import_id = $1
ORDER BY kind, round, batch_id
"""


@dataclass(frozen=True)
class FileToImport:
    """A file with what is chosen of it."""

    name: str
    content: bytes
    options: FileImportOptions


@dataclass(frozen=True)
class FileImport:
    """An import without its file.

    Parameters
    ----------
    id, owner
        Its own, and the identity of who sent the file.
    request_hash
        Of what was sent.
    name, size
        Of the file; its size in bytes.
    options, status, preview, progress, failure
        What is chosen, where it is, what it would do, how far it is, and why it ended too early.
    created_at, expires_at
        When it was sent, and until when it is kept.
    """

    id: UUID
    owner: UUID
    request_hash: str
    name: str
    size: int
    options: FileImportOptions
    status: FileImportStatus
    preview: FileImportPreview
    progress: FileImportProgress | None
    failure: FileImportFailure | None
    created_at: datetime
    expires_at: datetime


BatchKey = tuple[str, int, UUID]
"""Kind of the rows, how often they were sent before, and the batch's id."""


class FileImports:
    """The imports of files; every method raises ``KnowledgeUnavailableError`` while PostgreSQL is away.

    Parameters
    ----------
    pool
        Where they are kept.
    kept
        How long after they were last touched.
    """

    def __init__(self, pool: Pool, kept: timedelta) -> None:
        self._pool = pool
        self._kept = kept

    async def put(
        self,
        import_id: UUID,
        owner: UUID,
        request_hash: str,
        file: FileToImport,
        preview: FileImportPreview,
        errors: bytes,
    ) -> None:
        """Keep a file; one that is kept under this id stays as it is."""
        moment = now()
        said = (file.options.model_dump_json(), preview.model_dump_json(), errors, moment, moment + self._kept)
        with translated():
            await self._pool.execute(_PUT, import_id, owner, request_hash, file.name, file.content, *said)

    async def get(self, import_id: UUID, owner: UUID) -> FileImport | None:
        """An import of this owner; None where there is none."""
        with translated():
            row = await self._pool.fetchrow(_GET, import_id, owner)
        return _import(row) if row else None

    async def page(self, owner: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[FileImport]:
        """The imports of this owner after a place, the newest first."""
        moment, last = after or (None, None)
        with translated():
            rows = await self._pool.fetch(_PAGE, owner, moment, last, limit)
        return [_import(row) for row in rows]

    async def file(self, import_id: UUID, owner: UUID) -> bytes | None:
        """What was sent."""
        with translated():
            found: bytes | None = await self._pool.fetchval(_FILE, import_id, owner)
        return found

    async def errors(self, import_id: UUID, owner: UUID) -> bytes | None:
        """The error file: the rows that would be refused, and once it has ended those that were."""
        with translated():
            found: bytes | None = await self._pool.fetchval(_ERRORS, import_id, owner)
        return found

    async def choose(
        self, import_id: UUID, owner: UUID, options: FileImportOptions, preview: FileImportPreview, errors: bytes
    ) -> bool:
        """Choose otherwise; False where it has begun, or is not there."""
        said = (options.model_dump_json(), preview.model_dump_json(), errors, now() + self._kept)
        with translated():
            return _touched(await self._pool.execute(_CHOOSE, import_id, owner, *said))

    async def mark_running(self, import_id: UUID, owner: UUID) -> None:
        """It was begun; one that has ended meanwhile stays as it is."""
        with translated():
            await self._pool.execute(_MARK, import_id, owner)

    async def begin(self, import_id: UUID, owner: UUID) -> FileToImport | None:
        """Begin, or go on: from now on nobody chooses otherwise; None where it was deleted."""
        with translated():
            row = await self._pool.fetchrow(_BEGIN, import_id, owner, now() + self._kept)
        if row is None:
            return None
        return FileToImport(row["name"], row["content"], FileImportOptions.model_validate_json(row["options"]))

    async def progress(self, import_id: UUID, progress: FileImportProgress) -> None:
        """Say how far it is."""
        with translated():
            await self._pool.execute(_PROGRESS, import_id, progress.model_dump_json(), now() + self._kept)

    async def done(self, import_id: UUID, progress: FileImportProgress, errors: bytes) -> None:
        """Every row stands or was refused; what was written may be found a little later."""
        with translated():
            await self._pool.execute(_DONE, import_id, progress.model_dump_json(), errors, now() + self._kept)

    async def searchable(self, import_id: UUID, rows: int) -> None:
        """So many rows can be found."""
        with translated():
            await self._pool.execute(_FOUND, import_id, orjson.dumps({"searchable": rows}).decode())

    async def failed(self, import_id: UUID, failure: FileImportFailure) -> None:
        """It ended before it was done."""
        with translated():
            await self._pool.execute(_FAILED, import_id, failure.model_dump_json(), now() + self._kept)

    async def delete(self, import_id: UUID, owner: UUID, status: FileImportStatus) -> bool:
        """Forget the file and all that is known of its import but its id; False where it is in that state no more."""
        with translated():
            deleted = _touched(await self._pool.execute(_DELETE, import_id, owner, status))
            await self._pool.execute(_DELETE_BATCHES, import_id)
        return deleted

    async def tidy(self) -> int:
        """Forget those that are too old, and long afterwards their ids; gives how many files there were."""
        with translated():
            files = int((await self._pool.execute(_TIDY)).rpartition(" ")[2])
            await self._pool.execute(_TIDY_BATCHES)
            await self._pool.execute(_FORGET, now() - _SPENT)
        return files

    async def keep_batch(self, import_id: UUID, key: BatchKey, outcome: BatchOutcome) -> None:
        """Keep what became of a batch."""
        with translated():
            await self._pool.execute(_KEEP_BATCH, import_id, *key, outcome.model_dump_json())

    async def batches(self, import_id: UUID) -> dict[BatchKey, BatchOutcome]:
        """What became of the batches that have ended."""
        with translated():
            rows: Sequence[Record] = await self._pool.fetch(_BATCHES, import_id)
        keys = ((row["kind"], row["round"], row["batch_id"]) for row in rows)
        return dict(zip(keys, (BatchOutcome.model_validate_json(row["outcome"]) for row in rows), strict=True))


def _touched(status: str) -> bool:
    """Whether a statement changed a row, by its command tag."""
    return not status.endswith(" 0")


def _import(row: Record) -> FileImport:
    progress, failure = row["progress"], row["failure"]
    return FileImport(
        id=row["id"],
        owner=row["owner"],
        request_hash=row["request_hash"],
        name=row["name"],
        size=row["bytes"],
        options=FileImportOptions.model_validate_json(row["options"]),
        status=FileImportStatus(row["status"]),
        preview=FileImportPreview.model_validate_json(row["preview"]),
        progress=FileImportProgress.model_validate_json(progress) if progress else None,
        failure=FileImportFailure.model_validate_json(failure) if failure else None,
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
