"""Files as people have them: marks, delimiters, quotes, line breaks in cells, and rows that are not rows."""

import contextlib
import csv
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importing.cells import CellReader, CellRefusedError
from importing.columns import ImportField
from importing.errors import FileRefusedError
from importing.profile import shape_of
from importing.table import DELIMITERS, CsvTable

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
CELL = st.one_of(
    TEXT.filter(lambda cell: len(f"{cell}.".splitlines()) < 2).map(lambda cell: f"so {cell}" if cell.strip() else cell),
    st.builds("some {}\nwords and more {}".format, TEXT, TEXT),
)
"""Words, as somebody may write them. A mark before a line that looks like a row may be one that was left open, and what
looks like a row is told by columns of numbers, moments and the like, of which these tables have none."""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def cells_of(table: CsvTable) -> list[list[str]]:
    return [line.cells for line in table.rows()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8), delimiter=st.sampled_from(DELIMITERS), mark=st.booleans()
)
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str, mark: bool
) -> None:
    path = tmp_path / "written.csv"
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([("From", "To", "Message"), *rows])
    table = CsvTable(path, delimiter)
    assert table.header == ["From", "To", "Message"]
    assert cells_of(table) == [list(row) for row in rows if any(cell.strip() for cell in row)]
    assert all(line.broken is None for line in table.rows())


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    other = "," if delimiter != "," else ";"
    rows = [("From", "To", "Message"), ("an", "mai", f"one{other} two{other} three"), ("b", "c", "d")]
    path = tmp_path / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    assert CsvTable(path).delimiter == delimiter


def test_a_spreadsheets_delimiter_line_is_obeyed_and_line_numbers_count_it(tmp_path: Path) -> None:
    table = CsvTable(written(tmp_path, "sep=|\r\nFrom|Message\r\nan|a, b; c\r\n"))
    [line] = table.rows()
    assert (line.cells, line.number) == (["an", "a, b; c"], 3)


def test_lines_are_counted_through_line_breaks_in_cells_and_blank_rows(tmp_path: Path) -> None:
    table = CsvTable(written(tmp_path, 'From,Message\nan,"two\nlines"\n\n,\nmai,one\n'))
    assert [line.number for line in table.rows()] == [2, 6]
    assert table.count() == 2


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("an", ["an", "", ""]),
        ("an,mai", ["an", "mai", ""]),
        ("an,mai,good,,  ,", ["an", "mai", "good"]),
        ("an,mai,good,too,many", None),
        ("an,mai,good,,many", None),
    ],
)
def test_missing_ends_are_empty_and_surplus_text_is_refused(tmp_path: Path, row: str, cells: list[str] | None) -> None:
    table = CsvTable(written(tmp_path, f"From,To,Message\n{row}\nlinh,an,other\n"))
    first, second = table.rows()
    assert second.cells == ["linh", "an", "other"]
    if cells is None:
        assert "stands in no column" in (first.broken or "")
    else:
        assert (first.cells, first.broken) == (cells, None)


@pytest.mark.parametrize(
    ("text", "encoding"), [("", "utf-8-sig"), ("Tên,Ghi chú\nMai,á\n".encode("cp1258", "replace"), "utf-8-sig")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, encoding: str) -> None:
    with pytest.raises(FileRefusedError):
        CsvTable(written(tmp_path, text), None, encoding).count()


def test_another_encoding_is_read_when_it_is_named(tmp_path: Path) -> None:
    table = CsvTable(written(tmp_path, "From,Message\nMüller,Grüße\n".encode("utf-16")), None, "utf-16")
    assert cells_of(table) == [["Müller", "Grüße"]]


def test_a_header_without_names_is_numbered_in_no_time_and_too_many_columns_are_no_table(tmp_path: Path) -> None:
    table = CsvTable(written(tmp_path, "Name," + "," * 900 + "Email\nan" + "," * 902 + "\n"))
    assert table.labels[1:4] == ["#1", "#2", "#3"]
    with pytest.raises(FileRefusedError, match="columns"):
        CsvTable(written(tmp_path, "Name" + "," * 100_000 + "\nan\n"))


def test_a_bare_cell_has_a_longest_length_too(tmp_path: Path) -> None:
    [line] = CsvTable(written(tmp_path, "From,Message\nan," + "x" * 100_001 + "\n")).rows()
    assert line.broken is not None
    assert "100000 characters" in line.broken


def test_rows_are_counted_no_further_than_asked(tmp_path: Path) -> None:
    table = CsvTable(written(tmp_path, "From,Message\n" + "an,hi\n" * 9))
    assert (table.count(), table.count(3)) == (9, 4)


@pytest.mark.parametrize("cell", ["a@" + "." * 90_000 + "@", "a" + " " * 90_000 + "b", "(" * 90_000])
def test_no_cell_keeps_the_patterns_busy(cell: str) -> None:
    assert shape_of(cell) in {"", "code", "address"}
    with contextlib.suppress(CellRefusedError):
        CellReader(UTC).read(ImportField("giver", "person", required=True), {"": cell})
