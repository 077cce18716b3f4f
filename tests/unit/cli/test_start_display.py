"""What a start shows where nothing can be drawn anew: a line for each server that changes."""

import io
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from cli import stack
from stack.state import ServerState
from stack.supervisor import Health


def test_a_log_has_a_line_for_each_server_that_became_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    written, states = io.StringIO(), {"neo4j": ServerState("neo4j")}
    monkeypatch.setattr(stack, "console", Console(file=written, force_terminal=False))
    monkeypatch.setattr(stack, "_LOGGED_EVERY", 0.01)
    display, known = stack.StartDisplay(), threading.Event()
    supervisor: Any = SimpleNamespace(states=states)

    def prints(text: str) -> int:
        known.set()
        return io.StringIO.write(written, text)

    monkeypatch.setattr(written, "write", prints, raising=False)
    with display.shown():
        display.starting(supervisor)
        states["neo4j"].health = Health.STARTING
        assert known.wait(10)
        states["neo4j"].health = Health.READY
    assert [line.partition(" after ")[0] for line in written.getvalue().splitlines()] == [
        "neo4j starting",
        "neo4j ready",
    ]
