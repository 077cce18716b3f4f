"""Logs: begun anew while a server writes on, a few kept, and read from the end."""

from pathlib import Path

import pytest

from stack.logs import last_lines, rotate


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_small_log_and_an_absent_one_are_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    rotate(log, 10, 3)
    log.write_text("short", encoding="utf-8")
    rotate(log, 10, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["a.log"]


def test_the_newest_are_kept_and_an_open_file_writes_on(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with log.open("ab", buffering=0) as file:
        for number in range(5):
            file.write(f"log number {number}".encode())
            rotate(log, 10, 2)
        file.write(b"now")
    assert text(log) == "now"
    assert text(tmp_path / "a.log.1") == "log number 4"
    assert text(tmp_path / "a.log.2") == "log number 3"
    assert len(list(tmp_path.iterdir())) == 3


def test_none_kept_is_possible(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("long enough", encoding="utf-8")
    rotate(log, 5, 0)
    assert text(log) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.log"]


@pytest.mark.parametrize("lines", [0, 1, 3, 100_000])
def test_the_last_lines_are_read_whatever_the_size(tmp_path: Path, lines: int) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(lines)), encoding="utf-8")
    assert last_lines(log, 2) == [f"line {number}" for number in range(lines)][-2:]
    assert last_lines(tmp_path / "absent", 2) == []
