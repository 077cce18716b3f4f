"""People who turn out to be one, and who are told apart again: one id leads to another, no relation is ever moved."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from graph.callers import stand_in
from graph.database import GraphDatabase, Row, Transaction
from graph.errors import ThingUnknownError
from graph.fence import fenced
from graph.former_keys import FormerKeys
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import WriteOutcome
from graph.records import repeated
from ontology.commands import MergePeople
from runtime.errors import RefusedError

_LEADING = "MATCH (p:Person) WHERE p.mergedInto IN $ids RETURN p.id AS id ORDER BY id"


class MergeRefusedError(RefusedError):
    """These two cannot become one as they stand, or there is nothing to undo."""

    code = "mergeRefused"


async def merge_people(graph: GraphDatabase, command: MergePeople, run: Run) -> WriteOutcome:
    """Say that two people are one: ``duplicate`` leads to ``survivor`` from now on; what was written stays written.

    Raises
    ------
    ThingUnknownError
        One of them is nobody.
    MergeRefusedError
        They are one already, or one of them leads to somebody.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> WriteOutcome:
        if known := await repeated(transaction, command.origin):
            return known
        ledger = Ledger(transaction, command.origin, run)
        both = await ledger.load("Person", [command.duplicate, command.survivor])
        people = {person.id: person for person in both}
        refusal = merge_refusal(command.duplicate, command.survivor, {person.id: person.properties for person in both})
        if refusal:
            raise refusal
        duplicate, survivor = people[command.duplicate], people[command.survivor]
        led = [duplicate, *await leading(transaction, ledger, [duplicate.id])]
        former = FormerKeys(transaction, ledger)
        await former.look(person.properties for person in led)
        lead(ledger, former, led, survivor)
        return WriteOutcome(outcome="created", records=await ledger.write())

    return await graph.write(fenced(work))


def merge_refusal(duplicate: UUID, survivor: UUID, people: Mapping[UUID, Row]) -> RefusedError | None:
    """Why one person cannot lead to another; None when nothing stands against it.

    Parameters
    ----------
    duplicate, survivor
        Who would lead to whom.
    people
        Properties of those of both who are there.
    """
    if duplicate == survivor:
        return MergeRefusedError(
            f"{duplicate} is named twice: nobody is merged with themselves; say two people", pointer="/survivor"
        )
    for pointer, one in (("/duplicate", duplicate), ("/survivor", survivor)):
        if one not in people:
            return ThingUnknownError(
                f"there is no person {one}; GET /v1/people?name= tells the id of whom you mean", pointer=pointer
            )
    return _lead_refusal(duplicate, survivor, *(people[one].get("mergedInto") for one in (duplicate, survivor)))


def _lead_refusal(
    duplicate: UUID, survivor: UUID, from_duplicate: str | None, from_survivor: str | None
) -> MergeRefusedError | None:
    if from_duplicate == str(survivor):
        said = f"{duplicate} leads to {survivor} already; there is nothing to do"
        return MergeRefusedError(said, pointer="/duplicate")
    if from_duplicate:
        said = f"merge {from_duplicate} instead, or first undo that: trm person unmerge {duplicate}"
        return MergeRefusedError(f"{duplicate} leads to {from_duplicate} already; {said}", pointer="/duplicate")
    if from_survivor == str(duplicate):
        said = f"to let {survivor} stay instead, first undo that: trm person unmerge {survivor}"
        return MergeRefusedError(f"{survivor} leads to {duplicate}, so they are one; {said}", pointer="/survivor")
    if from_survivor:
        said = f"{survivor} leads to {from_survivor}; merge into {from_survivor}"
        return MergeRefusedError(said, pointer="/survivor")
    return None


async def leading(transaction: Transaction, ledger: Ledger, ids: Sequence[UUID]) -> list[NodeState]:
    """Lock everyone who leads to one of these people; whoever asks holds those, so nobody is added meanwhile."""
    rows = await transaction.rows(_LEADING, ids=[str(one) for one in ids])
    return await ledger.load("Person", [UUID(row["id"]) for row in rows]) if rows else []


def lead(ledger: Ledger, former: FormerKeys, people: Sequence[NodeState], survivor: NodeState) -> None:
    """Lead people to another, who is found by their names as well from now on."""
    names = [name for person in people for name in names_of(person.properties)]
    for person in people:
        point(ledger, former, person, survivor.id)
    ledger.change(survivor, **further_aliases(survivor.properties, names))


def point(ledger: Ledger, former: FormerKeys, person: NodeState, survivor: UUID) -> None:
    """Lead one person to another; every address and handle they had leads there too."""
    gone = {"email": None, "handle": None}
    ledger.change(person, merged_into=survivor, **gone, **former.kept(person, gone, survivor))


def names_of(person: Row) -> list[str]:
    """What somebody is called; of one known by address or id alone, what stands for the name is none."""
    mailbox = (person.get("email") or person.get("formerEmail") or "").partition("@")[0]
    stand_ins = {stand_in(mailbox), person["id"]} if person["provisional"] else set()
    return [name for name in (person["fullName"], *person.get("aliases", [])) if name not in stand_ins]


def further_aliases(person: Row, names: Sequence[str]) -> dict[str, list[str]]:
    """What is to change (snake_case) so that further names are a person's aliases; nothing where all are theirs."""
    held = list(person.get("aliases", []))
    new = sorted({*names} - {*held, person["fullName"], person.get("handle")})
    return {"aliases": [*held, *new]} if new else {}
