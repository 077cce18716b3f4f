"""What humans said of the severity of tensions, read back as labels that a model may learn from.

Only of what everyone may read: a model keeps the words it learnt, and tells them to whoever reads a judgement.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from graph.database import GraphDatabase
from ontology.enums import Visibility
from ontology.kinds.tension import text_of
from ontology.lifecycles import ARCHIVED

_RATED = """
MATCH (t:Tension) WHERE t.id > $after AND t.severityBy = $human AND t.severity IS NOT NULL
  AND t.visibility = $everyone AND t.status <> $archived
RETURN t.id AS id, t.severity AS severity, t.language AS language,
  t {.title, .facts, .currentState, .desiredState, .feeling, .need} AS said
ORDER BY t.id LIMIT $limit
"""

HUMAN = "human"
"""Who set a severity, where a human did so here; what another tracker held it for has another scale."""

_PAGE = 200


@dataclass(frozen=True)
class Rated:
    """A tension whose severity a human said; who did so is nobody's business here.

    Parameters
    ----------
    text
        What it says, as the machine reads it.
    severity
        1 to 4.
    language
        As it was said, or empty.
    """

    text: str
    severity: int
    language: str


async def rated_by_humans(graph: GraphDatabase, page: int = _PAGE) -> AsyncIterator[Rated]:
    """Every tension that everyone may read and whose severity a human said here, in the order of ids.

    Raises
    ------
    GraphUnavailableError
        Try again.
    """
    after = ""
    while True:
        rows = await graph.read(
            _RATED, after=after, human=HUMAN, everyone=Visibility.EVERYONE, archived=ARCHIVED, limit=page
        )
        for row in rows:
            yield Rated(text=text_of(row["said"]), severity=int(row["severity"]), language=row["language"] or "")
        if len(rows) < page:
            return
        after = rows[-1]["id"]
