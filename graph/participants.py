"""Who takes part in a project, and as what: the relation comes from the person, and both get a revision."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Transaction, asking
from graph.errors import ProjectEndedError, ThingUnknownError
from graph.ledger import Ledger
from graph.node_states import NodeState
from graph.people import PeopleFinder
from graph.visibility import Viewer
from ontology.commands import Participating
from ontology.enums import ParticipantRole
from ontology.lifecycles import ARCHIVED, PROJECT_ENDED, TASK_RUNNING

_HELD: LiteralString = """
MATCH (:Project {id: $id})<-[r:PARTICIPATES_IN]-(p:Person)
WHERE r.validTo IS NULL AND $person IN [p.id, p.mergedInto]
RETURN p.id AS id, r.role AS role
"""

_WORKS: LiteralString = """
MATCH (n:Project {id: $id})
RETURN EXISTS {
  MATCH (n)<-[r:PARTICIPATES_IN]-(p:Person) WHERE r.validTo IS NULL AND r.role IN $roles AND p.id IN $viewers
} OR (NOT EXISTS { MATCH (n)<-[r:PARTICIPATES_IN {role: $manager}]-(:Person) WHERE r.validTo IS NULL } AND EXISTS {
  MATCH (n)-[r:PROPOSED_BY]->(p:Person) WHERE r.validTo IS NULL AND p.id IN $viewers
}) AS works
"""

_OWNED: LiteralString = """
MATCH (:Project {id: $id})<-[of:PART_OF]-(t:Task)-[own:OWNED_BY]->(p:Person)
WHERE of.validTo IS NULL AND own.validTo IS NULL AND t.status IN $running AND $person IN [p.id, p.mergedInto]
RETURN t.id AS id
"""


async def may_work(source: GraphDatabase | Transaction, project: UUID, viewer: Viewer, roles: Sequence[str]) -> bool:
    """Whether somebody has one of some roles in a project, or proposed it and it has no manager yet."""
    ask = asking(source)
    told = {"id": str(project), "roles": list(roles), "manager": ParticipantRole.MANAGER}
    rows = await ask(_WORKS, **told, viewers=[str(one) for one in viewer.people])
    return bool(rows and rows[0]["works"])


async def take_part(transaction: Transaction, ledger: Ledger, project: NodeState, said: Participating) -> None:
    """Let somebody take part in one role, which ends the one they had, or no more; what is so already stays.

    What who leaves has to do there yet is nobody's from then on.

    Raises
    ------
    ThingUnknownError
        Who shall leave does not take part.
    ProjectEndedError
        Nobody comes to a project that has ended, nor is anything else there.
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
    status = project.properties["status"]
    if said.role and status in PROJECT_ENDED and status != ARCHIVED:
        raise ProjectEndedError(f"project {project.id} is {status}: who took part in it stays as it was")
    nodes = {one: await _node(ledger, one) for one in {person, *(UUID(row["id"]) for row in held)}}
    for node in nodes.values():
        for relation in node.held("PARTICIPATES_IN"):
            if relation.target.id == project.id:
                ledger.end(node, relation)
    if said.role:
        ledger.relate(nodes[person], "PARTICIPATES_IN", "Project", project.id, role=said.role.value)
    else:
        await _hand_back(transaction, ledger, project, person)
    ledger.change(project)


async def _hand_back(transaction: Transaction, ledger: Ledger, project: NodeState, person: UUID) -> None:
    told = {"id": str(project.id), "person": str(person), "running": TASK_RUNNING}
    rows = await transaction.rows(_OWNED, **told)
    for task in await ledger.load("Task", [UUID(row["id"]) for row in rows]):
        for relation in task.held("OWNED_BY"):
            ledger.end(task, relation)


async def _node(ledger: Ledger, person: UUID) -> NodeState:
    made = ledger.node(person)
    return made or (await ledger.load("Person", [person]))[0]
