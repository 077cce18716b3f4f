"""What a project was worth, written: one transaction reads all that is known of it, scores it, and keeps the score."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction
from graph.fence import fenced
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import ThingWritten
from graph.provenance import view_of
from graph.records import repeated
from graph.win_evidence import REOPENED_WITHIN, evidence_of
from ontology import ids
from ontology.commands import Origin
from ontology.enums import WinPart, WinStatus
from ontology.kinds.win import WIN
from ontology.nodes import Win
from ontology.wins import Evidence, Input, Judged, WinScore
from runtime.hashing import canonical_json

_COMPLETED = """
MATCH (p:Project {id: $id}) WHERE EXISTS { MATCH (p)-[:HAS_STATE]->(:State {status: 'Completed'}) } RETURN p.id AS id
"""

_LABELS = {
    WinPart.CONTEXT: "Tension",
    WinPart.ROOT_CAUSE: "Tension",
    WinPart.SOLUTION_QUALITY: "Tension",
    WinPart.EFFICIENCY: "Project",
    WinPart.COLLABORATION: "Recognition",
    WinPart.KNOWLEDGE_SHARING: "KnowledgeSnippet",
}
"""Input → what it rests on."""

_BEARS_ON = """
MATCH (n:$($label) {id: $id})
CALL (n) {
  WITH n WHERE n:Project RETURN n AS p
  UNION
  WITH n MATCH (n)<-[:RESOLVES]-(p:Project) RETURN p
  UNION
  WITH n MATCH (n)-[:RECOGNIZES_CONTRIBUTION_TO]->()-[:PART_OF*0..1]->(p:Project) RETURN p
  UNION
  WITH n MATCH (n:Person)<-[:RECOGNIZED_BY|RECEIVED_BY]-(said)
  MATCH (said)-[:RECOGNIZES_CONTRIBUTION_TO]->()-[:PART_OF*0..1]->(p:Project) RETURN p
  UNION
  WITH n MATCH (n)-[:CITES]->()<-[:GENERATES_KNOWLEDGE]-()<-[:RESULTS_IN|RESOLVES]-(p:Project) RETURN p
  UNION
  WITH n MATCH (n:WIN)<-[:RESULTS_IN]-(p:Project) RETURN p
}
WITH DISTINCT p WHERE EXISTS { MATCH (p)-[:RESULTS_IN]->(:WIN) }
  OR EXISTS { MATCH (p)-[:RECORDED_BY]->(:Event {type: 'PROJECT_COMPLETED'}) }
