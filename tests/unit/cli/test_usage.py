"""Options that can never be right end a command with the exit code of wrong usage, before anything is asked."""

from pathlib import Path

import pytest

from cli.ending import ending_of
from cli.errors import Exit
from cli.main import app

ROWS = "Name,Email,Mail\nVo An,an@x.example,an@y.example\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--map", "bogus="], "there is no field 'bogus'"),
        (["--map", "email"], "say FIELD=COLUMN"),
        (["--map", "email=Nowhere"], "no column is called 'Nowhere'"),
        (["--map", "email=Email", "--map", "email=Mail"], "--map email=Email"),
        (["--time-zone", "Mars"], "Asia/Ho_Chi_Minh"),
        (["--delimiter", "ab"], "a delimiter is one character"),
        (["--encoding", "xx"], "utf-8"),
        (["--encoding", "unicode_escape"], "utf-8"),
        (["--errors", "."], "is a folder"),
        (["--errors", "nowhere/x.csv"], "there is no folder"),
        (["--batch", "5000"], "2000"),
        (["--dates", "year-first"], "day-first"),
    ],
)
def test_an_import_that_is_asked_for_wrongly_is_a_usage_error(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(ROWS, encoding="utf-8")
    assert ending_of(lambda: app(["import", "people", "people.csv", *options])) == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "bogus", "people.csv"], "recognitions, people, tensions, projects, tasks, comments can"),
        (["dead-letters", "replay"], "--all"),
        (["dead-letters", "replay", "x", "--all"], "--all"),
        (["person", "link", "0b6ab1a5-5f0e-4e44-8f0c-000000000000", "--subject", " "], "--subject"),
        (["stack", "up", "--only", "mars"], "unknown: mars"),
        (["stack", "up", "--without", "mars", "--detach"], "unknown: mars"),
        (["run", "--once", "--without", "mars"], "unknown: mars"),
    ],
)
def test_a_command_that_is_asked_for_wrongly_is_a_usage_error(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRM_HOME", str(tmp_path))
    Path("people.csv").write_text(ROWS, encoding="utf-8")
    assert ending_of(lambda: app(arguments)) == Exit.USAGE
    assert said in capsys.readouterr().err
