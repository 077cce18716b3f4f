"""What runs by schedule, and what was taken off it."""

from datetime import timedelta
from typing import Any, cast

import pytest
from temporalio.client import Client, Schedule
from temporalio.service import RPCError, RPCStatusCode

from workers.schedules import MODEL, ensure
from workflows.model import ModelWorkflow


class Schedules:
    """The schedules of a server, by name."""

    def __init__(self) -> None:
        self.held: dict[str, Schedule] = {}
        self.error = RPCStatusCode.NOT_FOUND

    async def create_schedule(self, name: str, schedule: Schedule) -> None:
        self.held[name] = schedule

    def get_schedule_handle(self, name: str) -> Any:
        schedules = self

        class Handle:
            async def delete(self) -> None:
                if name not in schedules.held:
                    raise RPCError("no", schedules.error, b"")
                del schedules.held[name]

        return Handle()


async def brought_about(server: Schedules, every: timedelta) -> None:
    await ensure(cast("Client", server), MODEL, ModelWorkflow, "queue", every)


async def test_what_has_no_interval_is_taken_away_if_it_stands() -> None:
    server = Schedules()
    await brought_about(server, timedelta(days=7))
    assert [interval.every for interval in server.held[MODEL].spec.intervals] == [timedelta(days=7)]
    for _ in range(2):
        await brought_about(server, timedelta())
        assert server.held == {}


async def test_a_server_that_is_away_says_so() -> None:
    server = Schedules()
    server.error = RPCStatusCode.UNAVAILABLE
    with pytest.raises(RPCError):
        await brought_about(server, timedelta())
