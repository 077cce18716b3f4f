"""The rules of the ontology as queries over the whole graph."""

from dataclasses import dataclass
from datetime import datetime

from graph.database import GraphDatabase
from ontology.compile.cypher import audit_rules

_COUNTS = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS nodes ORDER BY label"

_SEARCHABLE = "MATCH (n:$($label)) WHERE coalesce(n.status, '') <> 'Archived' RETURN n.id AS id"

_PUBLISHED = "MATCH (e:Event {type: $type, source: $source}) RETURN e.id AS id, e.recordedAt AS recordedAt"


@dataclass(frozen=True)
class Violation:
    """A rule of the ontology that some nodes break."""

    rule: str
    ids: list[str]


async def violations(graph: GraphDatabase) -> list[Violation]:
    """Every broken rule with the nodes that break it."""
    found = []
    for rule, query in audit_rules():
        # Made of the ontology's own names alone: as literal as code.
        rows = await graph.read(query)
        if rows:
            found.append(Violation(rule, sorted({str(row["id"]) for row in rows})))
    return found


async def counts(graph: GraphDatabase) -> dict[str, int]:
    """Number of nodes per label."""
    return {row["label"]: row["nodes"] for row in await graph.read(_COUNTS)}


async def searchable(graph: GraphDatabase, label: str) -> set[str]:
    """Ids of the nodes of a label whose text is to be found: of all but those that were archived."""
    return {row["id"] for row in await graph.read(_SEARCHABLE, label=label)}


async def events_of_type(graph: GraphDatabase, event_type: str, source: str) -> dict[str, datetime]:
    """Id of each event of a type that a source caused → when it was recorded."""
    rows = await graph.read(_PUBLISHED, type=event_type, source=source)
    return {row["id"]: row["recordedAt"] for row in rows}
