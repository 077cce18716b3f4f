"""What ``trm runs`` makes of what it is told."""

from typing import Any

import pytest
from rich.console import Console

from cli.gateway import path_of
from cli.runs import steps_of, table_of
from runtime.errors import UsageRefusedError

RUN: dict[str, Any] = {
    "workflowId": "tension/1",
    "agent": "TensionWorkflow",
    "status": "Running",
    "startedAt": "2026-03-01T09:00:00Z",
    "waitsFor": [
        {
            "on": "step",
            "name": "record",
            "attempt": 3,
            "until": "2026-03-01T09:00:08Z",
            "error": {"code": "graphUnavailable", "text": "the \x1b[31mgraph [red]is away"},
        }
    ],
    "steps": [{"name": "record", "how": "activity", "status": "Waiting", "attempts": 2, "error": {"code": "timedOut"}}],
}


def shown(table: Any) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_a_line_tells_what_a_run_waits_for_and_obeys_nothing_of_it() -> None:
    line = shown(table_of([RUN]))
    assert all(part in line for part in ("tension/1", "Running", "record, attempt 3 until", "graphUnavailable: the"))
    assert r"\x1b[31mgraph [red]is away" in line


def test_waits_that_name_nothing_are_said_in_words() -> None:
    waits = [{"on": "answer"}, {"on": "worker", "attempt": 4}, {"on": "time", "until": "2026-03-01T09:00:08Z"}]
    line = shown(table_of([{**RUN, "waitsFor": waits}]))
    assert all(part in line for part in ("an answer", "a worker, attempt 4", "until 2026-03-01"))


def test_a_step_tells_its_attempts_and_its_error_as_far_as_it_is_told() -> None:
    assert all(part in shown(steps_of(RUN)) for part in ("record", "activity", "Waiting", "2", "timedOut"))


def test_slashes_of_a_run_part_its_address_and_lead_nowhere_else() -> None:
    assert path_of("tension/a b?") == "tension/a%20b%3F"
    with pytest.raises(UsageRefusedError):
        path_of("../people")
