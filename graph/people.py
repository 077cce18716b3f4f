"""People: found by what a message knows of them, created when new, bound to the subjects of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from graph.callers import Bearer, stand_in
from graph.database import Row, Transaction
from graph.ledger import Ledger
from graph.names import Names, look_up_names
from ontology import ids
from ontology.nodes import FIRST_ROLE, Person
from ontology.references import Caller, PersonRef
from runtime.text import fold

_FIND = """
RETURN COLLECT {
  MATCH (p:Person) WHERE p.id IN $ids
  OPTIONAL MATCH (into:Person {id: p.mergedInto})
  RETURN {key: p.id, person: properties(coalesce(into, p))}
} AS byId, COLLECT {
  MATCH (p:Person) WHERE p.email IN $emails RETURN {key: p.email, person: properties(p)}
} AS byEmail, COLLECT {
  MATCH (p:Person) WHERE p.handle IN $handles RETURN {key: p.handle, person: properties(p)}
} AS byHandle, COLLECT {
  MATCH (old:Person) WHERE old.formerEmail IN $emails
  OPTIONAL MATCH (into:Person {id: old.mergedInto})
  RETURN {key: old.formerEmail, person: properties(coalesce(into, old))} ORDER BY old.mergedInto IS NULL, old.id
} AS byFormerEmail, COLLECT {
  MATCH (old:Person) WHERE old.formerHandle IN $handles
  OPTIONAL MATCH (into:Person {id: old.mergedInto})
  RETURN {key: old.formerHandle, person: properties(coalesce(into, old))} ORDER BY old.mergedInto IS NULL, old.id
} AS byFormerHandle, COLLECT {
  MATCH (:Identity {id: $identity})-[r:IDENTIFIES]->(p:Person)
  WHERE r.validTo IS NULL
  OPTIONAL MATCH (into:Person {id: p.mergedInto})
  RETURN {key: $identity, person: properties(coalesce(into, p))}
} AS byIdentity
"""


# Of several who had a key, the last row counts: who had it and stands alone goes before who leads to another.
_GROUPS = (
    ("byId", "byId"),
    ("byEmail", "byFormerEmail"),
    ("byHandle", "byFormerHandle"),
    ("byEmail", "byEmail"),  # who has an address now goes before who had it once
    ("byHandle", "byHandle"),
    ("byIdentity", "byIdentity"),
)
"""How a person is looked up → what the query found."""


@dataclass(frozen=True)
class KnownPerson:
    """A person of the graph, or one about to be created.

    Parameters
    ----------
    id, full_name
        Who it is.
    """

    id: UUID
    full_name: str

    def ref(self) -> PersonRef:
        """How an event names the person."""
        return PersonRef(id=self.id, full_name=self.full_name)


class PeopleFinder:
    """Finds the people of one change set in one query and creates the ones who are new."""

    def __init__(self, transaction: Transaction, ledger: Ledger) -> None:
        self._transaction = transaction
        self._ledger = ledger
        self._found: dict[tuple[str, str], Row] = {}
        self._names = Names()
        self._bearer: Bearer | None = None
        self._settling = False

    async def look(self, refs: Sequence[PersonRef], caller: Caller | None) -> None:
        """Read everyone ``refs`` and the caller may mean."""
        emails = {ref.email for ref in refs if ref.email}
        if caller and caller.email:
            emails.add(caller.email)
        row = await self._transaction.row(
            _FIND,
            ids=[str(person_id) for ref in refs for person_id in _ids_of(ref)],
            emails=sorted(emails),
            handles=[ref.handle for ref in refs if ref.handle],
            identity=str(ids.identity(caller.issuer, caller.subject)) if caller else "",
        )
        for by, group in _GROUPS:
            for hit in (row or {}).get(group, []):
                self._found[by, hit["key"]] = hit["person"]
        self._names = await look_up_names(self._transaction, [ref.name for ref in refs if ref.name])
        if caller:
            await self._look_for(caller)

    def person(self, ref: PersonRef, *, pointer: str | None = None) -> KnownPerson:
        """Whom a reference means; ``pointer`` says where in the message it stands.

        Raises
        ------
        NameRefusedError
            A bare name fits nobody, or more than one.
        """
        if ref.id:
            return self._known("byId", str(ref.id)) or self._create(ref.id, ref.full_name or str(ref.id))
        if ref.email:
            name = ref.full_name or stand_in(ref.email.partition("@")[0])
            [derived] = _ids_of(ref)
            known = self._known("byEmail", ref.email) or self._known("byId", str(derived))
            return known or self._create(derived, name, email=ref.email)
        if ref.handle:
            [derived] = _ids_of(ref)
            known = self._known("byHandle", ref.handle) or self._known("byId", str(derived))
            return known or self._create(derived, ref.full_name or ref.handle, handle=ref.handle)
        return self._by_name(ref.name or "", pointer)

    def caller(self, caller: Caller) -> KnownPerson:
        """The person a token's subject stands for; bound at first sight by its verified e-mail."""
        assert self._bearer is not None, "the caller was not looked for"
        known = self._bearer.person
        if known:
            person = KnownPerson(UUID(known["id"]), known["fullName"])
        elif caller.email:
            person = self.person(PersonRef(email=caller.email, full_name=caller.full_name))
        else:
            own = ids.person_by_identity(caller.issuer, caller.subject)
            person = self._create(own, caller.full_name or stand_in(caller.subject))
        self._bearer.bind(person.id)
        self._settling = True
        return person

    def settle(self) -> None:
        """Fill in the caller, if they were asked for; called when nothing can be refused any more."""
        if self._bearer and self._settling:
            self._bearer.settle()

    async def _look_for(self, caller: Caller) -> None:
        bound = self._found.get(("byIdentity", str(ids.identity(caller.issuer, caller.subject))))
        mailed = self._found.get(("byEmail", caller.email or ""))
        self._bearer = Bearer(self._ledger, caller, bound, mailed)
        await self._bearer.look(self._transaction)
        if person := self._bearer.person:
            self._found |= dict.fromkeys(self._bearer.keys, person)

    def _by_name(self, name: str, pointer: str | None) -> KnownPerson:
        """The one person of a bare name; who was created earlier in this change set counts too."""
        made = [node.properties for node in self._ledger.nodes("Person") if "mergedInto" not in node.properties]
        row = self._names.one(name, pointer, made)
        return KnownPerson(UUID(row["id"]), row["fullName"])

    def _known(self, by: str, key: str) -> KnownPerson | None:
        row = self._found.get((by, key))
        return KnownPerson(UUID(row["id"]), row["fullName"]) if row else None

    def _create(
        self, person_id: UUID, full_name: str, *, email: str | None = None, handle: str | None = None
    ) -> KnownPerson:
        made = self._ledger.node(person_id)
        if made is None:
            moment = self._ledger.moment
            made = self._ledger.create(
                Person(
                    id=person_id,
                    rev=1,
                    created_at=moment,
                    updated_at=moment,
                    full_name=full_name,
                    folded_name=fold(full_name),
                    role=FIRST_ROLE,
                    email=email,
                    handle=handle,
                    provisional=True,
                )
            )
        return KnownPerson(person_id, made.properties["fullName"])


def _ids_of(ref: PersonRef) -> list[UUID]:
    """The id a reference names, or the one somebody has of whom only this address or handle was known."""
    if ref.id:
        return [ref.id]
    if ref.email:
        return [ids.person_by_email(ref.email)]
    return [ids.person_by_handle(ref.handle)] if ref.handle else []
