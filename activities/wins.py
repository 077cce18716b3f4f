"""Steps of what projects were worth: who is woken, what is scored, who is asked."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import activity

from activities.failures import failing_typed
from activities.graph import current_run
from activities.origins import own_origin, own_record
from graph.asking import ask_for_win
from graph.database import GraphDatabase
from graph.outcomes import ThingWritten
from graph.wins import projects_scored_by, score_project, scores_due, win_to_approve
from ontology import ids
from ontology.base import OntologyModel
from ontology.changes import NodeKey
from ontology.commands import Change, EvaluateWin, Record
from ontology.enums import DecisionStatus, WinStatus
from ontology.events import EventType
from ontology.kinds.decision import DECISION
from ontology.kinds.win import WIN
from runtime.clock import now
from runtime.settings import Settings
from scoring.win import judge


class Bearing(OntologyModel):
    """A thing that was written, by an event: what was worth something may be worth something else now."""

    thing: NodeKey
    event: UUID


class Woken(OntologyModel):
    """How many runs were woken."""

    projects: int


class ToPublish(OntologyModel):
    """What is asked before a score is published, and the change by which it is under review; none where nothing is."""

    asks: Record | None = None
    change: Change | None = None


class WinActivities:
    """Scores projects.

    Parameters
    ----------
    graph
        Where the facts stand.
    wake
        Wakes a score; its run begins where there is none.
    tree
        On which terms humans are asked, how long is gathered, and who we are in events.
    """

    def __init__(self, graph: GraphDatabase, wake: Callable[[EvaluateWin], Awaitable[object]], tree: Settings) -> None:
        self._graph = graph
        self._wake = wake
        self._tree = tree

    @activity.defn
    @failing_typed
    async def wake_scores(self, bearing: Bearing) -> Woken:
        """Wake the scores of every project on whose worth a thing bears; each begins its run where it has none."""
        projects = await projects_scored_by(self._graph, bearing.thing.label, bearing.thing.id)
        for project in projects:
            await self._wake(evaluating(project, self._tree, cause=bearing.event))
        return Woken(projects=len(projects))

    @activity.defn
    @failing_typed
    async def wake_due_scores(self) -> Woken:
        """Wake the scores of which nobody thought, and those that time alone moves."""
        moment = now()
        terms = self._tree.wins
        projects = await scores_due(self._graph, moment, terms.overlooked_after, terms.sweep_most)
        for project in projects:
            await self._wake(evaluating(project, self._tree, key=moment.isoformat()))
        return Woken(projects=len(projects))

    @activity.defn
    @failing_typed
    async def score(self, command: EvaluateWin) -> ThingWritten:
        """Score a project once, from all that is known of it now."""
        return await score_project(self._graph, command.id, judge, command.origin, current_run())

    @activity.defn
    @failing_typed
    async def ask_publication(self, project: UUID) -> ToPublish:
        """What to ask about a score: of which nobody was asked or answered in time, or that moved too far since."""
        row = await win_to_approve(self._graph, project)
        if row is None:
            return ToPublish()
        win = row["win"]
        moved = abs(win["score"] - win.get("publishedScore", win["score"]))
        again = win["status"] == WinStatus.PUBLISHED and moved > self._tree.wins.moved
        last = row["asked"][0] if row["asked"] else {}
        unanswered = win["status"] == WinStatus.UNDER_REVIEW and last.get("status") == DecisionStatus.EXPIRED
        if win["status"] != WinStatus.DRAFT and not again and not unanswered:
            return ToPublish()
        said = ask_for_win(row, self._tree.decisions.win_approval)
        if said is None:
            return ToPublish()
        step = f"again/{last['id']}" if unanswered else f"review/{win['rev']}"
        decision = ids.step_event(f"{WIN.name}/{win['id']}", f"asks/{step}")
        source, moment = self._tree.events.source, now()
        asks = own_record(DECISION, decision, source, said, moment)
        if unanswered:
            return ToPublish(asks=asks)
        submitted = ids.step_event(f"{WIN.name}/{win['id']}", step)
        first = "it was scored anew since it was rejected" if last else "it was scored for the first time"
        why = "it moved too far since it was published" if again else first
        origin = own_origin(submitted, EventType.WIN_SUBMITTED, source, said, moment, why)
        change = Change(id=win["id"], label=WIN.label, origin=origin, values={"status": WinStatus.UNDER_REVIEW})
        return ToPublish(asks=asks, change=change)


def evaluating(project: UUID, tree: Settings, *, cause: UUID | None = None, key: str = "") -> EvaluateWin:
    """What wakes a project's score.

    Parameters
    ----------
    project, tree
        Whose, and our settings.
    cause, key
        The event because of which, or what tells those apart that are woken for none.
    """
    event = ids.step_event(f"winScore/{project}", str(cause or key))
    origin = own_origin(event, EventType.WIN_SCORED, tree.events.source, NodeKey(label="Project", id=project), now())
    return EvaluateWin(id=project, origin=origin.model_copy(update={"cause": cause}), gather=tree.wins.gather)
