"""Every command ends with a documented exit code and a sentence; foreign text is shown as it is."""

import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from rich.console import Console
from temporalio.service import RPCError, RPCStatusCode

from cli.ending import ending_of
from cli.errors import Exit, say
from cli.foreign import plain, shown
from cli.why import render
from runtime.errors import RefusedError, UnavailableError, UsageRefusedError


class _Settings(BaseModel):
    port: int


def raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


class _Interrupting:
    def __set_name__(self, owner: type, name: str) -> None:
        raise KeyboardInterrupt


def made_while_interrupted() -> None:
    type("Loaded", (), {"field": _Interrupting()})


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (lambda: None, Exit.DONE, ""),
        (raising(SystemExit(0)), Exit.DONE, ""),
        (raising(SystemExit()), Exit.DONE, ""),
        (raising(SystemExit(2)), Exit.USAGE, ""),
        (raising(SystemExit("a sentence")), Exit.REFUSED, "a sentence"),
        (raising(KeyboardInterrupt()), Exit.INTERRUPTED, ""),
        (made_while_interrupted, Exit.INTERRUPTED, ""),
        (raising(BrokenPipeError()), Exit.REFUSED, ""),
        (raising(RefusedError("no [/x] here")), Exit.REFUSED, "refused: no [/x] here"),
        (raising(UsageRefusedError("--delimiter ab")), Exit.USAGE, "usageRefused: --delimiter ab"),
        (raising(UnavailableError("Kafka is away")), Exit.REFUSED, "is the stack up?"),
        (raising(ConnectionRefusedError(111, "Connection refused")), Exit.REFUSED, "does not answer"),
        (raising(TimeoutError()), Exit.REFUSED, "does not answer"),
        (raising(RPCError("gone", RPCStatusCode.UNAVAILABLE, b"")), Exit.REFUSED, "does not answer"),
        (raising(PermissionError(13, "Permission denied", "x.csv")), Exit.REFUSED, "x.csv"),
        (raising(KeyError("[/b]")), Exit.UNFORESEEN, "TRM_DEBUG=1"),
        (lambda: _Settings.model_validate({"port": "[/x]"}), Exit.USAGE, "port"),
    ],
)
def test_whatever_a_command_raises_is_a_sentence_and_a_code(
    command: Callable[[], object], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending_of(command) == code
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == bool(said)
    assert "Traceback" not in printed


def test_where_it_went_wrong_is_shown_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRM_DEBUG", "1")
    assert ending_of(raising(ValueError("[/x]"))) == Exit.UNFORESEEN
    assert "Traceback" in capsys.readouterr().err


FOREIGN = ("[/dev]", "[bold", "[/]", "[red]x[/red]", "\\[/x]", "a [link=http://x.example]b[/link]", ":smile: [/quote]")


def printed(*parts: object) -> str:
    out = StringIO()
    console = Console(file=out, width=500, color_system=None)
    console.print(*parts)
    return out.getvalue()


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_text_is_shown_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert text in printed(plain(text))
    say("refused:", ValueError(text))
    assert text in capsys.readouterr().err


@given(st.text())
def test_no_text_commands_the_terminal(text: str) -> None:
    said = shown(text)
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in said)
    assert not any(letter in said for letter in "\x7f\x9b\u202e\u2066")
    said.encode()
    printed(plain(text))


@pytest.mark.parametrize("text", FOREIGN)
def test_why_shows_a_content_as_it_is(text: str) -> None:
    state = {"rev": 1, "validFrom": text, "properties": {"content": text}, "removed": [text]}
    node = {"label": "Person", "id": "i", "name": text}
    relation = {"source": node, "type": text, "target": node, "validFrom": "v"}
    page = {
        "label": text,
        "id": "i",
        "properties": {"content": text, text: 1},
        "recordedBy": [],
        "states": [state],
        "relations": [relation],
        "moreRelations": False,
        "away": [text],
    }
    said = printed(*render(page))
    assert said.count(text) >= 6


def test_a_process_says_all_before_it_ends(tmp_path: Path) -> None:
    code = (
        "import atexit, sys, threading, time\n"
        "from cli.ending import ending_of, leave\n"
        "atexit.register(print, 'at the end')\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "def command():\n    print('x' * 100_000); sys.exit(3)\n"
        "leave(ending_of(command))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=50, check=False)
    assert (run.returncode, run.stderr) == (3, "")
    assert run.stdout == "x" * 100_000 + "\nat the end\n"


@pytest.mark.parametrize(
    ("arguments", "code"), [(["nonsense"], 2), (["import", "people", "no-such-file.csv"], 2), (["--help"], 0)]
)
def test_usage_has_a_code_of_its_own(arguments: list[str], code: int) -> None:
    run = subprocess.run([sys.executable, "-m", "cli", *arguments], capture_output=True, timeout=60, check=False)
    assert run.returncode == code
    assert b"Traceback" not in run.stderr
