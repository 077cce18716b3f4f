"""What has ended stays as it was: its tasks, who took part, what it was to be; and what rests begins no work."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from graph.changes import _check_at_work, _typed
from graph.errors import ProjectEndedError, ProjectOnHoldError
from graph.node_states import NodeState, state_of
from graph.tasks import check_task
from ontology.commands import Change, Origin, Resolving
from ontology.rules import GRAPH_RULES
from ontology.views import NodeView, Target
from runtime.clock import now

ENDED = ("Completed", "Cancelled", "Failed", "Archived")


class Standing:
    """A transaction whose graph has a project at a state."""

    def __init__(self, status: str) -> None:
        self._status = status

    async def row(self, _: str, **__: Any) -> dict[str, Any]:
        return {"id": str(uuid4()), "status": self._status}


async def checked(project: str, task: str, to: str | None) -> None:
    transaction: Any = Standing(project)
    await check_task(transaction, state_of("Task", {"id": str(uuid4()), "rev": 1, "status": task}, []), to)


@pytest.mark.parametrize("project", ENDED)
@pytest.mark.parametrize(("task", "to"), [("Done", None), ("Cancelled", None), ("Open", None), ("Done", "InProgress")])
async def test_a_task_of_what_has_ended_is_not_changed(project: str, task: str, to: str | None) -> None:
    with pytest.raises(ProjectEndedError) as refused:
        await checked(project, task, to)
    assert refused.value.pointer == (to and "/to")


@pytest.mark.parametrize(("task", "to"), [("Open", "Cancelled"), ("InProgress", "Done"), ("OnHold", "Cancelled")])
async def test_what_is_left_to_do_there_comes_to_its_end(task: str, to: str) -> None:
    await checked("Completed", task, to)


@pytest.mark.parametrize("task", ["Open", "OnHold", "Done"])
async def test_no_work_begins_in_what_rests(task: str) -> None:
    with pytest.raises(ProjectOnHoldError):
        await checked("OnHold", task, "InProgress")
    for to in (None, "OnHold", "Cancelled"):
        await checked("OnHold", task, to)
    await checked("Active", task, "InProgress")


def project_at(status: str) -> NodeState:
    moment, mine = now(), str(uuid4())
    held = {"id": mine, "rev": 4, "createdAt": moment, "updatedAt": moment, "name": "Calm", "status": status}
    return state_of("Project", {**held, "foldedName": "calm", "nameKey": "calm", "provisional": False}, [])


def change(**said: Any) -> Change:
    told: dict[str, Any] = {"event_type": "PROJECT_CHANGED", "source": "urn:test", "request_hash": "0" * 64}
    origin = Origin(event_id=uuid4(), occurred_at=now(), sent_at=now(), **told)
    return Change(id=uuid4(), label="Project", origin=origin, **{"values": {}, **said})


@pytest.mark.parametrize("status", ["Completed", "Cancelled", "Failed"])
@pytest.mark.parametrize(
    "said",
    [
        {"values": {"goal": "Another"}},
        {"values": {"plannedEndAt": "2030-01-01T00:00:00Z"}},
        {"links": {"cites_ids": []}},
        {"resolving": [Resolving(tension=UUID(int=1), ends=True)]},
        {"values": {"visibility": "parties", "goal": "Another"}},
    ],
)
def test_what_a_project_was_to_be_is_history_once_it_has_ended(status: str, said: dict[str, Any]) -> None:
    project, command = project_at(status), change(**said)
    with pytest.raises(ProjectEndedError):
        _check_at_work(project, _typed(project, command), command)
    at_work = project_at("Active")
    _check_at_work(at_work, _typed(at_work, command), command)


@pytest.mark.parametrize(
    "said",
    [
        {"values": {"status": "Archived"}},
        {"values": {"visibility": "parties"}, "links": {"visible_to": []}},
        {"values": {"name": "Calm"}},
        {"resolving": [Resolving(tension=UUID(int=1))]},
    ],
)
def test_it_is_put_away_and_shown_to_others(said: dict[str, Any]) -> None:
    project, command = project_at("Completed"), change(**said)
    _check_at_work(project, _typed(project, command), command)


def test_whoever_is_given_a_task_is_looked_at_whether_it_is_running_or_not() -> None:
    [rule] = [one for one in GRAPH_RULES if one.code == "ownerNotParticipant" and not one.audited]

    def task(*owners: int) -> NodeView:
        targets = [Target(relation="OWNED_BY", label="Person", id=UUID(int=one)) for one in owners]
        return NodeView(label="Task", id=UUID(int=9), properties={"status": "Done"}, targets=targets)

    assert rule.concerns(task(1), task())
    assert rule.concerns(task(2), task(1))
    assert not rule.concerns(task(1), task(1)), "who has left keeps what they have done"
    assert not rule.concerns(task(), task(1))
    assert not rule.concerns(task(1), None), "of a task that is taken over as it ended nobody asks"
    assert "n.status" not in rule.breaks
