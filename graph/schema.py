"""Constraints and indexes as a desired state: what the ontology wants is brought about, what it wanted before goes.

They are generated, so they are no migrations: nothing is frozen, and a new node, unique property or index appears at
the next ``trm migrate``. What an earlier desired state made and this one does not want is dropped; what anybody else
made stays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.database import GraphDatabase, Transaction
from runtime.clock import now
from runtime.migrations import SchemaRefusedError

Kind = Literal["UNIQUENESS", "EXISTENCE", "RANGE", "TEXT"]
"""What a rule asks: values that are unique, values that are there, an index for ranges or for parts of texts."""

_INDEX_KINDS = ("RANGE", "TEXT")

SCHEMA_RECORD = "schema"
"""Id of the record that says which rules are ours."""

_CREATE = re.compile(
    r"CREATE (?:CONSTRAINT|(?P<text>TEXT )?INDEX) (?P<name>\w+) IF NOT EXISTS FOR \(n:(?P<label>\w+)\) "
    r"(?:REQUIRE n\.(?P<held>\w+) IS (?P<how>UNIQUE|NOT NULL)|ON \((?P<indexed>[^)]*)\))"
)
_CONSTRAINTS = "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties"
_INDEXES = """
SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint
WHERE owningConstraint IS NULL AND type IN ['RANGE', 'TEXT']
"""
_EDITION = "CALL dbms.components() YIELD edition RETURN toLower(edition) AS edition"
_REMEMBERED = "MATCH (s:Migration {id: $id}) RETURN s.rules AS rules"
_REMEMBER = """
MERGE (s:Migration {id: $id})
SET s.rules = $rules, s.appliedAt = $at
"""


@dataclass(frozen=True)
class Rule:
    """One constraint or index."""

    name: str
    kind: Kind
    label: str
    properties: tuple[str, ...]

    @property
    def asks(self) -> tuple[Kind, str, tuple[str, ...]]:
        """What it asks, whatever its name."""
        return self.kind, self.label, self.properties


def rule_of(statement: str) -> Rule:
    """The rule that a generated statement makes.

    Raises
    ------
    ValueError
        It is none.
    """
    match = _CREATE.fullmatch(" ".join(statement.split()))
    if match is None:
        raise ValueError(f"not a rule of a schema: {statement}")
    if match["indexed"] is not None:
        names = tuple(part.strip().removeprefix("n.") for part in match["indexed"].split(","))
        return Rule(match["name"], "TEXT" if match["text"] else "RANGE", match["label"], names)
    kind: Kind = "UNIQUENESS" if match["how"] == "UNIQUE" else "EXISTENCE"
    return Rule(match["name"], kind, match["label"], (match["held"],))


async def is_enterprise(graph: GraphDatabase) -> bool:
    """Whether the server's edition has constraints that ask for properties to be there."""
    return any(row["edition"] == "enterprise" for row in await graph.read(_EDITION))


async def bring_about(graph: GraphDatabase, statements: Sequence[str]) -> list[str]:
    """Make what is missing of a desired state and drop what an earlier one made; returns the names of both.

    Raises
    ------
    SchemaRefusedError
        The data, or somebody else's index, stand against a rule; the message names it.
    GraphUnavailableError
        Neo4j is away.
    """
    desired = {rule_of(statement): statement for statement in statements}
    names = {rule.name for rule in desired}
    present = await _present(graph)
    dropped = [rule for rule in present if rule.name in await _remembered(graph) and rule not in desired]
    for rule in dropped:
        await graph.execute_schema(
            f"DROP {'INDEX' if rule.kind in _INDEX_KINDS else 'CONSTRAINT'} {rule.name} IF EXISTS"
        )
    there = {rule.asks for rule in present if rule not in dropped}
    made = [rule for rule in desired if rule.asks not in there]
    for rule in made:
        await graph.execute_schema(desired[rule])

    standing = {rule.asks for rule in await _present(graph)} if made else there
    for rule in desired:
        if rule.asks not in standing:
            raise SchemaRefusedError(f"something that TRM-OS did not make has the name {rule.name}: drop or rename it")

    async def remember(transaction: Transaction) -> None:
        await transaction.rows(_REMEMBER, id=SCHEMA_RECORD, rules=sorted(names), at=now())

    if made or dropped or set(await _remembered(graph)) != names:
        await graph.write(remember)
    return [*(f"{rule.name} dropped" for rule in dropped), *(rule.name for rule in made)]


async def _present(graph: GraphDatabase) -> list[Rule]:
    found = []
    for row in [*await graph.read(_CONSTRAINTS), *await graph.read(_INDEXES)]:
        kind = next((kind for kind in ("UNIQUENESS", "EXISTENCE", *_INDEX_KINDS) if kind in row["type"]), None)
        if kind and row["labelsOrTypes"]:
            found.append(Rule(row["name"], kind, row["labelsOrTypes"][0], tuple(row["properties"])))  # type: ignore[arg-type]
    return found


async def _remembered(graph: GraphDatabase) -> list[str]:
    rows = await graph.read(_REMEMBERED, id=SCHEMA_RECORD)
    return rows[0]["rules"] if rows else []
