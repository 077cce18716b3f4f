"""The approval of a project: asked for once at a time, and carried out on the proposal that it was asked for."""

from typing import LiteralString

from graph.database import Transaction
from graph.errors import ApprovalRefusedError
from graph.ledger import Ledger
from graph.node_states import NodeState
from ontology.base import OntologyModel
from ontology.commands import Change
from ontology.enums import DecisionFollowed, DecisionKind, DecisionStatus, ProjectStatus
from ontology.events import EventType
from ontology.kinds.decision import DecisionAsked
from ontology.questions import ProjectProposal

WAITS: LiteralString = """EXISTS {
  MATCH (n)<-[d:DECIDES]-(q:Decision {kind: $approval})
  WHERE d.validTo IS NULL AND (q.status = $pending OR q.followed = $due)
}"""
"""Condition on a project ``n``: its approval waits for an answer, or for what follows from one."""

WAITING = {
    "approval": DecisionKind.PROJECT_APPROVAL,
    "pending": DecisionStatus.PENDING,
    "due": DecisionFollowed.DUE,
}
"""The parameters of that condition."""

_ASKED: LiteralString = "MATCH (n:Project {id: $id}) RETURN " + WAITS + " AS asked"


async def check_asked(transaction: Transaction, ledger: Ledger, said: OntologyModel) -> None:
    """Pass when something may be asked: of a proposal one approval at a time, since two answers exclude each other.

    The project stays as it is until the question stands, so of two who ask at the same moment one is refused.

    Raises
    ------
    ApprovalRefusedError
        Its approval waits already, or it is no proposal any more, or not the one that is claimed.
    """
    if not isinstance(said, DecisionAsked) or said.kind != DecisionKind.PROJECT_APPROVAL or said.project_id is None:
        return
    for project in await ledger.load("Project", [said.project_id]):
        _check_proposed(project, claims=bool(_proposal(said).claims))
        row = await transaction.row(_ASKED, id=str(project.id), **WAITING)
        if row and row["asked"]:
            raise ApprovalRefusedError("its approval waits for an answer already")


def check_approved(project: NodeState, command: Change) -> None:
    """Pass when what an approval says may be carried out: on a proposal alone, and a claim where nobody was faster.

    Raises
    ------
    ApprovalRefusedError
        The project has moved on since its approval was asked for.
    """
    if command.origin.event_type == EventType.PROJECT_APPROVED:
        _check_proposed(project, claims=command.values.get("provisional") is False)


def _check_proposed(project: NodeState, *, claims: bool) -> None:
    status = project.properties["status"]
    if status != ProjectStatus.PROPOSAL:
        raise ApprovalRefusedError(f"only a proposal is approved; the project is {status}")
    if claims and not project.properties.get("provisional"):
        raise ApprovalRefusedError("somebody else has claimed the project meanwhile")
    if not claims and project.properties.get("provisional"):
        raise ApprovalRefusedError("only the name of the project is known: who asks for its approval claims it")


def _proposal(said: DecisionAsked) -> ProjectProposal:
    return ProjectProposal.model_validate_json(said.proposal or "{}")
