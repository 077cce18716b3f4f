"""What a kind of thing is: the one place where starts, look-ups, intake, workers, gateway, import and audit read it."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from pydantic.alias_generators import to_camel

from ontology import ids
from ontology.base import OntologyModel
from ontology.changes import NodeChange
from ontology.commands import Command, Origin, Record
from ontology.documents import SnippetDocument
from ontology.enums import Visibility
from ontology.events import OutgoingEvent
from ontology.nodes import Entity
from ontology.references import PersonRef, ProjectRef
from ontology.scopes import Scope
from ontology.views import NodeView, Target

_ABOUT = {"COMMENTS_ON", "DECIDES", "PART_OF"}
"""Relations to what something is about, or a part of: who may see that sees the thing."""

_KNOWN_BY = {"id", "email", "handle"}

Named = tuple[str, PersonRef]
"""A JSON pointer, and the person who is named there."""


def is_private(said: Any) -> bool:
    """Whether what is said is for its parties alone, by its ``visibility``."""
    return bool(said.visibility == Visibility.PARTIES)


ChangedBy = Callable[[Any], tuple[ProjectRef, dict[str, Any]]]
"""From another system's payload: which thing it changes, and what the change says (fields of ``Change``)."""


@dataclass(frozen=True)
class Reference:
    """A field that names somebody or something, and the relation it becomes.

    Parameters
    ----------
    field
        Name of the field (snake_case): a ``PersonRef``, a list of them, a ``ProjectRef`` or an id.
    relation, label
        The relation, and the label of what it leads to.
    own
        What the caller is told who names another without the right to: such a field means the caller when it is left
        out. None of any other field.
    alive
        Whether what it leads to may not be archived.
    """

    field: str
    relation: str
    label: str
    own: str | None = None
    alive: bool = False

    @property
    def pointer(self) -> str:
        """JSON pointer of the field."""
        return f"/{to_camel(self.field)}"

    def values(self, said: OntologyModel) -> list[tuple[str, Any]]:
        """What the field holds, each with its pointer."""
        value = getattr(said, self.field, None)
        if isinstance(value, list):
            return [(f"{self.pointer}/{number}", one) for number, one in enumerate(value)]
        return [] if value is None else [(self.pointer, value)]


