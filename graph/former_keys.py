"""Addresses and handles somebody had: every one of them leads to its person, however often they get another.

A person keeps the last one; an older one becomes a lead of its own, under the id that a mention by it would be given.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from graph.database import Row, Transaction
from graph.ledger import Ledger
from graph.node_states import NodeState
from ontology import ids
from ontology.nodes import FIRST_ROLE, Person
from runtime.text import fold

_STANDING = "MATCH (p:Person) WHERE p.id IN $ids RETURN p.id AS id"

_ID_OF = {"email": ids.person_by_email, "handle": ids.person_by_handle}

Key = tuple[str, str]
"""``email`` or ``handle``, and its value."""


class FormerKeys:
    """Keeps the former keys of the people of one change set."""

    def __init__(self, transaction: Transaction, ledger: Ledger) -> None:
        self._transaction = transaction
        self._ledger = ledger
        self._standing: set[str] = set()

    async def look(self, people: Iterable[Row], said: Iterable[Key] = ()) -> None:
        """Read which leads stand already, of the keys that people have, had or are about to be given.

        Parameters
        ----------
        people
            Properties of those who may be given other keys; whoever asks holds them locked.
        said
            What they may be given.
        """
        keys = {(key, one[name]) for one in people for key, name in _NAMES if name in one}
        if keys:
            wanted = sorted(str(_ID_OF[key](value)) for key, value in {*keys, *said})
            self._standing |= {row["id"] for row in await self._transaction.rows(_STANDING, ids=wanted)}

    def kept(self, person: NodeState, changes: Mapping[str, object], survivor: UUID | None = None) -> dict[str, object]:
        """What a person's former keys become by a change (snake_case); an older one gets a lead of its own.

        ``survivor``: whom the person leads to from now on; older keys lead there too.
        """
        former: dict[str, object] = dict(former_keys(person.properties, changes))
        name = str(changes.get("full_name") or person.properties["fullName"])
        for key, value in older_keys(person.properties, changes):
            if _ID_OF[key](value) != person.id:
                self._lead(key, value, survivor or person.id, name)
        return former

    def _lead(self, key: str, value: str, survivor: UUID, name: str) -> None:
        own = _ID_OF[key](value)
        if own == survivor or str(own) in self._standing or self._ledger.node(own):
            return
        moment = self._ledger.moment
        self._ledger.create(
            Person(
                id=own,
                rev=1,
                created_at=moment,
                updated_at=moment,
                full_name=name,
                folded_name=fold(name),
                role=FIRST_ROLE,
                provisional=True,
                merged_into=survivor,
                former_email=value if key == "email" else None,
                former_handle=value if key == "handle" else None,
            )
        )


_NAMES = (("email", "email"), ("email", "formerEmail"), ("handle", "handle"), ("handle", "formerHandle"))
"""A kind of key, and the property that holds one."""


def former_keys(person: Row, changes: Mapping[str, object]) -> dict[str, str]:
    """What a person's former keys become (snake_case) when theirs are changed or taken away."""
    return {
        f"former_{key}": person[key]
        for key in ("email", "handle")
        if key in changes and key in person and person[key] != changes[key]
    }


def older_keys(person: Row, changes: Mapping[str, object]) -> list[Key]:
    """The former keys that a change leaves no room for, but for one that the person gets back."""
    return [
        (key, person[held])
        for key, held in (("email", "formerEmail"), ("handle", "formerHandle"))
        if f"former_{key}" in former_keys(person, changes)
        and held in person
        and person[held] not in (person[key], changes[key])
    ]
