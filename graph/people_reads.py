"""People read back, and who stands behind a token."""

from collections.abc import Iterable, Sequence
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction, asking
from graph.former_names import alias_contains, led_to_by_part
from graph.paging import After, newest_first, older, position
from graph.visibility import Viewer, events_of
from ontology import ids
from ontology.enums import PersonKind
from ontology.references import Caller, PersonRef
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.text import FOLDED_LETTERS, exact, fold

_GET = (
    """
MATCH (p:Person {id: $id})
OPTIONAL MATCH (into:Person {id: p.mergedInto})
WITH coalesce(into, p) AS p
RETURN properties(p) AS person,
  """
    + events_of("p")
    + " AS events"
)

_PAGE = (
    """
MATCH (p:Person)
WHERE p.mergedInto IS NULL
  AND ($kind IS NULL OR coalesce(p.kind, $human) = $kind)
  AND ($left OR p.leftAt IS NULL OR p.leftAt > $now)
  AND """
    + older("p")
    + """
  AND ($name IS NULL OR p.foldedName CONTAINS $name OR p.handle CONTAINS $written OR p.id IN $led OR """
    + alias_contains("p")
    + """)
WITH p ORDER BY """
    + newest_first("p")
    + """ LIMIT $limit
RETURN properties(p) AS person,
  """
    + events_of("p")
    + " AS events"
)

_FIND = """
MATCH (p:Person)
WHERE p.id = $id OR p.email = $email OR p.handle = $handle OR p.formerEmail = $email OR p.formerHandle = $handle
  OR p.id = $derived
WITH coalesce(p.mergedInto, p.id) AS id,
  CASE
    WHEN p.id = $id OR p.email = $email OR p.handle = $handle THEN 0
    WHEN p.id = $derived THEN 2
    ELSE 1
  END AS place, p
RETURN id ORDER BY place, p.mergedInto IS NOT NULL, p.id LIMIT 1
"""

_TAKEN = """
MATCH (p:Person {id: $id})
MATCH (holder:Person)
WHERE holder.id <> $id AND (holder.email = p.formerEmail OR holder.handle = p.formerHandle)
UNWIND [[holder.email, p.formerEmail], [holder.handle, p.formerHandle]] AS key
WITH holder, key WHERE key[0] = key[1]
RETURN key[0] AS key, holder.id AS holder ORDER BY key
"""

_BEHIND = """
OPTIONAL MATCH (:Identity {id: $identity})-[r:IDENTIFIES]->(bound:Person) WHERE r.validTo IS NULL
OPTIONAL MATCH (mailed:Person {email: $email})
OPTIONAL MATCH (before:Person {formerEmail: $email})
OPTIONAL MATCH (first:Person {id: $derived})
WITH coalesce(bound, mailed, before, first) AS p
ORDER BY before.mergedInto IS NOT NULL, before.id LIMIT 1
"""

PERSON_SET = """
OPTIONAL MATCH (next:Person {id: p.mergedInto})
WITH coalesce(next.mergedInto, p.mergedInto, p.id) AS id
WITH id,
  COLLECT { MATCH (m:Person) WHERE m.mergedInto = id RETURN m.id }
    + COLLECT { MATCH (m:Person), (k:Person) WHERE m.mergedInto = id AND k.mergedInto = m.id RETURN k.id } AS merged
RETURN id, merged
"""
"""Ends a query that knows a person as ``p``: the id of the survivor, and of everyone who leads there, also by way of
another."""

_PRIVATE_PROJECTS: LiteralString = """, COLLECT {
  MATCH (one:Project {visibility: 'parties'})
  WHERE EXISTS {
    MATCH (one)-[of:PROPOSED_BY|PARTICIPATES_IN|VISIBLE_TO]-(party:Person)
    WHERE of.validTo IS NULL AND (party.id = id OR party.id IN merged)
  } OR EXISTS {
    MATCH (one)-[:RECORDED_BY]->(first:Event {actor: $identity}) WHERE first.recordedAt = one.createdAt
  }
  RETURN one.id
} AS projects"""

_BEHIND_SET = _BEHIND + PERSON_SET + _PRIVATE_PROJECTS
_OF_ONE = "OPTIONAL MATCH (p:Person {id: $id})\nWITH p\n" + PERSON_SET


_HANDLES = "MATCH (p:Person) WHERE p.id IN $viewers AND p.handle IN $handles RETURN p.handle AS handle"
# What somebody was known by who was merged leads to the survivor, unless another has it now.
_KEYS = """
MATCH (p:Person) WHERE p.id IN $people
RETURN p.id AS id, CASE
    WHEN p.mergedInto IS NULL OR EXISTS { MATCH (:Person {email: p.formerEmail}) } THEN p.email ELSE p.formerEmail
  END AS email, CASE
    WHEN p.mergedInto IS NULL OR EXISTS { MATCH (:Person {handle: p.formerHandle}) } THEN p.handle ELSE p.formerHandle
  END AS handle
"""