@dataclass(frozen=True)
class Consequence:
    """What becomes of a thing because another was changed: a change of its own, of the same cause.

    Parameters
    ----------
    label, id
        Which thing.
    event_type
        Type of the event that records it.
    values
        Property → its new value; of a tension that follows its projects none: how it stands follows from theirs.
    """

    label: str
    id: UUID
    event_type: str
    values: Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How rows of a file become things of a kind.

    Parameters
    ----------
    content
        Model of what a row says; its fields are the columns a file may have.
    renews
        Whether a row with the id of something that stands renews it; elsewhere it must say the same.
    besides, apart
        Kind of further things that a row says, and what tells them apart: from the row's content and the id of what it
        makes, the content without them, and theirs.
    """

    content: type[OntologyModel]
    renews: bool = False
    besides: str | None = None
    apart: Callable[[Any, UUID], tuple[Any, Sequence[OntologyModel]]] | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing.

    Parameters
    ----------
    name, plural
        What begins the ids of its runs (``recognition/…``); what its route and its import are called.
    entity
        Its node.
    content
        What is said to record one.
    whole
        Model of all that may be said of one, where an import says more than a request or an event may.
    command, field
        The command that records one, and its field that holds the content; kinds of later versions need none.
    agent
        Type of the workflow that records one.
    recorded, changed, withdrawn
        Events that record, change and withdraw one.
    taken
        Event of other systems that records one.
    changed_by
        Event of other systems that changes one → from its payload, which one and what a change of it says.
    moves
        State → the event of a change that brings one there, where that is told by an event of its own.
    reads, writes
        Scopes.
    references
        Fields that become relations.
    per_event
        Whether each event about one thing has a run of its own, since one thing may be recorded in several versions.
    editable
        Fields that may be changed (snake_case).
    authors
        Relations to the people who may change one, for as long as the settings say; none: whoever may write.
    whose
        Who these people are, in words.
    led
        Relation that comes from people, and their role in it, who alone change one as soon as there is such a person;
        before, its authors do.
    within
        Relation to what it is a part of, and the roles there of who may record and change it; before somebody leads
        that, its authors may.
    told
        Further events that are about one.
    kept
        Whether its authors change it for as long as it lives, and a moderator too.
    parties
        Relations to whom it is about: one whose ``visibility`` is not ``everyone`` is seen by them and who recorded it.
    private
        Whether what is said is for the parties alone.
    tells
        What others are told of a written one, from the id of its event and whether another system told of it.
    retells
        What others are told when its text was changed by the event of the given id.
    tells_change
        What others are told of a change of one that was not told of by another system, by the event of the given id.
    told_changes
        Types of events by which changes are told of, each under the id of the event that is written.
    follows
        What becomes of other things because of a change of this one.
    document
        What of it is searchable.
    imported
        How it is imported; None: not at all.
    by_agents
        Whether agents alone record and change one, and no request does.
    """

    name: str
    plural: str
    entity: type[Entity]
    content: type[OntologyModel]
    whole: type[OntologyModel] | None = None
    command: type[Command] = Record
    field: str = "content"
    agent: str = "RecordWorkflow"
    recorded: str
    changed: str | None = None
    withdrawn: str | None = None
    taken: str | None = None
    changed_by: Mapping[str, ChangedBy] = dataclasses.field(default_factory=dict, hash=False)
    moves: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    reads: Scope
    writes: Scope
    references: tuple[Reference, ...] = ()
    per_event: bool = False
    editable: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    whose: str = "who gave or wrote it"
    led: tuple[str, str] | None = None
    within: tuple[str, tuple[str, ...]] | None = None
    told: tuple[str, ...] = ()
    kept: bool = False
    parties: tuple[str, ...] = ()
    private: Callable[[Any], bool] = lambda _: False
    tells: Callable[[NodeView, UUID, bool], list[OutgoingEvent]] | None = None
    retells: Callable[[NodeView, UUID], list[OutgoingEvent]] | None = None
    tells_change: Callable[[NodeView, NodeChange, UUID], list[OutgoingEvent]] = lambda *_: []
    told_changes: tuple[str, ...] = ()
    follows: Callable[[NodeView, NodeChange], list[Consequence]] = lambda *_: []
    document: Callable[[NodeView], SnippetDocument] | None = None
    imported: Imported | None = None
    by_agents: bool = False

    @property
    def label(self) -> str:
        """Label of its node."""
        return self.entity.label

    @property
    def guarded(self) -> bool:
        """Whether a thing may be hidden from some: it is for its parties, or for who sees what it is about."""
        return bool(self.parties) or any(reference.relation in _ABOUT for reference in self.references)

    def command_of(self, entity_id: UUID, origin: Origin, said: OntologyModel) -> Command:
        """The command that records what is said."""
        if issubclass(self.command, Record):
            content = said.model_dump(mode="json", exclude_unset=True)
            return Record(id=entity_id, origin=origin, label=self.label, content=content)
        return self.command(id=entity_id, origin=origin, **{self.field: said})

    def said_by(self, command: Command) -> Any:
        """What a command says."""
        return (
            (self.whole or self.content).model_validate(command.content)
            if isinstance(command, Record)
            else getattr(command, self.field)
        )

    def run_id(self, entity_id: UUID, event_id: UUID) -> str:
        """Id of the run that records one."""
        return f"{self.name}/{entity_id}/{event_id}" if self.per_event else f"{self.name}/{entity_id}"

    def change_id(self, entity_id: UUID, event_id: UUID) -> str:
        """Id of the run that changes one."""
        return f"{self.name}/{entity_id}/{'change/' if self.per_event else ''}{event_id}"

    def records(self, run_id: str) -> bool:
        """Whether a run of this kind's things records one, and does not change it."""
        return run_id.count("/") == (2 if self.per_event else 1)

    def record_event(self, entity_id: UUID) -> UUID:
        """Id of the event by which a request, or a row of a file, records one."""
        return ids.record_event(self.name, str(entity_id))

    def renewal_event(self, entity_id: UUID, run_id: str) -> UUID:
        """Id of the event by which a row of a file renews one that may stand, in a run of the import."""
        return ids.step_event(f"{self.name}/{entity_id}", run_id)

    def reference(self, field: str) -> Reference:
        """The reference of a field."""
        return next(reference for reference in self.references if reference.field == field)

    def named(self, said: OntologyModel) -> list[Named]:
        """Everybody who is named, each with the pointer of where."""
        people = (reference for reference in self.references if reference.label == "Person")
        return [named for reference in people for named in reference.values(said)]

    def renamed(self, said: Any, people: Sequence[PersonRef]) -> Any:
        """The same said of others: one for each that :meth:`named` gave, in its order."""
        rest, update = iter(people), dict[str, object]()
        for reference in self.references:
            if reference.label == "Person" and (held := reference.values(said)):
                found = [next(rest) for _ in held]
                update[reference.field] = found if isinstance(getattr(said, reference.field), list) else found[0]
        return said.model_copy(update=update)

    def view(self, entity_id: UUID, said: OntologyModel, caller: PersonRef | None = None) -> NodeView:
        """What is said as rules look at it before anybody is found."""
        return NodeView(
            label=self.label,
            id=entity_id,
            properties=said.model_dump(mode="json", exclude={reference.field for reference in self.references}),
            targets=list(self._targets(said, caller)),
        )

    def _targets(self, said: OntologyModel, caller: PersonRef | None) -> Iterator[Target]:
        for reference in self.references:
            held = [value for _, value in reference.values(said)]
            for value in held or ([caller] if reference.own and caller else []):
                known = {"id": value} if isinstance(value, UUID) else value.model_dump(include=_KNOWN_BY)
                yield Target(relation=reference.relation, label=reference.label, **known)
