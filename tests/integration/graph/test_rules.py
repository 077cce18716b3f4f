"""What the audit finds in a real graph is what pure code says of the same things."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from graph.database import GraphDatabase, Transaction
from ontology.rules import RULES
from runtime.settings import Settings
from tests.rule_examples import EXAMPLES, Example

pytestmark = pytest.mark.servers

_NODE = "CREATE (n:$($label) {id: $id}) SET n += $properties"
_STATE = (
    "MATCH (n:$($label) {id: $id}) CREATE (n)-[:HAS_STATE]->(:State {id: randomUUID(), rev: $rev, status: $status})"
)
_TARGET = """
MATCH (n:$($label) {id: $id})
MERGE (t:$($target) {id: $key})
CREATE (n)-[r:$($relation) {id: randomUUID()}]->(t)
"""


class _UndoneError(Exception):
    """Ends a transaction that shall leave nothing."""


async def _write(transaction: Transaction, example: Example) -> str:
    node, own = str(uuid4()), str(uuid4())
    properties: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name.endswith("At") else value
        for name, value in example.properties.items()
    }
    await transaction.rows(_NODE, label=example.label, id=node, properties=properties)
    for rev, status in enumerate(example.statuses, 1):
        await transaction.rows(_STATE, label=example.label, id=node, rev=rev, status=status)
    for relation, label, key in example.targets:
        told = {"label": example.label, "id": node, "relation": relation, "target": label}
        await transaction.rows(_TARGET, **told, key=f"{own}-{key}")
    return node


async def test_the_audits_queries_decide_as_the_examples_say(tree: Settings) -> None:
    found: dict[str, set[str]] = {}

    async def work(transaction: Transaction) -> None:
        for example in EXAMPLES:
            found[await _write(transaction, example)] = set()
        for rule in RULES:
            for row in await transaction.rows(rule.cypher):
                if row["id"] in found:
                    found[row["id"]].add(rule.code)
        raise _UndoneError

    patient = tree.graph.model_copy(update={"transaction_timeout": 120.0})  # every rule is planned in one transaction
    async with GraphDatabase(patient) as graph:
        with pytest.raises(_UndoneError):
            await graph.write(work)
    said = [set(example.breaks.split()) for example in EXAMPLES]
    assert dict(zip([example.says for example in EXAMPLES], found.values(), strict=True)) == dict(
        zip([example.says for example in EXAMPLES], said, strict=True)
    )
