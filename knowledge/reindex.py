"""Gives texts whose words are indexed in another form (decision 18) their words anew, from what is stored of them."""

from uuid import UUID

from knowledge.pool import Connection
from knowledge.text import FORM, frequencies, normalise

_BATCH = 200

_OUTDATED = "SELECT source_id FROM search_documents WHERE form < $1 LIMIT $2"

# Who has a text's place among the documents is its only writer.
_LOCK = """
SELECT source_id FROM search_documents WHERE source_id = ANY ($1) AND form < $2 ORDER BY source_id FOR UPDATE
"""
_CONTENTS = """
SELECT DISTINCT ON (source_id) source_id, content FROM knowledge_snippet_embeddings
WHERE source_id = ANY ($1) ORDER BY source_id, revision DESC
"""


async def reindex(connection: Connection, batch: int = _BATCH) -> int:
    """Index the words of every outdated text again; returns how many were.

    A batch is a transaction: what is interrupted goes on where it was.
    """
    await connection.execute("SELECT set_config('trm.form', $1, false)", str(FORM))
    total = 0
    while some := [row["source_id"] for row in await connection.fetch(_OUTDATED, FORM, batch)]:
        async with connection.transaction():
            total += await _reindex(connection, some)
    return total


async def _reindex(connection: Connection, some: list[UUID]) -> int:
    chosen = [row["source_id"] for row in await connection.fetch(_LOCK, some, FORM)]
    contents = {row["source_id"]: row["content"] for row in await connection.fetch(_CONTENTS, chosen)}
    counted = [frequencies(normalise(contents.get(source, ""))) for source in chosen]
    found = [(place, term, often) for place, counts in enumerate(counted, 1) for term, often in counts.items()]
    columns = [[row[0] for row in found], [row[1] for row in found], [row[2] for row in found]]
    await connection.execute("SELECT index_words($1, $2, $3, $4)", chosen, *columns)
    return len(chosen)
