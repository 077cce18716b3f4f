"""What a project resolves, and what becomes of a tension by the projects that resolve it."""

from typing import LiteralString

from graph.database import Transaction
from graph.errors import ReferenceRefusedError, ResolutionRefusedError, ThingUnknownError
from graph.ledger import Ledger
from graph.node_states import NodeState
from graph.people_reads import viewer_behind
from graph.visibility import Viewer, sees_node
from ontology.commands import Resolving
from ontology.enums import ProjectStatus, TensionStatus
from ontology.lifecycles import PROJECT_ENDED, TENSION_RESOLVED
from ontology.references import Caller

_TENSION: LiteralString = "MATCH (n:Tension {id: $id}) WHERE " + sees_node("n") + " RETURN n.id AS id"

_PROJECTS: LiteralString = """
MATCH (t:Tension {id: $id})
WITH t, head(COLLECT {
  MATCH (t)-[:HAS_STATE]->(s:State) WHERE s.status IN $done RETURN max(s.rev)
}) AS last
WITH t, head(COLLECT {
  MATCH (t)-[h:HAS_STATE]->(s:State) WHERE s.rev > last AND s.status IS NOT NULL RETURN min(h.recordedAt)
}) AS reopened
MATCH (t)<-[r:RESOLVES]-(p:Project) WHERE r.validTo IS NULL
RETURN p.status AS status, EXISTS { MATCH (p)-[:HAS_STATE]->(:State {status: $completed}) } AS completed,
  reopened IS NOT NULL AND EXISTS {
    MATCH (p)-[h:HAS_STATE]->(s:State) WHERE s.status IN $ended AND h.recordedAt < reopened
  } AS past
"""
"""The projects that resolve a tension; ``past`` are those that had ended when it came back."""

_WANTED = (TensionStatus.ACCEPTED, TensionStatus.IN_PROGRESS, TensionStatus.ON_HOLD)
_STARTED = (ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD)


async def resolve(
    transaction: Transaction, ledger: Ledger, project: NodeState, said: Resolving, caller: Caller | None
) -> None:
    """Let a project resolve a tension, or no more; what is so already stays.

    Raises
    ------
    ReferenceRefusedError
        The caller sees no such tension.
    ThingUnknownError
        The project does not resolve the tension that it shall resolve no more.
    ResolutionRefusedError
        The project has ended, or the tension is not accepted.
    """
    assert project.before is not None
    status = project.before.properties["status"]
    held = [one for one in project.held("RESOLVES") if one.target.id == said.tension]
    if said.ends:
        if not held:
            raise ThingUnknownError(f"project {project.id} does not resolve tension {said.tension}")
        if status in PROJECT_ENDED:
            raise ResolutionRefusedError(f"what a project that is {status} was there for stays as it was")
        for relation in held:
            ledger.end(project, relation)
        return
    viewer = await viewer_behind(transaction, caller) if caller else Viewer(None, None)
    if not await transaction.row(_TENSION, id=str(said.tension), **viewer.parameters()):
        raise ReferenceRefusedError(f"there is no tension {said.tension}", pointer="/tensionId")
    if held:
        return
    if status in PROJECT_ENDED:
        raise ResolutionRefusedError(f"a project that is {status} resolves nothing more")
    [tension] = await ledger.load("Tension", [said.tension])
    stands = tension.properties["status"]
    if stands not in _WANTED:
        detail = f"a project resolves a tension once it is Accepted; this one is {stands}"
        raise ResolutionRefusedError(detail, pointer="/tensionId")
    ledger.relate(project, "RESOLVES", "Tension", said.tension)


async def followed(transaction: Transaction, tension: NodeState) -> TensionStatus | None:
    """The state that the projects which resolve a tension bring it to; None leaves it as it is.

    It is in progress once one of them starts, resolved once the last of them that is left completes, and accepted
    again when none is left and none has completed. What humans ended otherwise stays ended, and what came back is
    brought nowhere by projects that had ended before.
    """
    stands = tension.properties["status"]
    if stands not in _WANTED:
        return None
    known = {"completed": ProjectStatus.COMPLETED, "done": TENSION_RESOLVED, "ended": [*PROJECT_ENDED]}
    every = await transaction.rows(_PROJECTS, id=str(tension.id), **known)
    rows = [row for row in every if not row["past"]]
    if every and not rows:
        return None
    if any(row["status"] not in PROJECT_ENDED for row in rows):
        starts = stands == TensionStatus.ACCEPTED and any(row["status"] in _STARTED for row in rows)
        return TensionStatus.IN_PROGRESS if starts else None
    if stands == TensionStatus.ON_HOLD:
        return TensionStatus.IN_PROGRESS  # from there it goes on: its lifecycle has no shorter way
    if any(row["completed"] for row in rows):
        return TensionStatus.RESOLVED
    return TensionStatus.ACCEPTED if stands != TensionStatus.ACCEPTED else None
