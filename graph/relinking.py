"""Whom and what a thing names, changed: relations that shall be no more are ended, new ones made."""

from collections.abc import Collection, Mapping
from uuid import UUID

from graph.database import Transaction
from graph.errors import ReferenceRefusedError, ReferenceUnknownError
from graph.ledger import Ledger
from graph.named_by_id import Named, those_there
from graph.node_states import NodeState
from graph.people import PeopleFinder
from graph.people_reads import viewer_behind
from graph.projects import ProjectFinder
from ontology.commands import Change
from ontology.kinds import Kind, Reference
from ontology.references import PersonRef, ProjectRef

_ALSO = "MATCH (m:Person) WHERE m.mergedInto = $id RETURN m.id AS id"


async def relink(transaction: Transaction, ledger: Ledger, node: NodeState, kind: Kind, command: Change) -> None:
    """Make a thing name whom and what a command says.

    Raises
    ------
    NameRefusedError
        A bare name fits nobody, or more than one.
    ReferenceRefusedError
        Something that is named by its id is not there, or is out of the sender's sight.
    """
    if not (command.links or command.adds or command.joins or command.leaves):
        return
    named = {kind.reference(field): refs for field, refs in command.links.items()}
    more = {kind.reference(field): refs for field, refs in command.adds.items()}
    every = [(one, ref) for one, refs in (*named.items(), *more.items()) for ref in refs]
    people = [PersonRef.model_validate(ref) for one, ref in every if one.label == "Person"]
    projects = [ProjectRef.model_validate(ref) for one, ref in every if one.label == "Project"]
    caller = command.origin.caller if command.joins or command.leaves else None
    others = [(one.label, str(UUID(str(ref["id"])))) for one, ref in every if one.label not in {"Person", "Project"}]
    finder, found = PeopleFinder(transaction, ledger), ProjectFinder(transaction, ledger)
    await finder.look(people, caller)
    sender = command.origin.caller
    by_id = bool(others) or any(ref.id for ref in projects)
    viewer = await viewer_behind(transaction, sender) if sender and by_id else None
    await found.look(projects, viewer)
    there = await those_there(transaction, others, viewer)
    for reference, refs in named.items():
        wanted = [
            _one(finder, found, there, reference, ref, f"{reference.pointer}/{place}") for place, ref in enumerate(refs)
        ]
        ledger.lead(node, reference.relation, reference.label, wanted)
    for reference, refs in more.items():
        for place, ref in enumerate(refs):
            target = _one(finder, found, there, reference, ref, f"{reference.pointer}/{place}")
            _add(ledger, node, reference, target, await _also(transaction, target))
    if caller:
        person = finder.caller(caller).id
        own = await _also(transaction, person)
        for field in command.joins:
            _add(ledger, node, kind.reference(field), person, own)
        for field in command.leaves:
            reference = kind.reference(field)
            staying = [one for one in _held(node, reference) if one not in own]
            ledger.lead(node, reference.relation, reference.label, staying)
    finder.settle()


def _one(
    people: PeopleFinder,
    projects: ProjectFinder,
    there: Collection[Named],
    reference: Reference,
    ref: Mapping[str, object],
    pointer: str,
) -> UUID:
    if reference.label == "Person":
        return people.person(PersonRef.model_validate(ref), pointer=pointer).id
    if reference.label == "Project":
        try:
            return projects.project(ProjectRef.model_validate(ref))[0]
        except ReferenceUnknownError as error:  # who changes a thing waits for the answer, not for the project
            raise ReferenceRefusedError(str(error), pointer=pointer) from error
    other = UUID(str(ref["id"]))
    if (reference.label, str(other)) not in there:
        raise ReferenceRefusedError(f"there is no {reference.label} {other}", pointer=pointer)
    return other


async def _also(transaction: Transaction, target: UUID) -> set[UUID]:
    """An id, and those of who leads there."""
    return {target, *(UUID(row["id"]) for row in await transaction.rows(_ALSO, id=str(target)))}


def _add(ledger: Ledger, node: NodeState, reference: Reference, target: UUID, also: set[UUID]) -> None:
    """Make a relation, unless one leads there already by any of the target's ids."""
    if not also & set(_held(node, reference)):
        ledger.relate(node, reference.relation, reference.label, target)


def _held(node: NodeState, reference: Reference) -> list[UUID]:
    held = node.held(reference.relation)
    return [relation.target.id for relation in held if relation.target.label == reference.label]
