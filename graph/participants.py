"""Who takes part in a project, and as what: the relation comes from the person, and both get a revision."""

from typing import LiteralString
from uuid import UUID

from graph.database import Transaction
from graph.errors import ThingUnknownError
from graph.ledger import Ledger
from graph.node_states import NodeState
from graph.people import PeopleFinder
from ontology.commands import Participating

_HELD: LiteralString = """
MATCH (:Project {id: $id})<-[r:PARTICIPATES_IN]-(p:Person)
WHERE r.validTo IS NULL AND $person IN [p.id, p.mergedInto]
RETURN p.id AS id, r.role AS role
"""


async def take_part(transaction: Transaction, ledger: Ledger, project: NodeState, said: Participating) -> None:
    """Let somebody take part in one role, which ends the one they had, or no more; what is so already stays.

    Raises
    ------
    ThingUnknownError
        Who shall leave does not take part.
    NameRefusedError
        A bare name fits nobody, or more than one.
    """
    finder = PeopleFinder(transaction, ledger)
    await finder.look([said.person], None)
    person = finder.person(said.person, pointer="/person").id
    held = await transaction.rows(_HELD, id=str(project.id), person=str(person))
    if said.role is None and not held:
        raise ThingUnknownError(f"person {person} does not take part in project {project.id}")
    if said.role and said.role in [row["role"] for row in held]:
        return
    nodes = {one: await _node(ledger, one) for one in {person, *(UUID(row["id"]) for row in held)}}
    for node in nodes.values():
        for relation in node.held("PARTICIPATES_IN"):
            if relation.target.id == project.id:
                ledger.end(node, relation)
    if said.role:
        ledger.relate(nodes[person], "PARTICIPATES_IN", "Project", project.id, role=said.role.value)
    ledger.change(project)


async def _node(ledger: Ledger, person: UUID) -> NodeState:
    made = ledger.node(person)
    return made or (await ledger.load("Person", [person]))[0]
