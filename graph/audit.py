"""The rules of the ontology as queries over the whole graph."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from graph.database import GraphDatabase
from ontology.compile.cypher import audit_rules

_COUNTS = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS nodes ORDER BY label"

_SEARCHABLE = "MATCH (n:$($label)) WHERE coalesce(n.status, '') <> 'Archived' "

_PUBLISHED = """
MATCH (e:Event {type: $type, source: $source})
RETURN e.id AS id, e.recordedAt AS recordedAt, EXISTS { MATCH (e)<-[:RECORDED_BY]-({status: 'Archived'}) } AS withdrawn
"""


@dataclass(frozen=True)
class Violation:
    """A rule of the ontology that some nodes break."""

    rule: str
    ids: list[str]


@dataclass(frozen=True)
class WrittenEvent:
    """An event as the graph has it.

    Parameters
    ----------
    id, recorded_at
        Which, and since when it stands.
    withdrawn
        Whether what it wrote was archived since.
    """

    id: str
    recorded_at: datetime
    withdrawn: bool


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


async def searchable(graph: GraphDatabase, label: str) -> AsyncIterator[str]:
    """Ids of the nodes of a label whose text is to be found, streamed: of all but those that were archived."""
    async for row in graph.stream(_SEARCHABLE + "RETURN n.id AS id", label=label):
        yield row["id"]


async def count_searchable(graph: GraphDatabase, label: str) -> int:
    """Number of the nodes of a label whose text is to be found."""
    [row] = await graph.read(_SEARCHABLE + "RETURN count(*) AS nodes", label=label)
    return int(row["nodes"])


async def events_of_type(graph: GraphDatabase, event_type: str, source: str) -> AsyncIterator[WrittenEvent]:
    """Each event of a type that a source caused, streamed."""
    async for row in graph.stream(_PUBLISHED, type=event_type, source=source):
        yield WrittenEvent(row["id"], row["recordedAt"], row["withdrawn"])
