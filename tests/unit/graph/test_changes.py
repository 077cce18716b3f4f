"""What a change answers: how the thing stands, and what follows from it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from graph import changes, provenance
from graph.outcomes import WriteOutcome
from ontology.changes import ChangeRecord, NodeChange
from ontology.commands import Change, Origin
from runtime.clock import now, rfc3339


class Standing:
    """A transaction whose graph has a project, and what was learnt from its WIN."""

    def __init__(self, project: UUID, *learnt: UUID) -> None:
        self._project = project
        self._learnt = learnt

    async def row(self, query: str, **_: Any) -> dict[str, Any] | None:
        assert query == provenance._ONE
        return {"id": str(self._project), "properties": {"name": "Calm hall"}, "targets": []}

    async def rows(self, query: str, **said: Any) -> list[dict[str, Any]]:
        assert (query, said["id"]) == (changes._LEARNT, str(self._project))
        return [{"id": str(one)} for one in self._learnt]


def hiding(project: UUID, visibility: str) -> tuple[Change, WriteOutcome]:
    """A change of who may see a project, and what it wrote."""
    moment = now()
    told: dict[str, Any] = {"event_id": uuid4(), "event_type": "PROJECT_CHANGED", "source": "urn:test"}
    origin = Origin(**told, occurred_at=moment, sent_at=moment, request_hash="0" * 64)
    node = NodeChange(label="Project", id=project, rev=2, valid_from=moment, properties={"visibility": visibility})
    record = ChangeRecord(
        event={"id": str(origin.event_id), "occurredAt": rfc3339(moment), "recordedAt": rfc3339(moment)}, nodes=[node]
    )
    command = Change(id=project, origin=origin, label="Project", values={"visibility": visibility})
    return command, WriteOutcome(outcome="created", records=[record])


@pytest.mark.parametrize(("visibility", "gone"), [("parties", True), ("everyone", False)])
async def test_what_was_learnt_from_a_project_goes_out_of_sight_with_it(visibility: str, gone: bool) -> None:
    project, snippet = uuid4(), uuid4()
    command, written = hiding(project, visibility)
    transaction: Any = Standing(project, snippet)
    answer = await changes._answer(transaction, command, written)
    told = [(one.label, one.id, one.values, one.origin.cause) for one in answer.follows]
    withdrawal = ("KnowledgeSnippet", snippet, {"status": "Archived"}, command.origin.event_id)
    assert told == ([withdrawal] if gone else [])