RETURN p.id AS id ORDER BY id
"""
"""What another tracker completed before it was imported is scored when somebody asks for it."""

_DUE = """
CALL () {
  MATCH (p:Project)-[:RECORDED_BY]->(:Event {type: 'PROJECT_COMPLETED'})
  WHERE p.status IN ['Completed', 'Archived'] AND p.endAt < $before AND NOT EXISTS { MATCH (p)-[:RESULTS_IN]->(:WIN) }
  RETURN p
  UNION
  MATCH (w:WIN)<-[:RESULTS_IN]-(p:Project)-[r:RESOLVES]->(t:Tension)-[h:HAS_STATE]->(:State {status: 'Resolved'})
  WHERE r.validTo IS NULL AND w.inputs CONTAINS t.id
    AND h.validFrom > w.evaluatedAt - $root AND h.validFrom <= $now - $root
  RETURN p
  UNION
  MATCH (w:WIN)<-[:RESULTS_IN]-(p:Project)<-[:PART_OF*0..1]-()<-[r:RECOGNIZES_CONTRIBUTION_TO]-({status: 'Granted'})
  WHERE r.recordedAt > w.evaluatedAt AND r.recordedAt < $before
  RETURN p
}
RETURN DISTINCT p.id AS id ORDER BY id LIMIT $most
"""

_TO_APPROVE = """
MATCH (p:Project {id: $id})-[:RESULTS_IN]->(n:WIN)
RETURN properties(n) AS win, properties(p) AS project, COLLECT {
  MATCH (p)<-[r:PARTICIPATES_IN {role: 'Manager'}]-(m:Person) RETURN DISTINCT m.id ORDER BY m.id
} AS managers, COLLECT {
  MATCH (p)-[r:VISIBLE_TO|PARTICIPATES_IN|PROPOSED_BY]-(m:Person) WHERE r.validTo IS NULL
  RETURN DISTINCT m.id ORDER BY m.id
} AS parties, COLLECT {
  MATCH (p)<-[:DECIDES]-(d:Decision {kind: 'WinApproval'}) RETURN {id: d.id, status: d.status}
  ORDER BY d.createdAt DESC LIMIT 1
} AS asked
"""


async def score_project(
    graph: GraphDatabase, project: UUID, judge: Callable[[Evidence], Judged], origin: Origin, run: Run
) -> ThingWritten:
    """Score a project from all that is known of it, and keep the score; what rests on the same as the last is none.

    Parameters
    ----------
    graph, project
        Which project; one that never completed has no score.
    judge
        What says what evidence is worth.
    origin, run
        The event that is written, by which run; a repetition answers what it wrote.

    Raises
    ------
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """
    win_id = ids.win(str(project))

    async def work(transaction: Transaction) -> ThingWritten:
        if known := await repeated(transaction, origin):
            view = await view_of(transaction, WIN.label, win_id)
            return ThingWritten(outcome=known.outcome, id=win_id, records=known.records, view=view)
        ledger = Ledger(transaction, origin, run)
        held = await ledger.load("Project", [project])  # two that score it at once wait for each other
        if not held or not await transaction.row(_COMPLETED, id=str(project)):
            return ThingWritten(outcome="same")
        evidence = await evidence_of(transaction, project, ledger.moment)
        assert evidence is not None
        judged = judge(evidence)
        standing = await ledger.load(WIN.label, [win_id])
        if standing and standing[0].properties["inputsHash"] == judged.inputs_hash:
            return ThingWritten(outcome="same", id=win_id, view=standing[0].view())
        node = _scored(ledger, held[0], standing[0] if standing else None, judged)
        records = await ledger.write()
        return ThingWritten(outcome="created", id=win_id, records=records, view=node.view())

    return await graph.write(fenced(work))


def _scored(ledger: Ledger, project: NodeState, standing: NodeState | None, judged: Judged) -> NodeState:
    score = judged.score
    values: dict[str, Any] = {
        "score": score.score,
        "score_low": score.low,
        "score_high": score.high,
        "wisdom": score.wisdom,
        "intelligence": score.intelligence,
        "networking": score.networking,
        "rubric_version": judged.rubric,
        "inputs_hash": judged.inputs_hash,
        "inputs": canonical_json([_told(one) for one in score.inputs]).decode(),
        "evidence": judged.facts,
        "evaluated_at": ledger.moment,
    }
    if standing is None:
        begins = {"rev": 1, "created_at": ledger.moment, "updated_at": ledger.moment, "status": WinStatus.DRAFT}
        node = ledger.create(Win(id=ids.win(str(project.id)), **begins, **values))
        ledger.relate(project, "RESULTS_IN", WIN.label, node.id)
    else:
        node = standing
        anew = {"status": WinStatus.DRAFT} if node.properties["status"] == WinStatus.REJECTED else {}
        ledger.change(node, **values, **anew)
    _rest_on(ledger, node, score)
    return node


def _rest_on(ledger: Ledger, win: NodeState, score: WinScore) -> None:
    """Relate a score to what it rests on; what is so already stays, and what it rests on no more ends."""
    wanted = {(one.part.value, ground.id): ground.weight for one in score.inputs for ground in one.grounds}
    for relation in win.held("EVIDENCED_BY"):
        key = (relation.properties["part"], relation.target.id)
        if wanted.get(key) == relation.properties["weight"]:
            del wanted[key]
        else:
            ledger.end(win, relation)
    for (part, ground), weight in wanted.items():
        ledger.relate(win, "EVIDENCED_BY", _LABELS[WinPart(part)], ground, part=part, weight=weight)


def _told(one: Input) -> dict[str, Any]:
    """An input as it is kept; what it rests on are relations."""
    return {
        "part": one.part.value,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "weight": one.weight,
        "contribution": one.contribution,
        "unknown": [str(unknown) for unknown in one.unknown],
    }


async def projects_scored_by(graph: GraphDatabase, label: str, node_id: UUID) -> list[UUID]:
    """The projects that have completed and on whose scores a thing bears."""
    return [UUID(row["id"]) for row in await graph.read(_BEARS_ON, label=label, id=str(node_id))]


async def scores_due(graph: GraphDatabase, at: datetime, overlooked: timedelta, most: int) -> list[UUID]:
    """Projects that nobody woke, and those of whose tensions more is known by now.

    Parameters
    ----------
    graph, at
        Where, and now.
    overlooked
        By then what bears on a score has woken it: a project that completed, and a recognition, imported ones aside.
    most
        At most so many.
    """
    told = {"now": at, "before": at - overlooked, "root": REOPENED_WITHIN, "most": most}
    return [UUID(row["id"]) for row in await graph.read(_DUE, **told)]


async def win_to_approve(graph: GraphDatabase, project: UUID) -> Row | None:
    """A project's score, with the ids of everyone who managed it or may see it; None where it has none."""
    rows = await graph.read(_TO_APPROVE, id=str(project))
    return rows[0] if rows else None
