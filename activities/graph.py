"""Steps that write the graph."""

import contextlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from opentelemetry import trace
from prometheus_client import Histogram
from temporalio import activity

from activities.failures import as_application_error, failing_typed
from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.errors import ReferenceRefusedError, ReferenceUnknownError
from graph.ledger import Run
from graph.outcomes import RecognitionWritten, SnippetWritten, ThingWritten, WriteOutcome
from graph.people_merges import merge_people
from graph.people_unmerges import unmerge_people
from graph.person_writes import link_identity, record_person
from graph.recording import record_thing
from graph.runs import event_stands
from graph.snippet_writes import record_snippet
from ontology.commands import (
    Change,
    Command,
    IndexKnowledge,
    LinkIdentity,
    MergePeople,
    Record,
    RecordPerson,
    RecordRecognition,
    UnmergePeople,
)
from ontology.kinds import kind_recorded_by
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.errors import RefusedError

log = logging.getLogger(__name__)

TO_GRAPH_SECONDS = Histogram(
    "trm_recognition_to_graph_seconds",
    "Time from the request or event to the committed graph write",
    ["source"],
    buckets=(0.03, 0.06, 0.1, 0.2, 0.3, 0.6, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0),
)


class GraphActivities:
    """Graph writes of all agents.

    Parameters
    ----------
    graph
        Open database.
    reference_patience
        How long a thing waits for a project, task or tension that is not there yet.
    correction_window
        How long who gave or wrote something may correct it.
    authorities
        Whose each is.
    """

    def __init__(
        self,
        graph: GraphDatabase,
        reference_patience: timedelta,
        correction_window: timedelta,
        authorities: Authorities,
    ) -> None:
        self._graph = graph
        self._patience = reference_patience
        self._window = correction_window
        self._authorities = authorities

    @activity.defn
    @failing_typed
    async def record(self, command: Record) -> ThingWritten:
        """Write a thing with everyone and everything it names."""
        return await self._recorded(command)

    @activity.defn
    @failing_typed
    async def record_recognition(self, command: RecordRecognition) -> RecognitionWritten:
        """Write a recognition with everyone and everything it names."""
        written = await self._recorded(command)
        if written.outcome == "created":
            seconds = (now() - command.origin.sent_at).total_seconds()
            TO_GRAPH_SECONDS.labels("event" if command.origin.foreign else "request").observe(seconds)
            log.info("recognition written", extra={"entityId": str(command.id), "seconds": round(seconds, 3)})
        return RecognitionWritten(**dict(written))

    async def _recorded(self, command: Command) -> ThingWritten:
        kind = kind_recorded_by(command)
        if kind is None:
            raise RefusedError(f"this version records nothing by {type(command).__name__}")
        with self._patient(command):
            return await record_thing(self._graph, kind, command, current_run())

    @contextlib.contextmanager
    def _patient(self, command: Command) -> Iterator[None]:
        """What is named and not there yet may come for some time, and is refused after it."""
        try:
            yield
        except ReferenceUnknownError as error:
            if now() - command.origin.sent_at < self._patience:
                raise
            refused = ReferenceRefusedError(str(error), pointer=error.pointer)
            raise as_application_error(refused) from error

    @activity.defn
    @failing_typed
    async def record_person(self, command: RecordPerson) -> WriteOutcome:
        """Write a person."""
        return await record_person(self._graph, command, current_run())

    @activity.defn
    @failing_typed
    async def link_identity(self, command: LinkIdentity) -> WriteOutcome:
        """Bind a token's subject to a person."""
        return await link_identity(self._graph, command, current_run())

    @activity.defn
    @failing_typed
    async def merge_people(self, command: MergePeople) -> WriteOutcome:
        """Lead one person's id to another's."""
        return await merge_people(self._graph, command, current_run())

    @activity.defn
    @failing_typed
    async def unmerge_people(self, command: UnmergePeople) -> WriteOutcome:
        """Let a person who led to another stand alone again."""
        return await unmerge_people(self._graph, command, current_run())

    @activity.defn
    @failing_typed
    async def change_thing(self, command: Change) -> ThingWritten:
        """Change a thing that stands."""
        return await change_thing(self._graph, command, current_run(), self._window, self._authorities)

    @activity.defn
    @failing_typed
    async def is_written(self, event_id: UUID) -> bool:
        """Whether an event stands, whatever it wrote."""
        return await event_stands(self._graph, event_id)

    @activity.defn
    @failing_typed
    async def record_snippet(self, command: IndexKnowledge) -> SnippetWritten:
        """Write a knowledge snippet or its newer revision."""
        with self._patient(command):
            return await record_snippet(self._graph, command, current_run())


def current_run() -> Run:
    """The workflow run the activity belongs to."""
    info = activity.info()
    span = trace.get_current_span().get_span_context()
    return Run(
        info.workflow_id or "",
        info.workflow_run_id or "",
        attempt=info.attempt,
        local=info.is_local,
        trace_id=format(span.trace_id, "032x") if span.is_valid else None,
    )
