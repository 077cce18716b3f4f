"""What the bridge does with one message: decode, check who sent it, resolve names, start the run a request would."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from pydantic.alias_generators import to_camel

from events.attributes import Envelope, open_message
from events.codec import ReceivedEvent, decode, type_of
from events.errors import EventRefusedError, SourceRefusedError, TimeAheadError, TypeUnknownError
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from graph.errors import NameRefusedError, ReferenceRefusedError
from graph.names import resolve_names
from graph.project_reads import project_of_name
from ontology import ids
from ontology.commands import Change, Command, Former, Origin, Position
from ontology.kinds import KINDS, Kind, kind_changed_by, kind_taking
from runtime.clock import now, rfc3339
from runtime.runs import Runs
from runtime.settings import Settings

Verdict = Literal["started", "repeated", "own"]
"""A run was started; it was there before; or the event is our own, written before it was published."""


class EventConflictError(EventRefusedError):
    """The event's id was used before with other content."""

    code = "idempotencyConflict"


@dataclass(frozen=True)
class Message:
    """What a message is, whatever brought it."""

    headers: list[tuple[str, bytes | None]]
    value: bytes | None
    position: Position | None = None


class Intake:
    """Accepts messages of other systems.

    Parameters
    ----------
    tree
        Settings: our own source, who may send what, the agents' queue.
    runs, graph, registry
        Where runs are started, names looked up and schemas read.
    """

    def __init__(self, tree: Settings, runs: Runs, graph: GraphDatabase, registry: SchemaRegistry) -> None:
        self._tree = tree
        self._runs = runs
        self._graph = graph
        self._registry = registry

    async def accept(self, message: Message) -> Verdict:
        """Start the run of an event.

        Raises
        ------
        RefusedError
            It can never be accepted as it is.
        UnavailableError
            Temporal, the graph or the registry is away; try again.
        """
        try:
            command = await self.command_of(message)
        except NameRefusedError:
            if await self._was_accepted(message):
                return "repeated"
            raise
        if command is None:
            return "own"
        started = await self._runs.start(command)
        if started.outcome == "conflict":
            raise EventConflictError("another event with this id had other content", pointer="/ce_id")
        return "started" if started.outcome == "started" else "repeated"

    async def command_of(self, message: Message) -> Command | None:
        """The command an event means; None for an event of our own."""
        return await self._command(message, self._named)

    async def _was_accepted(self, message: Message) -> bool:
        """Whether this very event was accepted before: its names were resolved then, whoever is known since."""

        async def as_they_are(event: ReceivedEvent) -> ReceivedEvent:
            return event

        command = await self._command(message, as_they_are)
        return command is not None and await self._runs.started_before(command) is not None

    async def _command(
        self, message: Message, named: Callable[[ReceivedEvent], Awaitable[ReceivedEvent]]
    ) -> Command | None:
        envelope = open_message(message.headers, message.value)
        if envelope.attributes.source == self._tree.events.source:
            return None
        event_type = type_of(envelope)
        self._check_source(envelope, event_type)
        kind, changing = kind_taking(event_type), kind_changed_by(event_type)
        if changing:
            return await self._change(await self._decoded(envelope), changing, message.position)
        if kind is None:
            raise TypeUnknownError(f"no agent handles {event_type} yet", pointer=envelope.pointer("type"))
        event = await named(await self._decoded(envelope))
        entity_id = ids.foreign_entity(kind.label, event.attributes.source, event.attributes.subject)
        origin = _origin(event).model_copy(update={"position": message.position})
        return kind.command_of(entity_id, origin, event.payload)

    async def _decoded(self, envelope: Envelope) -> ReceivedEvent:
        """The event, which has happened: what another system announces is none yet.

        Raises
        ------
        TimeAheadError
            It, or what it tells of, is later than clocks may differ.
        """
        event = await decode(self._registry, envelope)
        latest = now() + self._tree.events.clock_skew
        said = {f"/{to_camel(name)}": getattr(event.payload, name, None) for name in _HAPPENED}
        for pointer, moment in {**said, envelope.pointer("time"): event.attributes.time}.items():
            if moment and moment > latest:
                raise TimeAheadError(
                    f"it is said to have happened at {rfc3339(moment)}, which is to come", pointer=pointer
                )
        return event

    async def _change(self, event: ReceivedEvent, kind: Kind, position: Position | None) -> Change:
        """The change that an event means, of the thing that it names."""
        ref, said = kind.changed_by[event.type](event.payload)
        thing = ref.id or await project_of_name(self._graph, ref.name or "")
        if thing is None:
            raise ReferenceRefusedError(f"there is no {kind.label} {ref.name!r}", pointer=f"/{kind.name}/name")
        origin = _origin(event).model_copy(update={"position": position, "former": None})
        return Change(id=thing, label=kind.label, origin=origin, **said)

    def _check_source(self, envelope: Envelope, event_type: str) -> None:
        """Before anything else is read: what a system may not send is not worth a look."""
        allowed = self._tree.events.allowed_sources
        source = envelope.attributes.source
        sources = [*allowed.get(event_type, []), *allowed.get("*", [])]
        if source not in sources and "*" not in sources:
            raise SourceRefusedError(f"{source} may not publish {event_type}", pointer=envelope.pointer("source"))

    async def _named(self, event: ReceivedEvent) -> ReceivedEvent:
        """The event with bare names resolved, as the gateway resolves them."""
        kind = kind_taking(event.type)
        named = kind.named(event.payload) if kind else []
        if kind is None or not named:
            return event
        payload = kind.renamed(event.payload, await resolve_names(self._graph, named))
        return replace(event, payload=payload)


_HAPPENED = ("occurred_at", "completed_at")
"""Fields of events that say when it was."""


def handled() -> list[str]:
    """Event types that have an agent."""
    taken = [kind.taken for kind in KINDS.values() if kind.taken]
    return [*taken, *(event for kind in KINDS.values() for event in kind.changed_by)]


def _origin(event: ReceivedEvent) -> Origin:
    attributes = event.attributes
    said = next(filter(None, (getattr(event.payload, name, None) for name in _HAPPENED)), None)
    return Origin(
        event_id=ids.foreign_event(event.type, attributes.source, attributes.id),
        event_type=event.type,
        source=attributes.source,
        occurred_at=said or attributes.time,
        sent_at=now(),
        request_hash=event.content_hash,
        foreign=True,
        former=Former(
            id=ids.former_entity(attributes.source, attributes.subject),
            event_id=ids.former_event(attributes.source, attributes.id),
        ),
    )
