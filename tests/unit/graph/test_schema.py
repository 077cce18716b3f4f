"""What a generated statement asks for."""

import pytest

from graph.schema import Rule, rule_of
from ontology.compile.cypher import generate

IF = "IF NOT EXISTS"


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (f"CREATE CONSTRAINT a_id {IF} FOR (n:A) REQUIRE n.id IS UNIQUE", Rule("a_id", "UNIQUENESS", "A", ("id",))),
        (f"CREATE CONSTRAINT a_x {IF} FOR (n:A) REQUIRE n.x IS NOT NULL", Rule("a_x", "EXISTENCE", "A", ("x",))),
        (f"CREATE INDEX a_x_y {IF}\n  FOR (n:A) ON (n.x, n.y)", Rule("a_x_y", "RANGE", "A", ("x", "y"))),
        (f"CREATE TEXT INDEX a_x {IF} FOR (n:A) ON (n.x)", Rule("a_x", "TEXT", "A", ("x",))),
    ],
)
def test_a_statement_is_understood(statement: str, rule: Rule) -> None:
    assert rule_of(statement) == rule


@pytest.mark.parametrize("statement", ["RETURN 1", "CREATE INDEX a FOR (n:A) ON (n.x)", "DROP INDEX a IF EXISTS"])
def test_what_is_no_rule_is_refused(statement: str) -> None:
    with pytest.raises(ValueError, match="not a rule"):
        rule_of(statement)


@pytest.mark.parametrize("name", ["migrations/schema.cypher", "migrations/enterprise/existence.cypher"])
def test_every_generated_statement_is_understood_and_named_once(name: str) -> None:
    lines = [line.rstrip(";") for line in generate()[name].splitlines() if not line.startswith("//")]
    rules = [rule_of(line) for line in lines]
    assert len({rule.name for rule in rules}) == len({rule.asks for rule in rules}) == len(rules) > 0
