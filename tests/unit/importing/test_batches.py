"""Batches: the same rows give the same batches and ids; the error file can be corrected and imported."""

from pathlib import Path
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from importing.batches import batches, command_of
from importing.error_file import error_file_of, write_errors
from importing.kinds import import_kind
from importing.quoting import Line
from importing.rows import BadRow, GoodRow
from importing.table import CsvTable
from ontology.imports import ImportRow
from ontology.references import Caller
from runtime.clock import now
from runtime.settings import ImportSettings

CALLER = Caller(issuer="urn:trm:operator", subject="an")


def row(size: int = 100) -> GoodRow:
    return GoodRow(Line(2, []), ImportRow(id=uuid4(), content={}), "0" * 64, size)


@given(st.lists(st.integers(1, 1000), max_size=40), st.integers(1, 10), st.integers(1, 2000))
def test_batches_keep_every_row_in_order_and_their_limits(sizes: list[int], most: int, limit: int) -> None:
    rows = [row(size) for size in sizes]
    made = list(batches(rows, ImportSettings(batch_rows=most, batch_bytes=limit)))
    assert [one for batch in made for one in batch] == rows
    assert all(len(batch) <= most for batch in made)
    assert all(len(batch) == 1 or sum(one.size for one in batch) <= limit for batch in made)


def test_a_batch_is_known_by_its_rows_alone() -> None:
    rows, kind = [row(), row()], import_kind("recognitions")
    first, again = (command_of(kind, rows, "urn:trm", now(), CALLER) for _ in range(2))
    assert (first.id, first.origin.request_hash) == (again.id, again.origin.request_hash)
    assert command_of(kind, rows[:1], "urn:trm", now(), CALLER).id != first.id
    assert command_of(import_kind("people"), rows, "urn:trm", now(), CALLER).id != first.id


def test_a_corrected_error_file_is_a_file_to_import(tmp_path: Path) -> None:
    path = tmp_path / "praise.csv"
    path.write_text('From;To;Message\nan;;"a;b"\nmai\n', encoding="utf-8")
    table = CsvTable(path)
    lines = list(table.rows())
    bad = [BadRow(lines[1], "", "rowUnreadable", "short"), BadRow(lines[0], "To", "valueMissing", "to is missing")]
    target = error_file_of(path)
    write_errors(target, table, bad)
    assert target.name == "praise.errors.csv"
    errors = CsvTable(target)
    assert errors.header == ["trm:line", "trm:column", "trm:code", "trm:message", "From", "To", "Message"]
    written = [line.cells for line in errors.rows()]
    assert written == [
        ["2", "To", "valueMissing", "to is missing", "an", "", "a;b"],
        ["3", "", "rowUnreadable", "short", "mai", "", ""],
    ]
    write_errors(tmp_path / "again.csv", errors, [BadRow(next(errors.rows()), "To", "x", "y")])
    assert CsvTable(tmp_path / "again.csv").header == errors.header


def test_an_error_file_somebody_corrected_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "praise.csv"
    path.write_text("From,To\nan,\n", encoding="utf-8")
    table = CsvTable(path)
    bad = [BadRow(next(table.rows()), "To", "valueMissing", "to is missing")]
    target = error_file_of(path)
    write_errors(target, table, bad)
    write_errors(target, table, bad)
    assert not target.with_name(f"{target.name}.bak").exists()
    target.write_text("corrected", encoding="utf-8")
    write_errors(target, table, [])
    assert not target.exists()
    assert target.with_name(f"{target.name}.bak").read_text(encoding="utf-8") == "corrected"
