"""Files to be imported in PostgreSQL: kept for their owner and for a time, and counted batch by batch."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from knowledge.file_imports import FileImports, FileToImport
from knowledge.pool import Pool
from ontology.file_imports import (
    BatchOutcome,
    FileImportFailure,
    FileImportOptions,
    FileImportPart,
    FileImportPreview,
    FileImportProgress,
    FileImportRefusal,
    FileImportStatus,
)

pytestmark = pytest.mark.servers

ODD = FileImportRefusal(line=2, column="a\0b", code="valueInvalid", message="\0: is refused")
PREVIEW = FileImportPreview(
    rows=1,
    columns=[],
    missing=[],
    first=[],
    good=0,
    repeated=0,
    refused=1,
    besides=0,
    refusals=[ODD],
    codes={"valueInvalid": 1},
    asked=0,
)
FILE = FileToImport("staff.csv", b"Name\n\0\n", FileImportOptions(kind="people"))


async def kept(files: FileImports, owner: UUID) -> UUID:
    import_id = uuid4()
    await files.put(import_id, owner, "0" * 64, FILE, PREVIEW, b"errors")
    return import_id


async def test_a_file_is_given_to_its_owner_as_it_was_sent(pool: Pool) -> None:
    files, owner = FileImports(pool, timedelta(hours=1)), uuid4()
    import_id = await kept(files, owner)
    await files.put(import_id, owner, "1" * 64, FILE, PREVIEW, b"another")
    found = await files.get(import_id, owner)
    assert found is not None
    assert (found.request_hash, found.size, found.preview, found.status) == ("0" * 64, 7, PREVIEW, "Previewed")
    assert (await files.file(import_id, owner), await files.errors(import_id, owner)) == (FILE.content, b"errors")
    stranger = uuid4()
    assert await files.get(import_id, stranger) is None
    assert await files.file(import_id, stranger) is None
    assert await files.errors(import_id, stranger) is None
    assert await files.begin(import_id, stranger) is None
    assert not await files.choose(import_id, stranger, FILE.options, PREVIEW, b"")
    assert not await files.delete(import_id, stranger, FileImportStatus.PREVIEWED)
    assert not await files.delete(import_id, owner, FileImportStatus.RUNNING), "it is in another state"
    assert await files.get(import_id, owner) == found


async def test_options_change_until_it_begins_and_it_is_followed_to_its_end(pool: Pool) -> None:
    files, owner = FileImports(pool, timedelta(hours=1)), uuid4()
    import_id = await kept(files, owner)
    other = FileImportOptions(kind="people", source="hr")
    assert await files.choose(import_id, owner, other, PREVIEW, b"mended")
    begun = await files.begin(import_id, owner)
    assert begun == FileToImport(FILE.name, FILE.content, other)
    assert not await files.choose(import_id, owner, FILE.options, PREVIEW, b"")
    progress = FileImportProgress(rows=FileImportPart(kind="people", total=1, written=1), to_be_found=1)
    await files.progress(import_id, progress)
    await files.failed(import_id, FileImportFailure(code="batchEnded", detail="\0 ended"))
    found = await files.get(import_id, owner)
    assert found is not None
    assert (found.status, found.progress, found.failure and found.failure.code) == ("Failed", progress, "batchEnded")
    await files.mark_running(import_id, owner)
    await files.done(import_id, progress, b"last")
    await files.mark_running(import_id, owner)
    await files.searchable(import_id, 1)
    found = await files.get(import_id, owner)
    assert found is not None
    assert (found.status, found.failure) == (FileImportStatus.DONE, None)
    assert found.progress == progress.model_copy(update={"searchable": 1})
    assert await files.errors(import_id, owner) == b"last"


async def test_what_became_of_a_batch_is_kept_once(pool: Pool) -> None:
    files, batch = FileImports(pool, timedelta(hours=1)), uuid4()
    import_id = await kept(files, uuid4())
    first = BatchOutcome(written=2, texts=[("run", 2)], runs=["r"])
    await files.keep_batch(import_id, ("people", 0, batch), first)
    await files.keep_batch(import_id, ("people", 0, batch), BatchOutcome(same=2))
    await files.keep_batch(import_id, ("people", 1, batch), BatchOutcome(same=1))
    assert await files.batches(import_id) == {
        ("people", 0, batch): first,
        ("people", 1, batch): BatchOutcome(same=1),
    }


async def test_a_deleted_or_old_file_is_gone_and_its_key_stands_for_nothing_else(pool: Pool) -> None:
    files, owner = FileImports(pool, timedelta(hours=1)), uuid4()
    import_id = await kept(files, owner)
    await files.keep_batch(import_id, ("people", 0, uuid4()), BatchOutcome())
    assert await files.delete(import_id, owner, FileImportStatus.PREVIEWED)
    progress = FileImportProgress(rows=FileImportPart(kind="people", total=1))
    await files.progress(import_id, progress)
    await files.failed(import_id, FileImportFailure(code="fileGone", detail="late"))
    await files.done(import_id, progress, b"late")
    assert await files.get(import_id, owner) is None
    assert await files.begin(import_id, owner) is None
    assert await files.batches(import_id) == {}
    assert await files.page(owner, None, 10) == []
    assert await pool.fetchval("SELECT octet_length(content) FROM file_imports WHERE id = $1", import_id) == 0
    await files.put(import_id, owner, "1" * 64, FILE, PREVIEW, b"")
    assert await files.get(import_id, owner) is None
    old = FileImports(pool, timedelta(seconds=-1))
    import_id = await kept(old, owner)
    assert await old.get(import_id, owner) is None
    assert await old.tidy() == 1
    assert await pool.fetchval("SELECT octet_length(content) FROM file_imports WHERE id = $1", import_id) == 0
    await files.put(import_id, owner, "1" * 64, FILE, PREVIEW, b"")
    assert await files.get(import_id, owner) is None, "Temporal still knows the run of this id"
    await pool.execute("UPDATE file_imports SET expires_at = now() - interval '91 days' WHERE id = $1", import_id)
    await old.tidy()
    assert await pool.fetchval("SELECT count(*) FROM file_imports WHERE id = $1", import_id) == 0


async def test_pages_go_on_after_the_last_one(pool: Pool) -> None:
    files, owner = FileImports(pool, timedelta(hours=1)), uuid4()
    made = [await kept(files, owner) for _ in range(3)]
    first = await files.page(owner, None, 2)
    rest = await files.page(owner, (first[-1].created_at, first[-1].id), 2)
    assert [one.id for one in first + rest] == made[::-1]
