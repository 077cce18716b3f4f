"""Who stands behind a token: bound at first sight, filled in by what the token says, led to whom its address names.

A subject that wrote before its address was verified is a provisional person of its own. When the address turns out to
be somebody's who is known, that person stays, and the provisional one leads to them as after a merge.
"""

from typing import Any
from uuid import UUID

from graph.database import Row, Transaction
from graph.ledger import Ledger
from graph.node_states import NodeState, RelationState
from ontology import ids
from ontology.nodes import Identity
from ontology.references import Caller
from runtime.text import fold

_LONGEST_NAME = 200
_MOST_ALIASES = 20

_SHARED = """
RETURN EXISTS { MATCH (:Person {mergedInto: $id}) } OR COUNT {
  MATCH (:Identity)-[r:IDENTIFIES]->(:Person {id: $id}) WHERE r.validTo IS NULL
} > 1 AS shared
"""


class Bearer:
    """The person of one token, decided before anything is changed.

    Parameters
    ----------
    ledger
        The change set.
    caller
        The token's subject; its e-mail is there only when it is verified.
    bound
        Properties of the person the subject is bound to.
    mailed
        Properties of the person who has the token's address.
    """

    def __init__(self, ledger: Ledger, caller: Caller, bound: Row | None, mailed: Row | None) -> None:
        self._ledger = ledger
        self._caller = caller
        self._bound = bound
        self._mailed = mailed
        self._changing: NodeState | None = None
        self._leading: tuple[NodeState, NodeState] | None = None

    async def look(self, transaction: Transaction) -> None:
        """Lock whoever is to be changed, which is seldom anybody, and decide again on what they are then."""
        bound, mailed = self._bound, self._mailed
        if bound and mailed and bound["id"] != mailed["id"]:
            if self._made_by_token(bound) and not await self._shared(transaction, bound):
                await self._look_at_both(bound, mailed)
        elif (known := bound or mailed) and self._details(known):
            [self._changing] = await self._ledger.load("Person", [UUID(known["id"])])

    @property
    def person(self) -> Row | None:
        """Whom the token stands for, named as :meth:`settle` names them; None while nobody is known."""
        if self._changing is None:
            return self._bound or self._mailed
        held = self._changing.properties
        return {**held, "fullName": self._details(held).get("full_name", held["fullName"])}

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What else names the person once :meth:`settle` was called: their address, the id that leads to them."""
        if self._leading:
            return [("byId", str(self._leading[0].id))]
        if self._changing and "email" in self._details(self._changing.properties):
            return [("byEmail", self._caller.email or "")]
        return []

    def bind(self, person_id: UUID) -> None:
        """Bind the subject to a person, unless it is bound."""
        identity = ids.identity(self._caller.issuer, self._caller.subject)
        if self._bound or self._ledger.node(identity):
            return
        moment = self._ledger.moment
        node = self._ledger.create(
            Identity(
                id=identity,
                rev=1,
                created_at=moment,
                updated_at=moment,
                issuer=self._caller.issuer,
                subject=self._caller.subject,
            )
        )
        self._ledger.relate(node, "IDENTIFIES", "Person", person_id)

    def settle(self) -> None:
        """Change what :meth:`look` found; called when nothing can be refused any more."""
        if self._changing is None:
            return
        details = self._details(self._changing.properties)
        if details:
            self._ledger.change(self._changing, **details)
        if self._leading:
            left, identity = self._leading
            self._ledger.change(left, merged_into=self._changing.id)
            for relation in _bindings(identity):
                self._ledger.end(identity, relation)
            self._ledger.relate(identity, "IDENTIFIES", "Person", self._changing.id)
        self._changing = None

    async def _look_at_both(self, bound: Row, mailed: Row) -> None:
        people = {
            str(one.id): one for one in await self._ledger.load("Person", [UUID(bound["id"]), UUID(mailed["id"])])
        }
        left, survivor = people[bound["id"]], people[mailed["id"]]
        [identity] = await self._ledger.load("Identity", [ids.identity(self._caller.issuer, self._caller.subject)])
        still = [str(relation.target.id) for relation in _bindings(identity)] == [bound["id"]]
        if still and self._made_by_token(left.properties) and survivor.properties.get("email") == self._caller.email:
            self._changing, self._leading = survivor, (left, identity)

    def _made_by_token(self, person: Row) -> bool:
        """Whether nothing but this token's subject ever named the person."""
        own = str(ids.person_by_identity(self._caller.issuer, self._caller.subject))
        named = {"email", "handle", "mergedInto"} & person.keys()
        return person["id"] == own and person["provisional"] and not named

    @staticmethod
    async def _shared(transaction: Transaction, person: Row) -> bool:
        """Whether another subject or a merged person stands for the person too."""
        row = await transaction.row(_SHARED, id=person["id"])
        return bool(row and row["shared"])

    def _details(self, person: Row) -> dict[str, Any]:
        """What is to change in a person (snake_case): only what is provisional is filled in.

        They stay provisional: whoever records them has the last word, also on the name. A name they had before does
        not come back, so that two subjects of one person with two names do not change it for ever.
        """
        name, aliases = person["fullName"], list(person.get("aliases", []))
        former = [name, *([self._leading[0].properties["fullName"]] if self._leading else [])]
        changes: dict[str, Any] = {}
        if person["provisional"] and "mergedInto" not in person:
            if "email" not in person and self._caller.email and not self._mailed:
                changes["email"] = self._caller.email
            said = self._caller.full_name
            if said and (name in self._stand_ins(person) or (said not in aliases and len(aliases) < _MOST_ALIASES)):
                name = said
        if name != person["fullName"]:
            changes |= {"full_name": name, "folded_name": fold(name)}
        new = sorted({*former} - {name, *aliases} - self._stand_ins(person))
        return {**changes, "aliases": [*aliases, *new]} if new else changes

    def _stand_ins(self, person: Row) -> set[str]:
        """Names somebody is given of whom no name is known."""
        mailbox = person.get("email", "").partition("@")[0]
        return {stand_in(text) for text in (mailbox, person.get("handle", ""), person["id"], self._caller.subject)}


def stand_in(text: str) -> str:
    """A key of a person as their name, while none is known: cut to what a name may hold."""
    return text[:_LONGEST_NAME]


def _bindings(identity: NodeState) -> list[RelationState]:
    return identity.held("IDENTIFIES")
