"""What ``trm live`` makes of what it is sent, whoever wrote it."""

import json
from collections.abc import AsyncIterator
from typing import Any

from cli.live import line, messages

EVENT: dict[str, Any] = {
    "id": "e",
    "type": "TENSION_REPORTED",
    "data": {
        "recordedAt": "2026-03-01T09:00:00Z",
        "subject": {"label": "Tension", "id": "t", "name": "The \x1b[31mpump [red]is loud"},
        "sentBy": {"fullName": "Mai Đỗ"},
    },
}


async def lines(*some: str) -> AsyncIterator[str]:
    for one in some:
        yield one


async def test_events_are_told_apart_from_signs_of_life_and_each_has_its_place() -> None:
    sent = (
        "id: 1",
        "event: alive",
        "data: {}",
        "",
        "id: 2",
        f"event: {EVENT['type']}",
        f"data: {json.dumps(EVENT)}",
        "",
    )
    found = [one async for one in messages(lines(*sent, "event: end", "data: tokenExpired", ""))]
    assert found == [("1", None), ("2", EVENT), ("", None)]


def test_a_line_shows_what_others_wrote_and_obeys_nothing_of_it() -> None:
    shown = line(EVENT)
    assert "TENSION_REPORTED  Tension The \\x1b[31mpump [red]is loud  Mai Đỗ" in shown.plain
    nobody = {**EVENT, "data": {**EVENT["data"], "sentBy": None, "agent": "SweepWorkflow"}}
    assert line(nobody).plain.endswith("SweepWorkflow")
