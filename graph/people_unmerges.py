"""A merge undone: who led to somebody stands alone again, as they were, with whoever led to them before.

What a merge did is read from the revisions it wrote: nothing is kept beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from pydantic.alias_generators import to_camel

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import ConcurrentWriteError, ThingUnknownError
from graph.fence import fenced
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import WriteOutcome
from graph.people_merges import MergeRefusedError
from graph.records import repeated
from ontology.commands import UnmergePeople

_PAST = """
MATCH (x:Person {id: $id})
MATCH (p:Person)
WHERE p.id IN [x.id, x.mergedInto] OR p.mergedInto IN [x.id, x.mergedInto]
RETURN p.id AS id, COLLECT {
  MATCH (p)-[h:HAS_STATE]->(s:State)
  RETURN s {
    .rev, .mergedInto, .aliases, .formerEmail, .formerHandle,
    event: h.eventId, removed: coalesce(s.removed, []),
    leading: s.aliases IS NOT NULL AND EXISTS {
      MATCH (:Event {id: h.eventId})<-[:RECORDED_BY]-(:Person)-[k:HAS_STATE]->(led:State)
      WHERE k.eventId = h.eventId AND led.mergedInto = p.id
    }
  } ORDER BY s.rev
} AS revisions ORDER BY id
"""

_HOLDERS = """
MATCH (p:Person) WHERE p.id <> $id AND (p.email = $email OR p.handle = $handle)
RETURN p.email = $email AS email, p.handle = $handle AS handle
"""


@dataclass(frozen=True)
class Past:
    """What a person's revisions say of their leads.

    Parameters
    ----------
    revisions
        Rows of what each set and removed, the oldest first.
    """

    revisions: Sequence[Row] = field(default_factory=list)

    @property
    def leads(self) -> list[Row]:
        """The revisions that led the person to somebody since they last stood alone."""
        leads: list[Row] = []
        for row in self.revisions:
            if row["mergedInto"]:
                leads.append(row)
            elif "mergedInto" in row["removed"]:
                leads = []
        return leads

    def came_by(self, event: str, by: UUID) -> bool:
        """Whether an event re-led the person who led to somebody else until then."""
        pairs = pairwise(self.leads)
        return any(later["event"] == event and earlier["mergedInto"] == str(by) for earlier, later in pairs)

    def before(self, revision: int, name: str) -> object:
        """A property's value as it was before a revision."""
        value = None
        for row in self.revisions:
            if row["rev"] >= revision:
                break
            value = None if name in row["removed"] else row[name] or value
        return value

    def given(self) -> set[str]:
        """Aliases that came from those who were led to the person, and were not taken away since."""
        given: set[str] = set()
        held: set[str] = set()
        for row in self.revisions:
            after = set(row["aliases"] or []) if row["aliases"] is not None or "aliases" in row["removed"] else held
            given = (given | (after - held)) if row["leading"] else given & after
            held = after
        return given


