"""Bare names: whom they fit. Resolved before a write is accepted, so that nobody is taken for someone else.

A name is matched exactly, then as it is spelled; one that was typed without accents also by the letters alone. Who has
the letters and other accents is a candidate to ask about, never a choice: Ánh is not Anh. Where no name fits, aliases
and handles are looked up in the same way, then the names of who was merged and handles that are nobody's now. Somebody
who left is meant only where nobody fits who is there; where the accents fit only them, and the letters somebody else,
it is asked which of the two is meant.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction, asking
from graph.errors import Candidate, NameRefusedError
from graph.former_names import formerly_called
from ontology.references import PersonRef
from runtime.clock import now
from runtime.text import exact, fold, is_bare, spelled

NAMED = """
MATCH (p:Person) WHERE p.foldedName IN $names AND p.mergedInto IS NULL
RETURN properties(p) AS person ORDER BY p.fullName, p.id
"""

OTHERWISE_NAMED = """
MATCH (p:Person) WHERE p.mergedInto IS NULL AND (size(p.aliases) > 0 OR p.handle IN $handles)
RETURN properties(p) AS person ORDER BY p.fullName, p.id
"""


@dataclass
class Names:
    """People whom bare names may mean.

    Parameters
    ----------
    people
        Those with one of the names, accents and case aside.
    others
        Those with aliases or handles; looked up only where no name fits anybody who is there.
    moment
        Who left until then is gone.
    former
        Those to whom what others were called, or their own former handle, leads as ``formerly``.
    """

    people: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    moment: datetime = field(default_factory=now)
    former: list[Row] = field(default_factory=list)

    def lacking(self, names: Iterable[str]) -> list[str]:
        """Names that are nobody's of the people who are there."""
        there = [person for person in self.people if not self._left(person)]
        return [name for name in names if not _fitting(name, there, _name)[0]]

    def one(self, name: str, pointer: str | None, made: Iterable[Row] = ()) -> Row:
        """The one person whom a name means; ``made`` are people of this very change set.

        Raises
        ------
        NameRefusedError
            It fits nobody, or several; it carries whom it could mean.
        """
        found, near = self._best(name, made)
        if len(found) == 1:
            return found[0]
        alike = (Candidate(UUID(r["id"]), r["fullName"], r.get("email"), r.get("handle")) for r in found or near)
        raise NameRefusedError(name, tuple(alike), pointer=pointer)

    def fitting(self, name: str) -> list[Row]:
        """Everybody whom a name fits best or, where it fits nobody, but for its accents."""
        found, near = self._best(name)
        return found or near

    def _best(self, name: str, made: Iterable[Row] = ()) -> tuple[list[Row], list[Row]]:
        """Whom a name fits best, and, where it fits nobody, whom it fits but for its accents."""
        known = {person["id"]: person for person in (*self.people, *made)}.values()
        gone = [person for person in known if self._left(person) and spelled(name) == spelled(person["fullName"])]
        alike: list[Row] = []
        called_by = ((known, _name), (self.others, _aliases), (self.former, _formerly))
        for left, (people, called) in product((False, True), called_by):
            found, near = _fitting(name, (one for one in people if self._left(one) is left), called)
            if found and not left and gone and spelled(name) not in map(spelled, called(found[0])):
                found = [*found, *gone]  # only the letters fit who is there; the accents fit who left
            if found:
                return found, []
            alike = alike or near
        return [], alike

    def _left(self, person: Row) -> bool:
        return "leftAt" in person and bool(person["leftAt"] <= self.moment)


def _fitting(name: str, people: Iterable[Row], called: Callable[[Row], list[str]]) -> tuple[list[Row], list[Row]]:
    """Whom a name fits best, and whom it fits but for its accents."""
    rows = list(people)
    for key in (exact, spelled):
        found = [row for row in rows if key(name) in map(key, called(row))]
        if found:
            return found, []
    near = [row for row in rows if fold(name) in map(fold, called(row))]
    return (near, []) if is_bare(name) else ([], near)


def _name(person: Row) -> list[str]:
    return [person["fullName"]]


def _aliases(person: Row) -> list[str]:
    return [*person.get("aliases", []), *([person["handle"]] if "handle" in person else [])]


def _formerly(person: Row) -> list[str]:
    return list(person["formerly"])


async def look_up_names(source: GraphDatabase | Transaction, names: Sequence[str]) -> Names:
    """Read everyone whom names may mean; without any the graph is not asked."""
    if not names:
        return Names()
    ask = asking(source)
    rows = await ask(NAMED, names=sorted({fold(name) for name in names}))
    found = Names([row["person"] for row in rows])
    if lacking := found.lacking(names):
        rows = await ask(OTHERWISE_NAMED, handles=sorted({exact(name) for name in lacking}))
        found.others = [row["person"] for row in rows]
        found.former = await formerly_called(ask, lacking)
    return found


async def resolve_names(graph: GraphDatabase, refs: Sequence[tuple[str, PersonRef]]) -> list[PersonRef]:
    """Replace bare names by ids; other references pass as they are, and without any the graph is not asked.

    Parameters
    ----------
    graph
        Where the names are looked up.
    refs
        JSON pointer of each reference in its message, and the reference.

    Raises
    ------
    NameRefusedError
        A name fits nobody, or several; it carries the candidates and the pointer.
    GraphUnavailableError
        There is a name to resolve and the graph is away.
    """
    names = await look_up_names(graph, [ref.name for _, ref in refs if ref.name])
    return [_resolved(names, pointer, ref) for pointer, ref in refs]


def _resolved(names: Names, pointer: str, ref: PersonRef) -> PersonRef:
    if ref.name is None:
        return ref
    person = names.one(ref.name, f"{pointer}/name")
    return PersonRef(id=UUID(person["id"]), full_name=person["fullName"])
