"""What the run of a decision cannot know by itself, and the decisions whose run was lost."""

from datetime import timedelta

from temporalio import activity
from temporalio.client import Client

from activities.failures import failing_typed
from graph.database import GraphDatabase
from graph.decisions import asking, pending_decisions
from ontology.base import OntologyModel
from ontology.commands import Record
from ontology.kinds.decision import DECISION
from runtime.authorities import Authorities
from runtime.clock import now

OPERATOR = "operator"
"""The authority of whoever may signal runs."""

_YOUNG = timedelta(minutes=1)
"""A decision of this age may be on its way to its run, or Temporal's list."""


class LostDecisions(OntologyModel):
    """The commands by which decisions were asked for that nothing waits for any more."""

    asked: list[Record]


class DecisionActivities:
    """Looks after decisions.

    Parameters
    ----------
    graph, client
        Where decisions stand, and where they wait.
    authorities
        Whose each authority is.
    source
        Names us in events.
    """

    def __init__(self, graph: GraphDatabase, client: Client, authorities: Authorities, source: str) -> None:
        self._graph = graph
        self._client = client
        self._authorities = authorities
        self._source = source

    @activity.defn
    async def authorities_of(self, email: str) -> list[str]:
        """The authorities of an operator with an address."""
        return sorted({OPERATOR, *self._authorities.of_address(email)})

    @activity.defn
    @failing_typed
    async def find_lost_decisions(self) -> LostDecisions:
        """Decisions that wait in the graph and in no run."""
        waiting = await pending_decisions(self._graph, now() - _YOUNG)
        if not waiting:
            return LostDecisions(asked=[])
        query = f"WorkflowType = '{DECISION.agent}' AND ExecutionStatus = 'Running'"
        running = {run.id async for run in self._client.list_workflows(query)}
        lost = [asking(row, self._source) for row in waiting]
        return LostDecisions(
            asked=[one for one in lost if isinstance(one, Record) and f"{DECISION.name}/{one.id}" not in running]
        )
