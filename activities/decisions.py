"""What the run of a decision cannot know by itself, and the decisions whose run was lost."""

from datetime import timedelta
from uuid import UUID

from temporalio import activity
from temporalio.client import Client

from activities.failures import failing_typed
from graph.database import GraphDatabase
from graph.decisions import asking_again, unfinished_decisions
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
    """What an earlier version found: the commands of all of them, which may be more than a result holds."""

    asked: list[Record]


class Lost(OntologyModel):
    """Decisions that nothing waits for any more."""

    ids: list[UUID]


class AskedAgain(OntologyModel):
    """The command by which a decision was asked for; none where it is not asked for by one any more."""

    command: Record | None


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
    most
        How many lost ones are found at once.
    """

    def __init__(
        self, graph: GraphDatabase, client: Client, authorities: Authorities, source: str, most: int = 50
    ) -> None:
        self._graph = graph
        self._client = client
        self._authorities = authorities
        self._source = source
        self._most = most

    @activity.defn
    async def authorities_of(self, email: str) -> list[str]:
        """The authorities of an operator with an address."""
        return sorted({OPERATOR, *self._authorities.of_address(email)})

    @activity.defn
    async def find_lost_decisions(self) -> LostDecisions:
        """Nothing: asks a pass that an earlier version began; the next one finds them."""
        return LostDecisions(asked=[])

    @activity.defn
    @failing_typed
    async def find_lost(self) -> Lost:
        """Decisions that wait in the graph, or for what follows, and in no run: the oldest, as many as fit."""
        unfinished = await unfinished_decisions(self._graph, now() - _YOUNG)
        if not unfinished:
            return Lost(ids=[])
        query = f"WorkflowType = '{DECISION.agent}' AND ExecutionStatus = 'Running'"
        running = {run.id async for run in self._client.list_workflows(query)}
        return Lost(ids=[one for one in unfinished if f"{DECISION.name}/{one}" not in running][: self._most])

    @activity.defn
    @failing_typed
    async def asked_again(self, decision: UUID) -> AskedAgain:
        """The command by which a decision was asked for."""
        command = await asking_again(self._graph, decision, self._source)
        return AskedAgain(command=command if isinstance(command, Record) else None)
