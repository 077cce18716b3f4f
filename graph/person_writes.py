"""The person's graph writes: recorded, and bound to a token's subject."""

from collections.abc import Sequence
from uuid import UUID

from pydantic.alias_generators import to_camel

from graph.database import GraphDatabase, Row, Transaction
from graph.errors import IdConflictError, PersonExistsError
from graph.fence import fenced
from graph.former_keys import FormerKeys
from graph.led_rows import merged_rows
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import WriteOutcome
from graph.people_merges import MergeRefusedError, further_aliases, leading, names_of, point
from graph.records import repeated
from ontology import ids
from ontology.commands import LinkIdentity, PersonDetails, RecordPerson
from ontology.nodes import FIRST_ROLE, Identity, Person
from runtime.errors import RefusedError
from runtime.text import fold

_CONTEXT = """
RETURN COLLECT { MATCH (p:Person) WHERE p.id IN $ids RETURN properties(p) } AS byId,
  COLLECT {
    MATCH (old:Person) WHERE old.id IN $ids
    MATCH (p:Person {id: old.mergedInto})
    RETURN properties(p)
  } AS survivors,
  COLLECT { MATCH (p:Person) WHERE p.email IN $emails RETURN properties(p) } AS byEmail,
  COLLECT { MATCH (p:Person) WHERE p.handle IN $handles RETURN properties(p) } AS byHandle
"""


async def record_person(graph: GraphDatabase, command: RecordPerson, run: Run) -> WriteOutcome:
    """Record a person; one of whom only a reference was known is filled in.

    A provisional person with the same e-mail or handle keeps its id; the requested id then leads to it. Where one was
    known by the e-mail and another by the handle, they were one: the other leads there too.

    Raises
    ------
    PersonExistsError
        Somebody else who was recorded has the e-mail or handle.
    """

    async def work(transaction: Transaction) -> WriteOutcome:
        if known := await repeated(transaction, command.origin):
            return known
        ledger = Ledger(transaction, command.origin, run)
        recorder = PersonRecorder(transaction, ledger)
        await recorder.look([command])
        try:
            recorder.record(command)
        except IdConflictError:
            return WriteOutcome(outcome="conflict")
        return WriteOutcome(outcome="created", records=await ledger.write())

    return await graph.write(fenced(work))


class PersonRecorder:
    """Records the people of one change set: whoever they may turn out to be is read at once, then each is decided.

    Parameters
    ----------
    transaction, ledger
        The change set.
    changing
        Whether a person who stands already takes the newer details, as those of a staff list do; an address that one
        row takes from somebody and another row gives them instead of theirs passes on, in whatever order they stand.
    """

    def __init__(self, transaction: Transaction, ledger: Ledger, *, changing: bool = False) -> None:
        self._transaction = transaction
        self._ledger = ledger
        self._changing = changing
        self._former = FormerKeys(transaction, ledger)
        self._known: dict[str, Row] = {}
        self._holders: dict[str, str] = {}
        self._loaded: dict[str, NodeState] = {}
        self._led: dict[str, list[NodeState]] = {}
        self._passed_on: set[tuple[str, str]] = set()
        self._merged: dict[str, MergeRefusedError] = {}

    async def look(self, commands: Sequence[RecordPerson]) -> None:
        """Read everyone with an id, e-mail or handle of these; who is provisional may be filled in and is locked."""
        said = [command.person for command in commands]
        found = await self._transaction.row(
            _CONTEXT,
            ids=[str(command.id) for command in commands],
            emails=[one.email for one in said if one.email],
            handles=[one.handle for one in said if one.handle],
        )
        rows = [row for group in (found or {}).values() for row in group if row["id"] not in self._known]
        for row in rows:
            self._know(row)
        own = {str(command.id) for command in commands} if self._changing else set()
        own |= {self._known[one]["mergedInto"] for one in own if "mergedInto" in self._known.get(one, {})}
        waiting = [UUID(row["id"]) for row in rows if row["provisional"] or row["id"] in own]
        for node in await self._ledger.load("Person", waiting) if waiting else []:
            self._loaded[str(node.id)] = node
            self._know(node.properties)
        leads = [str(one.id) for one in commands if "mergedInto" in self._known.get(str(one.id), {})]
        self._merged |= await merged_rows(self._transaction, leads) if self._changing else {}
        keys = [(key, value) for one in said for key, value in (("email", one.email), ("handle", one.handle)) if value]
        for command in commands if self._changing else []:
            if str(command.id) in self._merged:
                continue
            stood = self._standing(command) or {}
            given = {name: getattr(command.person, name) for name in ("email", "handle")}
            self._passed_on |= {
                (stood["id"], stood[name]) for name, new in given.items() if new and stood.get(name, new) != new
            }
        await self._former.look([node.properties for node in self._loaded.values()], keys)
        provisional = [node.id for node in self._loaded.values() if node.properties["provisional"]]
        for node in await leading(self._transaction, self._ledger, provisional) if provisional else []:
            self._led.setdefault(node.properties["mergedInto"], []).append(node)

    def record(self, command: RecordPerson) -> None:
        """Add a person to the change set, fill in the provisional one they turn out to be, or renew who stands there.

        Raises
        ------
        IdConflictError
            The id holds somebody else.
        PersonExistsError
            Somebody else who was recorded has the e-mail or handle.
        MergeRefusedError
            Who had the id was merged.
        """
        if refusal := self._merged.get(str(command.id)):
            raise refusal
        said, own = command.person, self._standing(command)
        if own and not own["provisional"] and not self._changing:
            raise IdConflictError("this id already holds another person")
        others = self._others(said, own["id"] if own else str(command.id))
        if own:
            fill = self._fill_in if own["provisional"] else self._renew
            fill(command, self._loaded[own["id"]], others)
        elif others:
            self._fill_in(command, others[0], others[1:])
            pointer = _person(command, self._ledger).model_copy(update=_pointing_to(others[0].id))
            self._know(self._ledger.create(pointer).properties)
        else:
            self._know(self._ledger.create(_person(command, self._ledger)).properties)

    def _standing(self, command: RecordPerson) -> Row | None:
        """Who has the id of a row now, or the person they turned out to be."""
        own = self._known.get(str(command.id))
        return self._known.get(own.get("mergedInto", ""), own) if own and self._changing else own

    def _others(self, said: PersonDetails, own: str) -> list[NodeState]:
        """Who else has the e-mail or handle, first who has the e-mail: mentions of who is recorded now."""
        others: dict[str, NodeState] = {}
        for pointer, key in (("/email", said.email), ("/handle", said.handle)):
            holder = self._holders.get(key or "", own)
            if holder == own or (holder, key) in self._passed_on:
                continue
            if not self._known[holder]["provisional"]:
                raise PersonExistsError(f"person {holder} already has this e-mail or handle", pointer=pointer)
            others[holder] = self._loaded[holder]
        return list(others.values())

    def _renew(self, command: RecordPerson, node: NodeState, others: Sequence[NodeState]) -> None:
        """Change what is said otherwise now; an address that somebody had leads to them still."""
        details = self._bring_together(_details(command), node, others)
        new = {name: value for name, value in details.items() if node.properties.get(to_camel(name), []) != value}
        if new:
            self._ledger.change(node, **new, **self._former.kept(node, new))
            self._know(node.properties)

    def _fill_in(self, command: RecordPerson, node: NodeState, others: Sequence[NodeState]) -> None:
        details = self._bring_together(_details(command), node, others)
        details |= self._former.kept(node, details)
        self._ledger.change(node, **details, provisional=False, request_hash=command.origin.request_hash)
        self._know(node.properties)

    def _bring_together(self, details: Row, node: NodeState, others: Sequence[NodeState]) -> Row:
        """Lead others to a person before that person takes their address or handle; their names become aliases."""
        led = [one for other in others for one in (other, *self._led.get(str(other.id), []))]
        names = [name for one in led for name in names_of(one.properties)]
        for one in led:
            point(self._ledger, self._former, one, node.id)
            self._know(one.properties)
        then = {**node.properties, **{to_camel(name): value for name, value in details.items()}}
        return {**details, **further_aliases(then, names)}

    def _know(self, person: Row) -> None:
        before = self._known.get(person["id"], {})
        for key in ("email", "handle"):
            if self._holders.get(before.get(key, "")) == person["id"]:
                del self._holders[before[key]]
        self._known[person["id"]] = dict(person)
        self._holders |= {person[key]: person["id"] for key in ("email", "handle") if key in person}


