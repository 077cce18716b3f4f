"""What becomes of a project by itself."""

from uuid import UUID

from temporalio import activity

from activities.failures import failing_typed
from activities.origins import own_record
from graph.asking import ask_for_project
from graph.database import GraphDatabase
from graph.project_reads import project_to_approve
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Record
from ontology.kinds.decision import DECISION
from ontology.kinds.project import PROJECT
from runtime.clock import now
from runtime.settings import DecisionTerms


class ToApprove(OntologyModel):
    """The decision that is to be asked for; none where nobody needs to be asked."""

    asks: Record | None = None


class ProjectActivities:
    """Asks whether projects are carried out.

    Parameters
    ----------
    graph, terms
        Where they stand, and on which terms it is asked.
    source
        Names us in the events.
    """

    def __init__(self, graph: GraphDatabase, terms: DecisionTerms, source: str) -> None:
        self._graph = graph
        self._terms = terms
        self._source = source

    @activity.defn
    @failing_typed
    async def ask_approval(self, project: UUID) -> ToApprove:
        """What to ask about a proposal; its id derives from the project, so that it is asked once by itself."""
        row = await project_to_approve(self._graph, project)
        if row is None or row["asked"]:
            return ToApprove()
        said = ask_for_project(row, UUID(row["proposer"]) if row["proposer"] else None, self._terms)
        if said is None:
            return ToApprove()
        decision = ids.step_event(f"{PROJECT.name}/{project}", "approval")
        return ToApprove(asks=own_record(DECISION, decision, self._source, said, now()))
