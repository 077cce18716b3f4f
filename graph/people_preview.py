"""What a merge would bring together, looked at before it is asked for; nothing is written."""

from dataclasses import dataclass
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.people_merges import merge_refusal
from ontology.references import Caller
from runtime.errors import RefusedError

_STANDING = """
MATCH (p:Person) WHERE p.id IN $ids
RETURN properties(p) AS person,
  COUNT { MATCH (r:Recognition)-[g:RECOGNIZED_BY]->(m:Person)
    WHERE g.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT r } AS given,
  COUNT { MATCH (r:Recognition)-[g:RECEIVED_BY]->(m:Person)
    WHERE g.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT r } AS received,
  COUNT { MATCH (s:KnowledgeSnippet)-[a:AUTHORED_BY]->(m:Person)
    WHERE a.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT s } AS authored,
  COUNT { MATCH (t:Tension)-[d:DETECTED_BY]->(m:Person)
    WHERE d.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT t } AS detected,
  COUNT { MATCH (t:Tension)-[o:OWNED_BY]->(m:Person)
    WHERE o.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT t } AS owned,
  COUNT { MATCH (c:Comment)-[a:AUTHORED_BY]->(m:Person)
    WHERE a.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id) RETURN DISTINCT c } AS commented,
  COLLECT { MATCH (i:Identity)-[b:IDENTIFIES]->(m:Person)
    WHERE b.validTo IS NULL AND (m.id = p.id OR m.mergedInto = p.id)
    RETURN {issuer: i.issuer, subject: i.subject} ORDER BY i.issuer, i.subject } AS identities,
  COUNT { MATCH (m:Person) WHERE m.mergedInto = p.id } AS led
"""


@dataclass(frozen=True)
class Standing:
    """A person as a merge would find them; what is counted includes what was said of who leads to them.

    Parameters
    ----------
    id, full_name, role, email, handle, provisional
        Who it is; provisional is one of whom only a mention is known.
    given, received, authored
        How many recognitions they gave and received, and snippets they wrote.
    detected, owned, commented
        How many tensions they felt first and take care of, and comments they wrote.
    identities
        Tokens that stand for them.
    led
        How many ids lead to them.
    """

    id: UUID
    full_name: str
    role: str
    email: str | None
    handle: str | None
    provisional: bool
    given: int
    received: int
    authored: int
    detected: int
    owned: int
    commented: int
    identities: tuple[Caller, ...]
    led: int


@dataclass(frozen=True)
class MergePreview:
    """Both people of a merge, and why it would be refused.

    Parameters
    ----------
    duplicate, survivor
        Who they are; None of one who is nobody.
    refusal
        What the write would raise as things stand; None when nothing stands against it.
    """

    duplicate: Standing | None
    survivor: Standing | None
    refusal: RefusedError | None


async def merge_preview(graph: GraphDatabase, duplicate: UUID, survivor: UUID) -> MergePreview:
    """Look at two people who may turn out to be one; the write decides again.

    Raises
    ------
    GraphUnavailableError
        Try again.
    """
    rows = await graph.read(_STANDING, ids=[str(duplicate), str(survivor)])
    people = {UUID(row["person"]["id"]): row for row in rows}
    first, second = (_standing(people[one]) if one in people else None for one in (duplicate, survivor))
    refusal = merge_refusal(duplicate, survivor, {one: row["person"] for one, row in people.items()})
    return MergePreview(first, second, refusal)


def _standing(row: Row) -> Standing:
    person = row["person"]
    return Standing(
        id=UUID(person["id"]),
        full_name=person["fullName"],
        role=person["role"],
        email=person.get("email"),
        handle=person.get("handle"),
        provisional=person["provisional"],
        given=row["given"],
        received=row["received"],
        authored=row["authored"],
        detected=row["detected"],
        owned=row["owned"],
        commented=row["commented"],
        identities=tuple(Caller(**identity) for identity in row["identities"]),
        led=row["led"],
    )
