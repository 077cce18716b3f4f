"""A change of one thing that stands: the transaction decides, whatever was known when it was asked for."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import PersonExistsError, RevisionStaleError, ThingUnknownError
from graph.fence import fenced
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import WriteOutcome
from graph.person_writes import former_keys
from graph.records import repeated
from graph.values import json_properties
from ontology.commands import Change
from ontology.nodes import ENTITIES, Entity
from runtime.errors import RefusedError
from runtime.text import fold

Values = dict[str, object]

_LEADS_TO = """
MATCH (n:$($label) {id: $id})
OPTIONAL MATCH (next:$($label) {id: n.mergedInto})
RETURN coalesce(next.mergedInto, n.mergedInto, n.id) AS id
"""

_HOLDERS = """
MATCH (p:Person) WHERE p.id <> $id AND (p.email = $email OR p.handle = $handle)
RETURN p.id AS id, p.email = $email AS byEmail LIMIT 1
"""


async def change_thing(graph: GraphDatabase, command: Change, run: Run) -> WriteOutcome:
    """Change what a command says of a thing; a repeated command changes nothing, and says what it said.

    Raises
    ------
    ThingUnknownError
        There is no such thing.
    RevisionStaleError
        It has been changed since the caller saw it.
    RefusedError
        A rule of its kind stands against the change; the pointer names the field.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> WriteOutcome:
        if known := await repeated(transaction, command.origin):
            return known
        ledger = Ledger(transaction, command.origin, run)
        node = await _locked(transaction, ledger, command)
        if command.revisions and node.properties["rev"] not in command.revisions:
            stale = f"it is at revision {node.properties['rev']} now; read it, and send its ETag as If-Match"
            raise RevisionStaleError(stale, pointer="#header/If-Match")
        changes = _typed(node, command)
        for check in _CHECKS.get(node.label, ()):
            changes |= await check(transaction, node, changes)
        if not changes:
            return WriteOutcome(outcome="same")
        ledger.change(node, **changes)
        return WriteOutcome(outcome="created", records=await ledger.write())

    return await graph.write(fenced(work))


async def _locked(transaction: Transaction, ledger: Ledger, command: Change) -> NodeState:
    """The thing, locked; one that was merged is the one it leads to."""
    row = await transaction.row(_LEADS_TO, label=command.label, id=str(command.id))
    nodes = await ledger.load(command.label, [UUID(row["id"])]) if row else []
    if not nodes:
        raise ThingUnknownError(f"there is no {command.label} {command.id}")
    return nodes[0]


def _typed(node: NodeState, command: Change) -> Values:
    """What changes, by field, in the kind's own types."""
    held = json_properties(node.properties)
    said = {**held, **command.values}
    try:
        entity: Entity = ENTITIES[node.label].model_validate(
            {name: value for name, value in said.items() if value is not None}
        )
    except ValidationError as error:
        [first, *_] = error.errors()
        raise RefusedError(str(first["msg"]), pointer="/" + "/".join(map(str, first["loc"]))) from error
    return {
        to_snake(name): getattr(entity, to_snake(name))
        for name, value in command.values.items()
        if held.get(name) != value
    }


async def _check_person(transaction: Transaction, node: NodeState, changes: Values) -> Values:
    """Nobody takes another's address or handle; a former one leads to its person still; the folded name follows."""
    keys = {name: changes.get(name) for name in ("email", "handle")}
    if any(keys.values()):
        holder: Row | None = await transaction.row(_HOLDERS, id=str(node.id), **keys)
        if holder:
            pointer = "/email" if holder["byEmail"] else "/handle"
            raise PersonExistsError(f"person {holder['id']} already has this e-mail or handle", pointer=pointer)
    name = changes.get("full_name")
    folded: Values = {"folded_name": fold(str(name))} if name else {}
    return {**folded, **former_keys(node, changes)}


_CHECKS: Mapping[str, tuple[Callable[[Transaction, NodeState, Values], Awaitable[Values]], ...]] = {
    "Person": (_check_person,),
}
"""Label → rules that look at the graph; each answers what has to change besides."""
