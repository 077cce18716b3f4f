"""A file that was sent, and what is chosen of it, as an import; and its preview as it is told."""

from collections import Counter

from importing.columns import EXTERNAL_ID, fields_of
from importing.job import Chosen, ImportJob
from importing.kinds import import_kind
from importing.preview import Preview
from importing.rows import BadRow
from importing.table import NOTES, HeldFile, delimiter_named
from ontology.file_imports import (
    FileImportColumn,
    FileImportOptions,
    FileImportPreview,
    FileImportRefusal,
    FileImportRow,
)

_REFUSALS = 10
"""Refused rows that a preview tells; the error file has all."""


def job_of(file: HeldFile, options: FileImportOptions, most: int | None = None) -> ImportJob:
    """The import of a file of at most so many rows; the options name a time zone.

    Raises
    ------
    RefusedError
        The file cannot be read, or what is chosen cannot be; the pointer leads into the options, or to ``/file``.
    """
    chosen = Chosen(
        kind=import_kind(options.kind),
        file=file,
        told=options.mapping,
        source=options.source,
        delimiter=delimiter_named(options.delimiter),
        encoding=options.encoding,
        separator=options.separator,
        time_zone=options.time_zone,
        dates=options.dates,
    )
    return ImportJob(chosen, most)


def told(job: ImportJob, found: Preview) -> FileImportPreview:
    """A preview as it is told."""
    targets = {place: target for target, places in job.mapped.items() for place in places}
    columns = [
        FileImportColumn(name=_writable(name), field=targets.get(place))
        for place, name in enumerate(job.table.labels)
        if not name.startswith(NOTES)
    ]
    used = {target.partition(".")[0] for target in job.mapped}
    refused = sorted(found.bad, key=lambda row: row.line.number)
    return FileImportPreview(
        rows=job.total,
        columns=columns,
        missing=[name for name in (EXTERNAL_ID, *fields_of(job.chosen.kind.content)) if name not in used],
        first=[FileImportRow(line=one.line.number, id=one.row.id, content=one.row.content) for one in found.first],
        good=job.total - len(refused),
        repeated=found.repeated,
        refused=len(refused),
        besides=found.besides,
        refusals=[_refusal(row) for row in refused[:_REFUSALS]],
        codes=dict(Counter(row.code for row in refused)),
        asked=found.asked,
        new=found.new,
    )


def _refusal(row: BadRow) -> FileImportRefusal:
    return FileImportRefusal(
        line=row.line.number, column=_writable(row.column), code=row.code, message=_writable(row.message)
    )


def _writable(text: str) -> str:
    """The text with halves of characters, which no encoding writes, written out."""
    return text.encode("utf-8", "backslashreplace").decode()
