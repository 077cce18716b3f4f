"""Brings a graph to what this version needs: hand-written migrations, then the schema that the ontology wants.

Migrations run in order and are recorded with checksums in the graph. Every statement of a file is idempotent, so two
runs at once may both execute it; the record stands under a uniqueness constraint and is written once.
"""

from pathlib import Path

from graph import schema
from graph.database import GraphDatabase, Transaction
from graph.deriving import derive_all
from graph.tokens import make_tokens
from runtime.clock import now
from runtime.migrations import check_history, discover

_CONSTRAINTS = (
    "CREATE CONSTRAINT migration_id IF NOT EXISTS FOR (n:Migration) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT ledger_id IF NOT EXISTS FOR (n:Ledger) REQUIRE n.id IS UNIQUE",
)
"""Of what is kept about the graph itself; no part of the ontology."""

_APPLIED = "MATCH (m:Migration) WHERE m.checksum IS NOT NULL RETURN m.id AS name, m.checksum AS checksum ORDER BY m.id"

_FORMER = frozenset({"001_init"})
"""Generated files that an earlier version recorded as migrations; the desired schema took their place."""

_SCHEMA, _ENTERPRISE = "schema.cypher", "enterprise/existence.cypher"

_RECORD = """
MERGE (m:Migration {id: $name})
ON CREATE SET m.checksum = $checksum, m.appliedAt = $at
"""


async def migrate(graph: GraphDatabase, directory: Path) -> list[str]:
    """Apply the numbered files that are not recorded yet and bring about the schema; returns what was done.

    Raises
    ------
    MigrationEditedError
        An applied file was changed or is missing.
    SchemaRefusedError
        The data stand against a constraint.
    GraphUnavailableError
        Neo4j is away.
    """
    for constraint in _CONSTRAINTS:
        await graph.execute_schema(constraint)
    applied = {row["name"]: row["checksum"] for row in await graph.read(_APPLIED) if row["name"] not in _FORMER}
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
    await make_tokens(graph)
    made = await schema.bring_about(graph, await _desired(graph, directory))
    found_by = await derive_all(graph)
    return [
        *(migration.name for migration in pending),
        *made,
        *([f"{found_by} nodes can be found by parts of their texts"] if found_by else []),
    ]


async def _desired(graph: GraphDatabase, directory: Path) -> list[str]:
    """Statements of the schema this edition of the server can hold."""
    files = [_SCHEMA, *([_ENTERPRISE] if await schema.is_enterprise(graph) else [])]
    paths = [directory / name for name in files]
    return [text for path in paths if path.exists() for text in _statements(path.read_text(encoding="utf-8"))]


def _statements(text: str) -> list[str]:
    """Statements of a file, separated by semicolons at line ends; lines that start with // are comments."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    return [statement.strip(" ;\n") for statement in code.split(";\n") if statement.strip(" ;\n")]
