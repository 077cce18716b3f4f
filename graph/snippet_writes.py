"""The knowledge snippet's graph write: the newest revision stands, an older one never replaces it."""

from graph.database import GraphDatabase, Transaction
from graph.errors import ConcurrentWriteError, ReferenceUnknownError
from graph.fence import fenced
from graph.former import as_it_stands
from graph.ledger import Ledger, Run
from graph.named_by_id import those_there
from graph.node_states import NodeState
from graph.outcomes import SnippetWritten
from graph.people import PeopleFinder
from graph.people_reads import viewer_behind
from graph.records import record_of_event
from ontology.commands import IndexKnowledge
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import KnowledgeSnippet
from ontology.references import PersonRef

_CONTEXT = """
RETURN COLLECT { MATCH (e:Event {id: $event}) RETURN e.requestHash } AS event,
  COLLECT { MATCH (k:KnowledgeSnippet {id: $id}) RETURN {revision: k.revision, requestHash: k.requestHash} } AS snippet,
  COLLECT {
    MATCH (:KnowledgeSnippet {id: $id})-[r:AUTHORED_BY]->(p:Person) WHERE r.validTo IS NULL
    RETURN {id: p.id, fullName: p.fullName}
  } AS authors
"""


async def record_snippet(graph: GraphDatabase, command: IndexKnowledge, run: Run) -> SnippetWritten:
    """Write a snippet, or its newer revision, with its author, event and provenance.

    Raises
    ------
    NameRefusedError
        The author is a bare name.
    ReferenceUnknownError
        A snippet that it cites is not there yet.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> SnippetWritten:
        known = await as_it_stands(transaction, "KnowledgeSnippet", command)
        return (await _record(transaction, known, run)).model_copy(update={"id": known.id})

    return await graph.write(fenced(work))


async def _record(transaction: Transaction, command: IndexKnowledge, run: Run) -> SnippetWritten:
    row = await transaction.row(_CONTEXT, event=str(command.origin.event_id), id=str(command.id))
    assert row is not None
    author = PersonRef(**row["authors"][0]) if row["authors"] else None
    if row["event"]:
        if row["event"][0] != command.origin.request_hash:
            return SnippetWritten(outcome="conflict")
        records = await record_of_event(transaction, command.origin.event_id)
        return SnippetWritten(outcome="same", records=records, author=author)
    held = row["snippet"][0] if row["snippet"] else None
    if held and held["revision"] == command.snippet.revision and held["requestHash"] != command.origin.request_hash:
        return SnippetWritten(outcome="conflict")
    if held and held["revision"] >= command.snippet.revision:
        return SnippetWritten(outcome="same", author=author)
    return await _write(transaction, command, run, replaces=held is not None)


async def _write(transaction: Transaction, command: IndexKnowledge, run: Run, *, replaces: bool) -> SnippetWritten:
    said = command.snippet
    ledger = Ledger(transaction, command.origin, run)
    people = PeopleFinder(transaction, ledger)
    caller = None if said.author else command.origin.caller
    await people.look([said.author] if said.author else [], caller)
    if replaces:
        [node] = await ledger.load("KnowledgeSnippet", [command.id])
        if node.properties["revision"] >= said.revision:  # a newer one came while this waited for the lock
            raise ConcurrentWriteError(f"snippet {command.id} has revision {node.properties['revision']} by now")
        _replace(ledger, node, command)
    else:
        node = ledger.create(_snippet(command, ledger))
    await _cite(transaction, ledger, node, command)
    author = None
    if person := people.person(said.author) if said.author else caller and people.caller(caller):
        people.settle()
        author = person.ref()
        ledger.lead(node, "AUTHORED_BY", "Person", [person.id])
    return SnippetWritten(outcome="created", records=await ledger.write(), author=author)


async def _cite(transaction: Transaction, ledger: Ledger, node: NodeState, command: IndexKnowledge) -> None:
    """Relate a snippet to what it builds on, which must be there for its sender; what it cites no more ends."""
    cited, sender = command.snippet.cites_ids, command.origin.caller
    label = KnowledgeSnippet.label
    viewer = await viewer_behind(transaction, sender) if sender and cited else None
    there = await those_there(transaction, [(label, str(one)) for one in cited], viewer)
    for number, one in enumerate(cited):
        if (label, str(one)) not in there:
            raise ReferenceUnknownError(f"there is no {label} {one}", pointer=f"/citesIds/{number}")
    ledger.lead(node, "CITES", label, cited)


def _replace(ledger: Ledger, node: NodeState, command: IndexKnowledge) -> None:
    said = command.snippet
    ledger.change(
        node,
        content=said.content,
        kind=said.kind,
        language=said.language,
        revision=said.revision,
        status=LIFECYCLES["KnowledgeSnippet"].initial,
        tags=said.tags,
        occurred_at=command.origin.occurred_at,
        request_hash=command.origin.request_hash,
    )


def _snippet(command: IndexKnowledge, ledger: Ledger) -> KnowledgeSnippet:
    said = command.snippet
    return KnowledgeSnippet(
        id=command.id,
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        content=said.content,
        kind=said.kind,
        language=said.language,
        revision=said.revision,
        status=LIFECYCLES["KnowledgeSnippet"].initial,
        tags=said.tags,
        occurred_at=command.origin.occurred_at,
        request_hash=command.origin.request_hash,
    )
