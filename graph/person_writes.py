"""The person's graph writes: recorded, bound to a token's subject, or merged with the person they turned out to be."""

from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import PersonExistsError
from graph.ledger import Ledger, NodeState, Run
from graph.outcomes import WriteOutcome
from graph.provenance import facts_of_event
from ontology import ids
from ontology.commands import LinkIdentity, MergePeople, RecordPerson
from ontology.nodes import Identity, Person
from runtime.errors import RefusedError
from runtime.text import fold

_CONTEXT = """
RETURN COLLECT { MATCH (e:Event {id: $event}) RETURN e.requestHash } AS event,
  COLLECT { MATCH (p:Person {id: $id}) RETURN properties(p) } AS byId,
  COLLECT {
    MATCH (p:Person) WHERE p.email = $email OR p.handle = $handle RETURN properties(p) ORDER BY p.id
  } AS others
"""

_SEEN = "MATCH (e:Event {id: $event}) RETURN e.requestHash AS requestHash"

_MERGED = "MATCH (p:Person {mergedInto: $id}) RETURN p.id AS id"


async def record_person(graph: GraphDatabase, command: RecordPerson, run: Run) -> WriteOutcome:
    """Record a person; one of whom only a reference was known is filled in.

    A provisional person with the same e-mail or handle keeps its id; the requested id then leads to it.

    Raises
    ------
    PersonExistsError
        Somebody else has the e-mail or handle.
    """

    async def work(transaction: Transaction) -> WriteOutcome:
        said = command.person
        row = await transaction.row(
            _CONTEXT, event=str(command.origin.event_id), id=str(command.id), email=said.email, handle=said.handle
        )
        assert row is not None
        own: Row | None = row["byId"][0] if row["byId"] else None
        if row["event"]:
            return await _repeated(transaction, command, row["event"][0])
        if own and not own["provisional"]:
            return WriteOutcome(outcome="conflict")
        others = [other for other in row["others"] if other["id"] != str(command.id)]
        taken = [other for other in others if not other["provisional"]]
        if taken or len(others) > 1:
            holder = (taken or others)[0]
            raise PersonExistsError(f"person {holder['id']} already has this e-mail or handle", pointer="/email")
        return await _record(transaction, command, run, own, others[0] if others else None)

    return await graph.write(work)


async def _record(
    transaction: Transaction, command: RecordPerson, run: Run, own: Row | None, other: Row | None
) -> WriteOutcome:
    ledger = Ledger(transaction, command.origin, run)
    existing = UUID((own or other or {}).get("id", str(command.id)))
    if own and other:
        raise PersonExistsError(f"person {other['id']} already has this e-mail or handle", pointer="/email")
    if own is None and other is None:
        ledger.create(_person(command, ledger))
        return WriteOutcome(outcome="created", facts=await ledger.write())
    [node] = await ledger.load("Person", [existing])
    ledger.change(node, **_details(command), provisional=False, request_hash=command.origin.request_hash)
    if own is None:
        ledger.create(_person(command, ledger).model_copy(update=_pointing_to(existing)))
    return WriteOutcome(outcome="created", facts=await ledger.write())


async def link_identity(graph: GraphDatabase, command: LinkIdentity, run: Run) -> WriteOutcome:
    """Bind a token's subject to a person; an earlier binding ends and stays as history."""

    async def work(transaction: Transaction) -> WriteOutcome:
        seen = await transaction.row(_SEEN, event=str(command.origin.event_id))
        if seen:
            return await _repeated(transaction, command, seen["requestHash"])
        ledger = Ledger(transaction, command.origin, run)
        await _person_there(ledger, command.person_id)
        nodes = await ledger.load("Identity", [ids.identity(command.issuer, command.subject)])
        node = nodes[0] if nodes else _new_identity(ledger, command)
        if nodes:
            ledger.change(node)
            _end_current(ledger, node, "IDENTIFIES")
        ledger.relate(node, "IDENTIFIES", "Person", command.person_id)
        return WriteOutcome(outcome="created", facts=await ledger.write())

    return await graph.write(work)


async def merge_people(graph: GraphDatabase, command: MergePeople, run: Run) -> WriteOutcome:
    """Say that two people are one: ``duplicate`` leads to ``survivor`` from now on; what was written stays written."""

    async def work(transaction: Transaction) -> WriteOutcome:
        seen = await transaction.row(_SEEN, event=str(command.origin.event_id))
        if seen:
            return await _repeated(transaction, command, seen["requestHash"])
        if command.duplicate == command.survivor:
            raise RefusedError("a person cannot be merged into itself", pointer="/survivor")
        ledger = Ledger(transaction, command.origin, run)
        survivor = await _person_there(ledger, command.survivor)
        earlier = [UUID(row["id"]) for row in await transaction.rows(_MERGED, id=str(command.duplicate))]
        people = await ledger.load("Person", [command.duplicate, *earlier])
        names = [person.properties["fullName"] for person in people]
        for person in people:
            ledger.change(person, merged_into=command.survivor, email=None, handle=None)
        aliases = sorted({*survivor.properties.get("aliases", []), *names} - {survivor.properties["fullName"]})
        ledger.change(survivor, aliases=aliases)
        return WriteOutcome(outcome="created", facts=await ledger.write())

    return await graph.write(work)


async def _repeated(
    transaction: Transaction, command: RecordPerson | LinkIdentity | MergePeople, written_hash: str
) -> WriteOutcome:
    if written_hash != command.origin.request_hash:
        return WriteOutcome(outcome="conflict")
    return WriteOutcome(outcome="same", facts=await facts_of_event(transaction, command.origin.event_id))


async def _person_there(ledger: Ledger, person_id: UUID) -> NodeState:
    nodes = await ledger.load("Person", [person_id])
    if not nodes or "mergedInto" in nodes[0].properties:
        raise RefusedError(f"there is no person {person_id}", pointer="/person")
    return nodes[0]


def _new_identity(ledger: Ledger, command: LinkIdentity) -> NodeState:
    moment = ledger.moment
    return ledger.create(
        Identity(
            id=ids.identity(command.issuer, command.subject),
            rev=1,
            created_at=moment,
            updated_at=moment,
            issuer=command.issuer,
            subject=command.subject,
        )
    )


def _end_current(ledger: Ledger, node: NodeState, relation_type: str) -> None:
    for relation in list(node.relations):
        if relation.type == relation_type and "validTo" not in relation.properties:
            ledger.end(node, relation)


def _details(command: RecordPerson) -> Row:
    said = command.person
    given = {"full_name": said.full_name, "folded_name": fold(said.full_name), "role": said.role}
    optional = {"email": said.email, "handle": said.handle, "aliases": said.aliases or None}
    return {**given, **{name: value for name, value in optional.items() if value is not None}}


def _person(command: RecordPerson, ledger: Ledger) -> Person:
    return Person(
        id=command.id,
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        provisional=False,
        request_hash=command.origin.request_hash,
        **_details(command),
    )


def _pointing_to(survivor: UUID) -> Row:
    return {"merged_into": survivor, "email": None, "handle": None}
