"""Cypher migrations: run in order and recorded with checksums in the graph.

Every statement of a file is idempotent (``IF NOT EXISTS``), so two runs at once may both execute it; the record
stands under a uniqueness constraint and is written once.
"""

from pathlib import Path

from graph.database import GraphDatabase, Transaction
from runtime.clock import now
from runtime.migrations import check_history, discover

_CONSTRAINT = "CREATE CONSTRAINT migration_id IF NOT EXISTS FOR (n:Migration) REQUIRE n.id IS UNIQUE"

_APPLIED = "MATCH (m:Migration) RETURN m.id AS name, m.checksum AS checksum ORDER BY m.id"

_RECORD = """
MERGE (m:Migration {id: $name})
ON CREATE SET m.checksum = $checksum, m.appliedAt = $at
"""


async def migrate(graph: GraphDatabase, directory: Path) -> list[str]:
    """Apply the ``*.cypher`` files that are not recorded yet; returns their names.

    Raises
    ------
    MigrationEditedError
        An applied file was changed or is missing.
    GraphUnavailableError
        Neo4j is away.
    """
    await graph.execute_schema(_CONSTRAINT)
    applied = {row["name"]: row["checksum"] for row in await graph.read(_APPLIED)}
    found = discover(directory, ".cypher")
    check_history(found, applied)
    pending = [migration for migration in found if migration.name not in applied]
    for migration in pending:
        for statement in _statements(migration.text):
            await graph.execute_schema(statement)

        async def record(
            transaction: Transaction, name: str = migration.name, checksum: str = migration.checksum
        ) -> None:
            await transaction.rows(_RECORD, name=name, checksum=checksum, at=now())

        await graph.write(record)
    return [migration.name for migration in pending]


def _statements(text: str) -> list[str]:
    """Statements of a file, separated by semicolons at line ends; lines that start with // are comments."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    return [statement.strip() for statement in code.split(";\n") if statement.strip(" ;\n")]
