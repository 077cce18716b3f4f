"""A thing's graph write: one transaction that finds or creates everyone and everything it names, whatever its kind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graph.approving import check_asked
from graph.database import GraphDatabase, Transaction
from graph.errors import ReferenceUnknownError, RuleBrokenError
from graph.fence import fenced
from graph.former import as_it_stands
from graph.ledger import Ledger, Run
from graph.named_by_id import those_there
from graph.node_states import NodeState
from graph.outcomes import ThingWritten
from graph.people import PeopleFinder
from graph.people_reads import viewer_behind
from graph.projects import ProjectFinder, named
from graph.provenance import view_of
from graph.records import record_of_event
from ontology.commands import Command
from ontology.kinds import Kind, Reference
from ontology.kinds.project import PROJECT
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import Entity
from ontology.references import ProjectRef
from ontology.rules import Violation
from ontology.views import NodeView

_STANDING = "MATCH (n:$($label) {id: $id}) RETURN n.requestHash AS requestHash"


@dataclass(frozen=True)
class _Found:
    """What a field's value turned out to be."""

    reference: Reference
    id: UUID
    name: str | None = None


async def record_thing(graph: GraphDatabase, kind: Kind, command: Command, run: Run) -> ThingWritten:
    """Write a thing with everyone and everything it names; a repeated write changes nothing.

    Raises
    ------
    RuleBrokenError
        A rule stands against it: giver and a receiver turn out to be one person, for instance.
    ReferenceUnknownError
        Something that is named by its id is not there yet.
    ApprovalRefusedError
        It asks for the approval of a project that is asked for already, or that is no proposal any more.
    ProjectExistsError
        It is a project, and another has its name.
    NameRefusedError
        A bare name that does not fit exactly one person, or a project name that several have.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> ThingWritten:
        known = await as_it_stands(transaction, kind.label, command)
        standing = await transaction.row(_STANDING, label=kind.label, id=str(known.id))
        if standing is None:
            ledger = Ledger(transaction, known.origin, run)
            recorder = ThingRecorder(kind, transaction, ledger)
            await check_asked(transaction, ledger, kind.said_by(known))
            await recorder.look([known])
            view = recorder.record(known)
            return ThingWritten(outcome="created", id=known.id, records=await ledger.write(), view=view)
        if standing["requestHash"] != known.origin.request_hash:
            return ThingWritten(outcome="conflict")
        return ThingWritten(
            outcome="same",
            id=known.id,
            records=await record_of_event(transaction, known.origin.event_id),
            view=await view_of(transaction, kind.label, known.id),
        )

    return await graph.write(fenced(work))


class ThingRecorder:
    """Records the things of one change set: everything they name is read at once, then each is decided."""

    def __init__(self, kind: Kind, transaction: Transaction, ledger: Ledger) -> None:
        self._kind = kind
        self._transaction = transaction
        self._ledger = ledger
        self._people = PeopleFinder(transaction, ledger)
        self._projects = ProjectFinder(transaction, ledger)
        self._there: dict[tuple[str, str], bool] = {}

    async def look(self, commands: Sequence[Command]) -> None:
        """Read everyone and everything the things name."""
        said = [self._kind.said_by(command) for command in commands]
        people = [ref for one in said for _, ref in self._kind.named(one)]
        callers = [command.origin.caller for command in commands if self._by_caller(command)]
        if people or any(callers):
            await self._people.look(people, next(filter(None, callers), None))
        fields = [(one, reference) for one in said for reference in self._kind.references]
        held = [(reference, value) for one, reference in fields for _, value in reference.values(one)]
        own = [ProjectRef(name=one.name) for one in said] if self._kind is PROJECT else []
        named = [value for _, value in held if isinstance(value, ProjectRef)]
        wanted = sorted({(reference.label, str(value)) for reference, value in held if isinstance(value, UUID)})
        caller, viewer = next((command.origin.caller for command in commands), None), None
        if caller and (wanted or any(ref.id for ref in named)):
            viewer = await viewer_behind(self._transaction, caller)
        await self._projects.look([*own, *named], viewer)
        if self._kind.within:  # what a thing is a part of stays as it is until the thing stands
            whole = [value for one, value in held if one.relation == self._kind.within[0] and isinstance(value, UUID)]
            await self._ledger.load("Project", whole)
        self._there |= await those_there(self._transaction, wanted, viewer)

    def record(self, command: Command) -> NodeView:
        """Add a thing to the change set; answers how it stands then.

        Raises
        ------
        RuleBrokenError, ReferenceUnknownError, NameRefusedError
            It is refused.
        """
        said = self._kind.said_by(command)
        if self._kind is PROJECT:
            self._projects.check_free(said.name, command.id)
        found = {(one.reference.relation, one.id): one for one in self._found(said, command)}
        node = self._ledger.create(self._entity(command, said))
        for one in found.values():
            self._ledger.relate(node, one.reference.relation, one.reference.label, one.id)
        node.check()
        self._people.settle()
        return _named(node, found.values())

    def _found(self, said: Any, command: Command) -> list[_Found]:
        found = []
        for reference in self._kind.references:
            held = reference.values(said)
            found += [self._one(reference, pointer, value) for pointer, value in held]
            if reference.own and not held and (caller := command.origin.caller):
                person = self._people.caller(caller)
                found.append(_Found(reference, person.id, person.full_name))
        return found

    def _one(self, reference: Reference, pointer: str, value: Any) -> _Found:
        if isinstance(value, ProjectRef):
            return _Found(reference, *self._projects.project(value))
        if not isinstance(value, UUID):
            person = self._people.person(value, pointer=pointer)
            return _Found(reference, person.id, person.full_name)
        if (reference.label, str(value)) not in self._there:
            raise ReferenceUnknownError(f"there is no {reference.label} {value}", pointer=pointer)
        if reference.alive and self._there[reference.label, str(value)]:
            said = f"the {reference.label} {value} was archived, and rests"
            raise RuleBrokenError(Violation("archived", said, pointer))
        return _Found(reference, value)

    def _entity(self, command: Command, said: Any) -> Entity:
        """The node: what is said under the names of its properties, and how it begins."""
        model, origin = self._kind.entity, command.origin
        begins = {
            "rev": 1,
            "created_at": self._ledger.moment,
            "updated_at": self._ledger.moment,
            "occurred_at": origin.occurred_at,
            "request_hash": origin.request_hash,
        }
        if lifecycle := LIFECYCLES.get(model.label):
            begins["status"] = getattr(said, "status", None) or lifecycle.initial
        if self._kind is PROJECT:
            begins |= {**named(said.name), "provisional": False}
        values = {**{name: getattr(said, name) for name in type(said).model_fields}, **begins, "id": command.id}
        return model(**{name: value for name, value in values.items() if name in model.model_fields})

    def _by_caller(self, command: Command) -> bool:
        """Whether somebody is the caller because nobody else is named."""
        said = self._kind.said_by(command)
        return any(reference.own and not reference.values(said) for reference in self._kind.references)


def _named(node: NodeState, found: Collection[_Found]) -> NodeView:
    """The node with the names of what it points to."""
    names = {one.id: one.name for one in found}
    view = node.view()
    targets = [target.model_copy(update={"name": names[target.id] if target.id else None}) for target in view.targets]
    return view.model_copy(update={"targets": targets})