async def unmerge_people(graph: GraphDatabase, command: UnmergePeople, run: Run) -> WriteOutcome:
    """Let somebody who leads to another stand alone again; what was written meanwhile stays with whom it named.

    They get their address and handle back, unless somebody has them now; whoever led to them follows them back; the
    survivor loses the names that were only theirs.

    Raises
    ------
    ThingUnknownError
        There is no such person.
    MergeRefusedError
        They lead to nobody, or their id was never anybody else's.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> WriteOutcome:
        if known := await repeated(transaction, command.origin):
            return known
        ledger = Ledger(transaction, command.origin, run)
        people, pasts = await _look(transaction, ledger, command.id)
        person = people.get(command.id)
        if person is None:
            raise ThingUnknownError(f"there is no person {command.id}", pointer="/id")
        leads = pasts[person.id].leads
        if not leads:
            raise MergeRefusedError(_nothing_to_undo(person, people), pointer="/id")
        survivor = UUID(person.properties["mergedInto"])
        if command.survivor not in (None, survivor):
            said = f"{person.id} leads to {survivor}, not to {command.survivor}"
            raise MergeRefusedError(said, pointer="/survivor")
        if leads[0]["rev"] == 1:
            said = f"{person.id} is another id of {survivor} and was never anybody else: there is nothing to undo"
            raise MergeRefusedError(said, pointer="/id")
        event = leads[0]["event"]
        led = [one for one in people.values() if one.properties.get("mergedInto") == str(survivor)]
        others = [one for one in led if one is not person]
        followers = [one for one in others if pasts[one.id].came_by(event, person.id) or _made_by(pasts[one.id], event)]
        ledger.change(person, merged_into=None, **await _restored(transaction, person, pasts[person.id]))
        for follower in followers:
            ledger.change(follower, merged_into=person.id)
        freed = [person, *followers]
        staying = [one for one in led if one not in freed]
        _take_names_back(ledger, people[survivor], freed, staying, pasts)
        return WriteOutcome(outcome="created", records=await ledger.write())

    return await graph.write(fenced(work))


def _made_by(past: Past, event: str) -> bool:
    """Whether an event made somebody who leads: a former address of whom it led."""
    first = past.revisions[0]
    return bool(first["event"] == event and first["mergedInto"])


async def _look(
    transaction: Transaction, ledger: Ledger, person: UUID
) -> tuple[dict[UUID, NodeState], dict[UUID, Past]]:
    """Lock a person, whom they lead to and all who lead there, and read their past."""
    rows = await transaction.rows(_PAST, id=str(person))
    nodes = await ledger.load("Person", [UUID(row["id"]) for row in rows]) if rows else []
    again = await transaction.rows(_PAST, id=str(person))
    if again != rows:  # only now nobody changes them
        raise ConcurrentWriteError("one of these people was changed meanwhile")
    return {node.id: node for node in nodes}, {UUID(row["id"]): Past(row["revisions"]) for row in rows}


def _nothing_to_undo(person: NodeState, people: Mapping[UUID, NodeState]) -> str:
    led = sorted(str(one.id) for one in people.values() if one.properties.get("mergedInto") == str(person.id))
    said = f"{person.id} leads to nobody: there is nothing to undo"
    return f"{said}; who leads to them is undone by their own id: {', '.join(led)}" if led else said


async def _restored(transaction: Transaction, person: NodeState, past: Past) -> dict[str, object]:
    """The address and handle somebody had when they were merged (snake_case), but for those another has now."""
    merged = past.leads[0]
    had = {key: person.properties.get(to_camel(f"former_{key}")) for key in ("email", "handle")}
    had = {key: value for key, value in had.items() if value and key in merged["removed"]}
    if not had:
        return {}
    keys = {"email": None, "handle": None, **had}
    holders = await transaction.rows(_HOLDERS, id=str(person.id), **keys)
    free = {key: value for key, value in had.items() if not any(holder[key] for holder in holders)}
    former = {f"former_{key}": past.before(merged["rev"], to_camel(f"former_{key}")) for key in free}
    return {**free, **former}


def _take_names_back(
    ledger: Ledger,
    survivor: NodeState,
    freed: Sequence[NodeState],
    staying: Sequence[NodeState],
    pasts: Mapping[UUID, Past],
) -> None:
    """Take the names of those who go from whoever got them: on the way those in between, in the end the survivor."""
    way = [str(lead["mergedInto"]) for one in freed for lead in pasts[one.id].leads]
    between = [one for one in staying if str(one.id) in way]
    for one in (*between, survivor):
        kept = [
            other
            for other in staying
            if one is survivor or any(lead["mergedInto"] == str(one.id) for lead in pasts[other.id].leads)
        ]
        held = one.properties.get("aliases", [])
        gone = pasts[one.id].given() & _names(freed) - _names(kept)
        if gone & set(held):
            ledger.change(one, aliases=[name for name in held if name not in gone])


def _names(people: Iterable[NodeState]) -> set[str]:
    return {name for one in people for name in (one.properties["fullName"], *one.properties.get("aliases", []))}
