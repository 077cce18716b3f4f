"""What is wrong with the system: which runs count, what is told of it, and the way of a tension to its end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError, TimeoutType
from temporalio.exceptions import TimeoutError as RunTimeoutError

from activities.system_watch import _TOWARDS_THE_END, SystemWatchActivities, Trouble, report_of
from ontology.enums import TensionStatus
from ontology.lifecycles import LIFECYCLES
from runtime.clock import now
from runtime.settings import EventSettings


def test_every_step_towards_the_end_is_one_that_may_be_taken_and_the_end_is_reached() -> None:
    lifecycle = LIFECYCLES["Tension"]
    for state, following in _TOWARDS_THE_END.items():
        assert following in lifecycle.allowed(state)
        reached, steps = state, 0
        while reached in _TOWARDS_THE_END:
            reached, steps = _TOWARDS_THE_END[reached], steps + 1
        assert (reached, steps <= 4) == (TensionStatus.RESOLVED, True)


def test_a_trouble_is_reported_under_one_id_each_time_it_comes() -> None:
    trouble = Trouble(cause="rule/x", title="x" * 300, facts="why")
    first, again = (report_of(trouble, 0, "urn:test", now()) for _ in range(2))
    assert (first.id, first.origin.event_id) == (again.id, again.origin.event_id)
    assert report_of(trouble, 1, "urn:test", now()).id != first.id
    assert report_of(trouble.model_copy(update={"cause": "rule/y"}), 0, "urn:test", now()).id != first.id
    assert first.content["detector"] == {"fullName": "TRM-OS", "handle": "trm-os"}


class Runs:
    """A Temporal client that knows some runs that failed, each for its reason."""

    def __init__(self, reasons: dict[str, BaseException | None]) -> None:
        self._reasons = reasons

    async def list_workflows(self, _query: str, limit: int) -> AsyncIterator[Any]:
        for run_id in [*self._reasons][:limit]:
            yield SimpleNamespace(id=run_id, workflow_type="RecordWorkflow")

    def get_workflow_handle(self, run_id: str) -> Any:
        reason = self._reasons[run_id]

        async def describe() -> Any:
            return SimpleNamespace(close_time=None if run_id == "running" else now())

        async def result(**_: Any) -> None:
            if reason is not None:
                raise WorkflowFailureError(cause=reason)

        return SimpleNamespace(describe=describe, result=result)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ApplicationError("no", type="selfRecognition"), None),
        (ApplicationError("oops", type="KeyError"), "KeyError"),
        (RunTimeoutError("late", type=TimeoutType.START_TO_CLOSE, last_heartbeat_details=[]), "timeout"),
        (None, None),
    ],
)
async def test_only_what_nobody_foresaw_is_a_trouble_of_the_system(reason: BaseException | None, told: str) -> None:
    runs: Any = Runs({"failed": reason, "running": ApplicationError("oops", type="KeyError")})
    graph: Any = None
    steps = SystemWatchActivities(graph, runs, EventSettings(), {}, timedelta(days=1))
    found = await steps._failed()
    assert [one.cause for one in found] == ([f"runs/RecordWorkflow/{told}"] if told else [])
    assert all("running" not in one.facts for one in found)
