"""The schema is a desired state: a deployment of an earlier version, with data, comes to what the ontology wants."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.migrate import MIGRATIONS
from graph.database import GraphDatabase
from graph.migrate import migrate
from runtime.migrations import SchemaRefusedError
from runtime.settings import Settings

pytestmark = pytest.mark.servers

UNIQUE = "CREATE CONSTRAINT probe_{name} IF NOT EXISTS FOR (n:Probe) REQUIRE n.{name} IS UNIQUE;\n"
INDEX = "CREATE INDEX probe_{name} IF NOT EXISTS FOR (n:Probe) ON (n.{name});\n"


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database
        await database.execute_schema("MATCH (n:Probe) DETACH DELETE n")
        await migrate(database, MIGRATIONS)
        assert await rules(database) == set()


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    """The migrations of an ontology that may come to want more."""
    shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    return tmp_path / "migrations"


def wanting(ontology: Path, *statements: str) -> Path:
    committed = (MIGRATIONS / "schema.cypher").read_text(encoding="utf-8")
    (ontology / "schema.cypher").write_text(committed + "".join(statements), encoding="utf-8")
    return ontology


async def rules(graph: GraphDatabase) -> set[str]:
    constraints = await graph.read("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'probe' RETURN name")
    indexes = "SHOW INDEXES YIELD name, owningConstraint WHERE name STARTS WITH 'probe' AND owningConstraint IS NULL"
    return {f"constraint {row['name']}" for row in constraints} | {
        f"index {row['name']}" for row in await graph.read(indexes)
    }


async def test_a_deployment_whose_schema_was_a_migration_comes_to_a_new_node_property_and_index(
    graph: GraphDatabase, ontology: Path
) -> None:
    await graph.execute_schema("MATCH (m:Migration {id: 'schema'}) DELETE m")
    await graph.execute_schema("MERGE (m:Migration {id: '001_init'}) SET m.checksum = 'of an earlier version'")
    await graph.execute_schema("CREATE (:Probe {id: 'kept', size: 1})")
    done = await migrate(graph, wanting(ontology, UNIQUE.format(name="id"), INDEX.format(name="size")))
    assert done == ["probe_id", "probe_size"]
    assert await rules(graph) == {"constraint probe_id", "index probe_size"}
    assert await graph.read("MATCH (n:Probe) RETURN n.id AS id") == [{"id": "kept"}]
    assert await migrate(graph, ontology) == [], "repeating does nothing"
    await graph.execute_schema("MATCH (m:Migration {id: '001_init'}) DELETE m")


async def test_what_the_ontology_wants_no_more_goes_and_a_rule_may_change_its_kind(
    graph: GraphDatabase, ontology: Path
) -> None:
    await migrate(graph, wanting(ontology, INDEX.format(name="size"), INDEX.format(name="name")))
    await migrate(graph, wanting(ontology, UNIQUE.format(name="size")))
    assert await rules(graph) == {"constraint probe_size"}


async def test_what_somebody_else_made_stays_and_is_named_where_it_stands_in_the_way(
    graph: GraphDatabase, ontology: Path
) -> None:
    await graph.execute_schema("CREATE INDEX probe_theirs FOR (n:Probe) ON (n.theirs)")
    await graph.execute_schema("CREATE INDEX probe_size FOR (n:Probe) ON (n.other)")
    try:
        with pytest.raises(SchemaRefusedError, match="probe_size"):
            await migrate(graph, wanting(ontology, UNIQUE.format(name="size")))
        assert await rules(graph) == {"index probe_theirs", "index probe_size"}
    finally:
        for name in ("probe_theirs", "probe_size"):
            await graph.execute_schema(f"DROP INDEX {name}")


async def test_data_against_a_rule_are_told_and_nothing_is_taken_for_done(graph: GraphDatabase, ontology: Path) -> None:
    await graph.execute_schema("UNWIND [1, 2] AS n CREATE (:Probe {id: 'twice'})")
    with pytest.raises(SchemaRefusedError, match="probe_id"):
        await migrate(graph, wanting(ontology, UNIQUE.format(name="id")))
    await graph.execute_schema("MATCH (n:Probe) DETACH DELETE n")
    assert await migrate(graph, ontology) == ["probe_id"]


async def test_names_are_known_before_anything_bears_them(graph: GraphDatabase) -> None:
    properties = {row["propertyKey"] for row in await graph.read("CALL db.propertyKeys()")}
    assert properties >= {"foldedLong", "promotedAt", "publishedScore", "validTo"}
