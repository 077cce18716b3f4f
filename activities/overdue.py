"""What is overdue, and what is to become of it."""

from datetime import datetime

from temporalio import activity

from activities.due import changes_due, reports_due
from activities.failures import failing_typed
from activities.origins import own_origin
from graph.database import GraphDatabase
from graph.overdue import Stalled, stalled_tensions
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Record
from ontology.events import EventType
from ontology.kinds.tension import TENSION
from runtime.clock import now
from runtime.settings import ProjectSettings, TensionSettings


class Overdue(OntologyModel):
    """What a pass is to do: changes of what stands, and tensions that are to be reported."""

    changes: list[Change]
    reports: list[Record] = []


class OverdueActivities:
    """Finds what is overdue.

    Parameters
    ----------
    graph, settings, projects
        Where, and what counts as overdue.
    source
        Names us in the events of what is done about it.
    """

    def __init__(self, graph: GraphDatabase, settings: TensionSettings, projects: ProjectSettings, source: str) -> None:
        self._graph = graph
        self._settings = settings
        self._projects = projects
        self._source = source

    @activity.defn
    @failing_typed
    async def find_overdue(self) -> Overdue:
        """What is done about stalled tensions, and about what is due; a repetition finds the same."""
        moment = now()
        due = await changes_due(self._graph, self._projects, self._source, moment)
        reports = await reports_due(self._graph, self._projects, self._source, moment)
        return Overdue(changes=[*await self._escalated(moment), *due], reports=reports)

    async def _escalated(self, moment: datetime) -> list[Change]:
        """The changes by which stalled tensions go to the next in the list."""
        chain = self._settings.escalation
        if not chain:
            return []
        before, most = moment - self._settings.stalled_after, self._settings.sweep_most
        stalled = await stalled_tensions(self._graph, before, chain[-1], most)
        return [escalation_of(one, chain, self._source, moment) for one in stalled]


def escalation_of(stalled: Stalled, chain: list[str], source: str, moment: datetime) -> Change:
    """The change that escalates a tension; its ids derive from the revision that stalled, so it happens once."""
    place = chain.index(stalled.escalated) + 1 if stalled.escalated in chain else 0
    to = chain[place]
    values = Escalation(escalated_to=to, escalated_rev=stalled.rev + 1)
    event = ids.step_event(f"{TENSION.name}/{stalled.id}", f"escalated/{stalled.rev}")
    why = f"nobody changed it or commented on it since {stalled.since:%Y-%m-%d %H:%M} UTC: now it is for {to}"
    origin = own_origin(event, EventType.TENSION_ESCALATED, source, values, moment, why)
    return Change(
        id=stalled.id,
        label=TENSION.label,
        origin=origin,
        revisions=[stalled.rev],
        values=values.model_dump(mode="json", by_alias=True),
    )


class Escalation(OntologyModel):
    """What an escalation sets."""

    escalated_to: str
    escalated_rev: int