async def get_person(graph: GraphDatabase, person_id: UUID, viewer: Viewer) -> Row | None:
    """One person with the events the viewer may see; an id that was merged leads to the survivor."""
    rows = await graph.read(_GET, id=str(person_id), **viewer.parameters())
    return rows[0] if rows else None


async def list_people(
    graph: GraphDatabase,
    *,
    viewer: Viewer,
    limit: int,
    after: After = None,
    name: str | None = None,
    kind: PersonKind | None = None,
    left: bool = False,
) -> list[Row]:
    """A page of people with the events the viewer may see, newest first, after the given createdAt and id.

    ``name`` is a part of the name or an alias, accents aside, or of the handle, also of what leads to them from before;
    ``left`` lists those who left as well.
    """
    led = await led_to_by_part(graph, name) if name else []
    return await graph.read(
        _PAGE,
        **viewer.parameters(),
        limit=limit,
        **position(after),
        name=fold(name) if name else None,
        written=exact(name) if name else None,
        letters=FOLDED_LETTERS,
        led=[str(one) for one in led],
        kind=kind.value if kind else None,
        human=PersonKind.HUMAN.value,
        left=left,
        now=now(),
    )


async def find_person(graph: GraphDatabase, ref: PersonRef) -> UUID | None:
    """Id of the person a reference other than a bare name means, if the graph knows them."""
    derived = _by_email(ref.email) or (str(ids.person_by_handle(ref.handle)) if ref.handle else None)
    known = {"id": str(ref.id) if ref.id else None, "email": ref.email, "handle": ref.handle}
    rows = await graph.read(_FIND, **known, derived=derived)
    return UUID(rows[0]["id"]) if rows else None


async def taken_keys(graph: GraphDatabase, person_id: UUID) -> list[tuple[str, UUID]]:
    """Former address and handle of a person that somebody else has now, each with whose it is."""
    return [(row["key"], UUID(row["holder"])) for row in await graph.read(_TAKEN, id=str(person_id))]


async def person_behind(graph: GraphDatabase, caller: Caller) -> UUID | None:
    """The person a token's subject is bound to, or would be by its verified e-mail."""
    return (await viewer_behind(graph, caller)).person


async def viewer_behind(source: GraphDatabase | Transaction, caller: Caller) -> Viewer:
    """Who looks, when a token's subject does."""
    ask = asking(source)
    identity = ids.identity(caller.issuer, caller.subject)
    by = {"identity": str(identity), "email": caller.email, "derived": _by_email(caller.email)}
    rows = await ask(_BEHIND_SET, **by)
    known = _ids(rows)
    projects = tuple(UUID(one) for row in rows for one in row["projects"])
    return Viewer(known[0] if known else None, identity, tuple(known[1:]), projects)


async def authorities_behind(
    source: GraphDatabase | Transaction, viewer: Viewer, authorities: Authorities, known: Iterable[str]
) -> list[str]:
    """The authorities of somebody: those known from elsewhere, and those of their handles."""
    found: frozenset[str] = frozenset()
    if authorities.handles and viewer.person:
        ask = asking(source)
        rows = await ask(_HANDLES, viewers=viewer.parameters()["viewers"], handles=authorities.handles)
        found = authorities.of_handles({row["handle"] for row in rows})
    return sorted({*known, *found})


async def authorities_of(
    source: GraphDatabase | Transaction, people: Sequence[Sequence[str]], authorities: Authorities
) -> list[frozenset[str]]:
    """The authorities of people, each given by all their ids, by their addresses and handles as they are now."""
    ask = asking(source)
    wanted = sorted({one for ids_of_one in people for one in ids_of_one})
    keys = {row["id"]: row for row in (await ask(_KEYS, people=wanted) if wanted else [])}

    def held(name: str, ids_of_one: Sequence[str]) -> list[str]:
        return [keys[one][name] for one in ids_of_one if one in keys and keys[one][name]]

    return [authorities.of_known(held("email", one), held("handle", one)) for one in people]


async def ids_of_person(graph: GraphDatabase, person_id: UUID) -> list[UUID]:
    """Every id of a person, whichever of them is given; of somebody unknown just that."""
    return _ids(await graph.read(_OF_ONE, id=str(person_id))) or [person_id]


def _ids(rows: list[Row]) -> list[UUID]:
    """The survivor first; none when the graph knows nobody."""
    return [UUID(one) for row in rows if row["id"] for one in (row["id"], *row.get("merged", []))]


def _by_email(email: str | None) -> str | None:
    """The id of who was first known by this address, whatever theirs is now."""
    return str(ids.person_by_email(email)) if email else None
