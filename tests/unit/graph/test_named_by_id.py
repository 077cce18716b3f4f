"""What is named by its id and may not be seen is as if it were not there, in records, corrections and snippets."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from graph import named_by_id, people_reads
from graph.database import Transaction
from graph.errors import ReferenceRefusedError, ReferenceUnknownError
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.recording import ThingRecorder
from graph.relinking import relink
from graph.snippet_writes import _cite
from ontology.commands import Change, IndexKnowledge, Origin, Record
from ontology.events import KnowledgeSnippetUpserted
from ontology.kinds import KINDS
from ontology.references import Caller
from runtime.clock import now

HIDDEN = uuid4()
"""A snippet that stands, and that nobody sees who looks."""

CALLER = Caller(issuer="urn:issuer", subject="u-olga")


class Graph(Transaction):
    """A transaction whose graph knows the hidden snippet, and nobody."""

    def __init__(self) -> None:
        """Nothing is needed."""

    async def row(self, query: str, **parameters: Any) -> dict[str, Any] | None:
        return next(iter(await self.rows(query, **parameters)), None)

    async def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        if query == people_reads._BEHIND_SET:
            return [{"id": None, "merged": [], "projects": []}]
        if query == named_by_id._THERE and not parameters["asViewer"]:
            return [{"label": one["label"], "id": one["id"], "archived": False} for one in parameters["wanted"]]
        return []


def origin(event: str, caller: Caller | None) -> Origin:
    told: dict[str, Any] = {"event_id": uuid4(), "event_type": event, "source": "urn:test", "request_hash": "0" * 64}
    return Origin(**told, occurred_at=now(), sent_at=now(), caller=caller)


def node(label: str) -> NodeState:
    return NodeState(label, {"id": str(uuid4()), "rev": 1, "createdAt": now()}, [], now())


async def corrected(label: str, caller: Caller | None) -> list[UUID]:
    command = Change(
        id=uuid4(),
        label=label,
        origin=origin("X", caller),
        values={},
        links={"cites_ids": [{"id": str(HIDDEN)}]},
    )
    graph, one = Graph(), node(label)
    await relink(graph, Ledger(graph, command.origin, Run("w", "r")), one, KINDS[label], command)
    return [relation.target.id for relation in one.held("CITES")]


@pytest.mark.parametrize("label", ["Project", "KnowledgeSnippet"])
async def test_a_correction_names_nothing_that_its_sender_may_not_see(label: str) -> None:
    with pytest.raises(ReferenceRefusedError) as refused:
        await corrected(label, CALLER)
    assert (refused.value.code, refused.value.pointer) == ("referenceUnknown", "/citesIds/0")
    assert await corrected(label, None) == [HIDDEN], "an agent names what there is"


async def cited(caller: Caller | None) -> list[UUID]:
    said = KnowledgeSnippetUpserted(content="built on it", kind="note", revision=1, cites_ids=[HIDDEN])
    command = IndexKnowledge(id=uuid4(), origin=origin("KNOWLEDGE_SNIPPET_UPSERTED", caller), snippet=said)
    graph, one = Graph(), node("KnowledgeSnippet")
    await _cite(graph, Ledger(graph, command.origin, Run("w", "r")), one, command)
    return [relation.target.id for relation in one.held("CITES")]


async def test_a_snippet_cites_nothing_that_its_sender_may_not_see() -> None:
    with pytest.raises(ReferenceUnknownError) as refused:
        await cited(CALLER)
    assert (refused.value.code, refused.value.pointer) == ("referenceUnknown", "/citesIds/0")
    assert await cited(None) == [HIDDEN], "another system names what there is"


async def test_a_proposal_cites_nothing_that_its_sender_may_not_see() -> None:
    kind, graph = KINDS["Project"], Graph()
    content = {"name": "Calm hall", "citesIds": [str(HIDDEN)], "proposer": {"id": str(uuid4())}}
    command = Record(id=uuid4(), origin=origin("PROJECT_PROPOSED", CALLER), label="Project", content=content)
    recorder = ThingRecorder(kind, graph, Ledger(graph, command.origin, Run("w", "r")))
    await recorder.look([command])
    with pytest.raises(ReferenceUnknownError) as refused:
        recorder.record(command)
    assert refused.value.pointer == "/citesIds/0"