async def link_identity(graph: GraphDatabase, command: LinkIdentity, run: Run) -> WriteOutcome:
    """Bind a token's subject to a person; an earlier binding ends and stays as history."""

    async def work(transaction: Transaction) -> WriteOutcome:
        if known := await repeated(transaction, command.origin):
            return known
        ledger = Ledger(transaction, command.origin, run)
        await _person_there(ledger, command.person_id)
        nodes = await ledger.load("Identity", [ids.identity(command.issuer, command.subject)])
        node = nodes[0] if nodes else _new_identity(ledger, command)
        _end_current(ledger, node, "IDENTIFIES")
        ledger.relate(node, "IDENTIFIES", "Person", command.person_id)
        return WriteOutcome(outcome="created", records=await ledger.write())

    return await graph.write(fenced(work))


async def _person_there(ledger: Ledger, person_id: UUID) -> NodeState:
    nodes = await ledger.load("Person", [person_id])
    if not nodes or "mergedInto" in nodes[0].properties:
        raise RefusedError(f"there is no person {person_id}", pointer="/person")
    return nodes[0]


def _new_identity(ledger: Ledger, command: LinkIdentity) -> NodeState:
    moment = ledger.moment
    return ledger.create(
        Identity(
            id=ids.identity(command.issuer, command.subject),
            rev=1,
            created_at=moment,
            updated_at=moment,
            issuer=command.issuer,
            subject=command.subject,
        )
    )


def _end_current(ledger: Ledger, node: NodeState, relation_type: str) -> None:
    for relation in node.held(relation_type):
        ledger.end(node, relation)


def _details(command: RecordPerson) -> Row:
    """What a command says; what it leaves out is not there, so that it changes nothing of who stands."""
    said = command.person
    given = {"full_name": said.full_name, "folded_name": fold(said.full_name)}
    optional = {name: getattr(said, name) or None for name in ("role", "email", "handle", "aliases", "kind", "left_at")}
    return {**given, **{name: value for name, value in optional.items() if value is not None}}


def _person(command: RecordPerson, ledger: Ledger) -> Person:
    return Person(
        id=command.id,
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        provisional=False,
        request_hash=command.origin.request_hash,
        **{"role": FIRST_ROLE, **_details(command)},
    )


def _pointing_to(survivor: UUID) -> Row:
    return {"merged_into": survivor, "email": None, "handle": None}
