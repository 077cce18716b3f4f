"""What everybody and everything known is called, as it changes: what texts are searched for."""

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

from graph.database import GraphDatabase, Row

_PEOPLE: LiteralString = """
MATCH (changed:Person) WHERE changed.updatedAt >= $since
  AND (changed.updatedAt > $since OR changed.id > $after)
WITH changed ORDER BY changed.updatedAt, changed.id LIMIT $limit
MATCH (p:Person {id: coalesce(changed.mergedInto, changed.id)})
RETURN changed.id AS changed, changed.updatedAt AS at, properties(p) AS known, COLLECT {
  MATCH (former:Person) WHERE former.mergedInto = p.id RETURN properties(former) ORDER BY former.id
} AS former
ORDER BY at, changed
"""

_BY_ID: LiteralString = """
MATCH (p:Person) WHERE p.id IN $ids
RETURN p.id AS changed, p.updatedAt AS at, properties(p) AS known, COLLECT {
  MATCH (former:Person) WHERE former.mergedInto = p.id RETURN properties(former) ORDER BY former.id
} AS former
"""

_PROJECTS: LiteralString = """
MATCH (p:Project) WHERE p.updatedAt >= $since AND (p.updatedAt > $since OR p.id > $after)
RETURN p.id AS changed, p.updatedAt AS at, properties(p) AS known, [] AS former ORDER BY at, changed LIMIT $limit
"""

_QUERIES: dict[str, LiteralString] = {"Person": _PEOPLE, "Project": _PROJECTS}

_PAGE = 2_000


async def names_changed(graph: GraphDatabase, label: str, since: datetime, after: str = "") -> list[Row]:
    """A page of people or projects that were changed at a moment or later, in the order of that and of their ids.

    Parameters
    ----------
    graph
        Where they stand.
    label
        ``Person`` or ``Project``.
    since, after
        The moment, and at the very moment the id after which they come.

    Returns
    -------
    list of Row
        ``changed`` and ``at``, who and when; ``known``, whom that is now, and ``former``, who was merged into them;
        as they are now. Nobody comes after the last page.
    """
    return await graph.read(_QUERIES[label], since=since, after=after, limit=_PAGE)


async def names_of(graph: GraphDatabase, ids: Collection[str]) -> list[Row]:
    """The same of some people who lead to nobody else."""
    return await graph.read(_BY_ID, ids=sorted(ids))
