"""The rules of the ontology as queries over the whole graph."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from graph.database import GraphDatabase

_COUNTS = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS nodes ORDER BY label"

_LINKS = """
MATCH (r:Recognition)
RETURN r.id AS id, COUNT { (r)-[:RECOGNIZED_BY]->(:Person) } AS givers,
  COUNT { (r)-[:RECEIVED_BY]->(:Person) } AS receivers
"""

_PUBLISHED = "MATCH (e:Event {type: $type, source: $source}) RETURN e.id AS id, e.recordedAt AS recordedAt"


@dataclass(frozen=True)
class Violation:
    """A rule of the ontology that some nodes break."""

    rule: str
    ids: list[str]


async def violations(graph: GraphDatabase) -> list[Violation]:
    """Every broken rule with the nodes that break it."""
    found = []
    for rule, query in _rules():
        # Generated from the ontology and committed under the drift check: as literal as code.
        rows = await graph.read(query)
        if rows:
            found.append(Violation(rule, sorted({str(row["id"]) for row in rows})))
    return found


async def counts(graph: GraphDatabase) -> dict[str, int]:
    """Number of nodes per label."""
    return {row["label"]: row["nodes"] for row in await graph.read(_COUNTS)}


async def recognition_links(graph: GraphDatabase) -> dict[str, tuple[int, int]]:
    """Recognition id → number of givers and receivers."""
    return {row["id"]: (row["givers"], row["receivers"]) for row in await graph.read(_LINKS)}


async def events_of_type(graph: GraphDatabase, event_type: str, source: str) -> dict[str, datetime]:
    """Id of each event of a type that a source caused → when it was recorded."""
    rows = await graph.read(_PUBLISHED, type=event_type, source=source)
    return {row["id"]: row["recordedAt"] for row in rows}


def _rules() -> list[tuple[str, str]]:
    text = (files("graph") / "audit_rules.cypher").read_text(encoding="utf-8")
    blocks = [block for block in text.split("// rule: ")[1:] if block.strip()]
    return [(name, query.strip().rstrip(";")) for name, _, query in (block.partition("\n") for block in blocks)]
