"""Rows go out in batches; a batch's id derives from its rows, so that a repetition finds its run."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from importing.kinds import ImportKind
from importing.rows import GoodRow
from ontology import ids
from ontology.commands import Origin
from ontology.imports import ImportRows
from ontology.references import Caller
from runtime.settings import ImportSettings


def batches(rows: Iterable[GoodRow], settings: ImportSettings) -> Iterator[list[GoodRow]]:
    """Rows in batches of at most so many rows and bytes; the same rows give the same batches."""
    batch: list[GoodRow] = []
    size = 0
    for row in rows:
        if batch and (len(batch) == settings.batch_rows or size + row.size > settings.batch_bytes):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.size
    if batch:
        yield batch


def command_of(kind: ImportKind, batch: Sequence[GoodRow], source: str, moment: datetime, caller: Caller) -> ImportRows:
    """The command that writes a batch; its id is the same for whoever imports the same rows."""
    batch_id = ids.import_batch(kind.name, [(row.row.id, row.digest) for row in batch])
    origin = Origin(
        event_id=batch_id,
        event_type=kind.kind.recorded,
        source=source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=hashlib.sha256(batch_id.bytes).hexdigest(),
        caller=caller,
    )
    return ImportRows(id=batch_id, origin=origin, kind=kind.name, rows=[row.row for row in batch])
