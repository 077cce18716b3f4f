"""What is wrong with the system itself, and which tensions are to be reported or settled because of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import JsonValue
from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.exceptions import TimeoutError as RunTimeoutError
from temporalio.service import RPCError, RPCStatusCode

from activities.decisions import OPERATOR
from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from activities.origins import own_origin, own_record
from events.dead_letters import open_letters
from graph.audit import Violation, violations
from graph.database import GraphDatabase
from graph.system_tensions import revision_of, system_tensions
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Record
from ontology.enums import TensionStatus
from ontology.events import EventType, TensionReported
from ontology.kinds.tension import TENSION
from ontology.lifecycles import TENSION_RESOLVED
from ontology.references import WATCHER
from runtime.clock import now
from runtime.settings import EventSettings

AUDIT, RULE = "audit/", "rule/"
"""How causes begin that the audit alone finds, and those of broken rules, which both find."""

_NAMED = 10
"""Examples that a report names."""

_MOST = 200
"""Failed runs that are looked at in one pass, the latest first."""

_SLACK = timedelta(minutes=5)

_ENDED = {*TENSION_RESOLVED, TensionStatus.ARCHIVED}
"""States of a tension whose cause, if it is there, came again; one that was rejected stays dismissed."""

_TOWARDS_THE_END = {
    TensionStatus.OPEN: TensionStatus.UNDER_REVIEW,
    TensionStatus.UNDER_REVIEW: TensionStatus.ACCEPTED,
    TensionStatus.ACCEPTED: TensionStatus.RESOLVED,
    TensionStatus.ON_HOLD: TensionStatus.IN_PROGRESS,
    TensionStatus.IN_PROGRESS: TensionStatus.RESOLVED,
}
"""State → the one that follows on the way to where nothing is left to do."""


class Trouble(OntologyModel):
    """Something that is wrong with the system.

    Attributes
    ----------
    cause
        The same for as long as it is the same trouble.
    title, facts
        What to tell the operators.
    """

    cause: str
    title: str
    facts: str


class Watched(OntologyModel):
    """What a pass found to do.

    Attributes
    ----------
    troubles
        How many there are.
    reports
        Tensions to be reported, each with its cause.
    settled
        Tensions whose cause is gone.
    """

    troubles: int
    reports: dict[str, Record]
    settled: list[UUID]


class Marking(OntologyModel):
    """A reported tension, and the cause that it is about."""

    tension: UUID
    cause: str


class NextStep(OntologyModel):
    """The change that is due; none where nothing is."""

    change: Change | None


class SystemWatchActivities:
    """Looks after the system.

    Parameters
    ----------
    graph, client, events
        Where its facts, runs and messages stand.
    schedules
        Id of each schedule, and how often it is due.
    since
        How long ago a run may have failed to be told.
    """

    def __init__(
        self,
        graph: GraphDatabase,
        client: Client,
        events: EventSettings,
        schedules: dict[str, timedelta],
        since: timedelta,
    ) -> None:
        self._graph = graph
        self._client = client
        self._events = events
        self._schedules = schedules
        self._since = since

    @activity.defn
    @failing_typed
    async def find_troubles(self) -> Watched:
        """Everything that is wrong, as what is to be reported and what may be settled; a repetition finds the same."""
        async with heartbeating():
            troubles = [
                *await self._letters(),
                *broken_rules(await violations(self._graph)),
                *await self._missed(),
                *await self._failed(),
            ]
        return await watched(self._graph, troubles, self._events.source, lambda cause: not cause.startswith(AUDIT))

    @activity.defn
    @failing_typed
    async def mark(self, marking: Marking) -> NextStep:
        """The change that says which cause a report is about, and hands it to the operators."""
        found = await revision_of(self._graph, marking.tension)
        if found is None or found[2] is not None:
            return NextStep(change=None)
        rev = found[0]
        values: dict[str, JsonValue] = {
            "systemCause": marking.cause,
            "escalatedTo": OPERATOR,
            "escalatedRev": rev + 1,
        }
        why = f"it is about the system itself, and so for its {OPERATOR}s"
        return NextStep(change=self._change(marking.tension, rev, EventType.TENSION_ESCALATED, values, why))

    @activity.defn
    @failing_typed
    async def settle(self, tension: UUID) -> NextStep:
        """The next step of a tension whose cause is gone towards its end."""
        found = await revision_of(self._graph, tension)
        following = _TOWARDS_THE_END.get(TensionStatus(found[1])) if found else None
        if found is None or following is None:
            return NextStep(change=None)
        values: dict[str, JsonValue] = {"status": following}
        change = self._change(tension, found[0], EventType.TENSION_CHANGED, values, "its cause is gone")
        return NextStep(change=change)

    def _change(self, tension: UUID, rev: int, event_type: EventType, values: dict[str, JsonValue], why: str) -> Change:
        event = ids.step_event(f"{TENSION.name}/{tension}", f"system/{rev}")
        origin = own_origin(event, event_type, self._events.source, _Values(values=values), now(), why)
        return Change(id=tension, label=TENSION.label, origin=origin, revisions=[rev], values=values)

    async def _letters(self) -> list[Trouble]:
        grouped = defaultdict[tuple[str, str], list[str]](list)
        for letter in await open_letters(self._events):
            grouped[letter.topic, letter.code].append(letter.id)
        return [
            Trouble(
                cause=f"deadLetters/{topic}/{code}",
                title=f"Events of {topic} cannot be accepted: {code}",
                facts=f"Open are {some_of(letters)}. `trm dead-letters show` says why; mend it, then `replay`.",
            )
            for (topic, code), letters in grouped.items()
        ]

    async def _missed(self) -> list[Trouble]:
        found = []
        for name, every in self._schedules.items():
            late = await self._late(name, every) if every else None
            if late:
                found.append(
                    Trouble(
                        cause=f"schedule/{name}",
                        title=f"The schedule {name} does not run",
                        facts=f"It is due every {every}; {late}. Look at it in the Temporal Web UI under Schedules.",
                    )
                )
        return found

    async def _late(self, name: str, every: timedelta) -> str | None:
        """Why a schedule is late; None of one that runs, or that somebody paused."""
        try:
            described = await self._client.get_schedule_handle(name).describe()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return "it is not there: the agents bring it about when they start"
            raise
        if described.schedule.state.paused:
            return None
        began = [one.started_at for one in described.info.recent_actions]
        last = max([*began, described.info.last_updated_at or described.info.created_at])
        return f"its last run began at {last:%Y-%m-%d %H:%M} UTC" if now() - last > 2 * every + _SLACK else None

    async def _failed(self) -> list[Trouble]:
        """Runs that failed as nobody foresaw, and were not carried out since; what a request or event says wrong is its
        sender's matter.
        """
        since = (now() - self._since).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = f"ExecutionStatus IN ('Failed', 'TimedOut') AND CloseTime > '{since}'"
        grouped = defaultdict[tuple[str, str], set[str]](set)
        async for run in self._client.list_workflows(query, limit=_MOST):
            code = await self._code(self._client.get_workflow_handle(run.id))
            if code:
                grouped[run.workflow_type, code].add(run.id)
        return [
            Trouble(
                cause=f"runs/{agent}/{code}",
                title=f"Runs of {agent} fail: {code}",
                facts=f"For good did {some_of(sorted(runs))}. The Temporal Web UI says where; mend it, then repeat.",
            )
            for (agent, code), runs in grouped.items()
        ]

    @staticmethod
    async def _code(handle: WorkflowHandle[object, object]) -> str | None:
        """What nobody foresaw of the latest run of an id; None where it runs, is done, or was refused."""
        described = await handle.describe()
        if described.close_time is None:
            return None
        try:
            await handle.result(rpc_timeout=timedelta(seconds=5))
        except WorkflowFailureError as error:
            cause: BaseException | None = error.cause
            while cause is not None and not isinstance(cause, ApplicationError | RunTimeoutError):
                cause = cause.__cause__
            if isinstance(cause, ApplicationError):
                code = cause.type or "failed"
                return code if code[:1].isupper() else None  # a class, not a code of ours
            return "timeout" if isinstance(cause, RunTimeoutError) else None
        return None


class _Values(OntologyModel):
    """What a change sets, to be hashed."""

    values: dict[str, JsonValue]


async def watched(
    graph: GraphDatabase, troubles: Iterable[Trouble], source: str, is_ours: Callable[[str], bool]
) -> Watched:
    """What is to be reported of some troubles, and which earlier ones are gone.

    Parameters
    ----------
    graph, troubles
        Where tensions stand, and everything that is wrong now.
    source
        Who we are in events.
    is_ours
        Whether a trouble of a cause would be among these, if it were there still.
    """
    standing, moment = await system_tensions(graph), now()
    known = {one.cause: one for one in troubles}
    reports = {}
    for cause, trouble in known.items():
        last = standing.get(cause)
        if last is None or last.status in _ENDED:
            reports[cause] = report_of(trouble, last.number + 1 if last else 0, source, moment)
    gone = [
        one.id
        for cause, one in standing.items()
        if cause not in known and is_ours(cause) and one.status in _TOWARDS_THE_END
    ]
    return Watched(troubles=len(known), reports=reports, settled=gone)


def broken_rules(violations: Iterable[Violation]) -> list[Trouble]:
    """A trouble for each rule of the ontology that is broken."""
    return [
        Trouble(
            cause=f"{RULE}{one.rule}",
            title=f"The graph breaks the rule {one.rule}",
            facts=f"By {some_of(one.ids)}. `trm audit` shows it all, `trm why` how a node came to be.",
        )
        for one in violations
    ]


def report_of(trouble: Trouble, number: int, source: str, moment: datetime) -> Record:
    """The command that reports a trouble for the n-th time; it reports it once, however often it is given."""
    said = TensionReported(title=trouble.title[:255], facts=trouble.facts, detector=WATCHER, language="en")
    tension = ids.system_tension(trouble.cause, number)
    return own_record(TENSION, tension, source, said, moment)


def some_of(names: Iterable[str]) -> str:
    """Some of several names, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more
