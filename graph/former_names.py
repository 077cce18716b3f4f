"""Names and handles that lead to somebody still: of people who were merged, and handles that nobody has any more.

They are read from those who lead there and not from the survivor's aliases, which anybody may replace.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.people_merges import names_of
from ontology import ids
from runtime.text import FOLDED_LETTERS, exact, fold

Ask = Callable[..., Awaitable[list[Row]]]
"""Reads rows, in a transaction or outside of one."""

# An id that led to somebody since it was made is an address or a row of theirs: it was never anybody with a name.
_WAS_SOMEBODY: LiteralString = (
    "NOT EXISTS { MATCH (old)-[:HAS_STATE]->(first:State) WHERE first.rev = 1 AND first.mergedInto IS NOT NULL }"
)


def alias_contains(node: LiteralString) -> LiteralString:
    """Condition on a node: ``$name`` is part of one of its aliases, folded with ``$letters``."""
    return (
        "any(alias IN "
        + node
        + """.aliases WHERE
      reduce(bare = normalize(toLower(alias), NFKD), letter IN $letters | replace(bare, letter[0], letter[1]))
        CONTAINS $name)"""
    )


_FORMERLY = (
    """
RETURN COLLECT {
  MATCH (old:Person)
  WHERE old.mergedInto IS NOT NULL AND (old.foldedName IN $names OR size(old.aliases) > 0) AND """
    + _WAS_SOMEBODY
    + """
  MATCH (into:Person {id: old.mergedInto})
  RETURN {old: properties(old), person: properties(into)} ORDER BY into.fullName, into.id, old.id
} AS merged, COLLECT {
  MATCH (old:Person) WHERE old.id IN $derived OR old.formerHandle IN $handles
  OPTIONAL MATCH (into:Person {id: old.mergedInto})
  RETURN {old: properties(old), person: properties(coalesce(into, old))} ORDER BY old.mergedInto IS NULL, old.id
} AS had, COLLECT { MATCH (p:Person) WHERE p.handle IN $handles RETURN p.handle } AS held
"""
)

_PART = (
    """
RETURN COLLECT {
  MATCH (old:Person) WHERE old.mergedInto IS NOT NULL AND (old.foldedName CONTAINS $name OR """
    + alias_contains("old")
    + ") AND "
    + _WAS_SOMEBODY
    + """
  RETURN old.mergedInto
} + COLLECT {
  MATCH (old:Person) WHERE old.formerHandle IS NOT NULL AND old.formerHandle CONTAINS $written
    AND NOT EXISTS { MATCH (:Person {handle: old.formerHandle}) }
  RETURN coalesce(old.mergedInto, old.id)
} + COLLECT {
  MATCH (old:Person {id: $derived}) WHERE NOT EXISTS { MATCH (:Person {handle: $written}) }
  RETURN coalesce(old.mergedInto, old.id)
} AS ids
"""
)


async def formerly_called(ask: Ask, names: Iterable[str]) -> list[Row]:
    """Who is led to by these names: properties of each, and as ``formerly`` what leads there.

    Of several who had a handle, as where it is written as one: who stands alone goes before who was merged.
    """
    handles = {exact(name): str(ids.person_by_handle(exact(name))) for name in names}
    folded = sorted({fold(name) for name in names})
    [found] = await ask(_FORMERLY, names=folded, handles=sorted(handles), derived=sorted(handles.values()))
    called: dict[str, Row] = {}
    for hit in found["merged"]:
        _add(called, hit["person"], names_of(hit["old"]))
    for handle, derived in handles.items():
        if handle not in found["held"] and (person := _who_had(handle, derived, found["had"])):
            _add(called, person, [handle])
    return list(called.values())


def _who_had(handle: str, derived: str, had: Iterable[Mapping[str, Row]]) -> Row | None:
    first = {
        hit["old"].get("formerHandle") == handle: hit["person"] for hit in had if _led(hit["old"], handle, derived)
    }
    return first.get(True) or first.get(False)


def _led(old: Row, handle: str, derived: str) -> bool:
    return bool(old.get("formerHandle") == handle or old["id"] == derived)


def _add(called: dict[str, Row], person: Row, names: Iterable[str]) -> None:
    row = called.setdefault(person["id"], {**person, "formerly": []})
    row["formerly"] += names


async def led_to_by_part(graph: GraphDatabase, part: str) -> list[UUID]:
    """Ids of the people who are led to by a name that a part is of, accents aside, or by a handle nobody has now."""
    written = exact(part)
    [row] = await graph.read(
        _PART,
        name=fold(part),
        written=written,
        letters=FOLDED_LETTERS,
        derived=str(ids.person_by_handle(written)),
    )
    return sorted({UUID(one) for one in row["ids"]})
