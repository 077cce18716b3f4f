"""What leaves for the warehouse: SQL that Snowflake reads, and no words but those that are named."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from ontology.compile.snowflake import generate
from ontology.nodes import ENTITIES
from ontology.warehouse import LABELS, tables

STATEMENTS = sqlglot.parse(generate()["migrations/snowflake/star.sql"], read="snowflake")
ACCOUNT = (Path(__file__).parents[3] / "migrations" / "snowflake" / "account.sql").read_text(encoding="utf-8")
MADE: dict[str, Any] = {one.name: {column.name: column.type for column in one.columns} for one in tables()}


def made(kind: str) -> dict[str, Any]:
    """Name of each thing of a kind that is made → the statement."""
    found = [one for one in STATEMENTS if isinstance(one, exp.Create) and one.kind == kind]
    return {table.name: one for one in found if (table := one.find(exp.Table))}


def views() -> dict[str, exp.Query]:
    """Name of each view → its query."""
    return {name: one.expression for name, one in made("VIEW").items()}


def test_every_statement_is_snowflakes_own() -> None:
    assert all(isinstance(one, exp.Create | exp.Alter) for one in STATEMENTS)
    assert made("TABLE").keys() == {*MADE, "EXPORTED"}


@pytest.mark.parametrize("name", views())
def test_a_view_reads_columns_that_are_there(name: str) -> None:
    qualify(views()[name].copy(), schema=MADE, dialect="snowflake", validate_qualify_columns=True)


def test_the_facts_that_people_ask_for_are_there() -> None:
    transitions = {f"FACT_{label}_TRANSITION" for label in ("TENSION", "PROJECT", "TASK", "WIN", "RECOGNITION")}
    others = {"FACT_RECOGNITION", "FACT_TASK_WORK", "FACT_WIN_EVALUATION", "FACT_DECISION"}
    dimensions = {"DIM_PERSON", "DIM_PROJECT", "DIM_TENSION", "DIM_TASK"}
    assert views().keys() >= transitions | others | dimensions


def test_words_leave_only_where_they_are_named() -> None:
    words = {(one.label, column.name) for one in tables() for column in one.columns if column.type == "VARCHAR"}
    names = {("Person", "FULL_NAME"), ("Person", "ROLE"), ("Project", "NAME")}
    assert words == names | {(label, "LANGUAGE") for label in ("Project", "Tension", "Recognition")}
    named = {(one.label, column.name) for one in tables() for column in one.columns if column.is_name}
    assert named == names, "and these only of what everyone sees"


def test_who_may_see_something_and_whom_a_text_names_stays() -> None:
    assert MADE.keys().isdisjoint({"VISIBLE_TO", "MENTIONS", "AUTHORED_BY", "IDENTIFIES"})


@pytest.mark.parametrize("label", LABELS)
def test_every_kind_has_its_history(label: str) -> None:
    columns = MADE[f"{label.upper()}_HISTORY"]
    assert {"ID", "REV", "VALID_FROM", "VALID_TO", "EVENT_ID", "RECORDED_AT", "IS_PRIVATE"} <= columns.keys()
    assert ("STATUS" in columns) == ("status" in ENTITIES[label].model_fields)


def test_what_an_account_may_spend_is_limited() -> None:
    statements = [one.sql(dialect="snowflake") for one in sqlglot.parse(ACCOUNT, read="snowflake") if one]
    said = re.sub(r" ?= ?", " = ", " ".join(" ".join(statements).split())).upper()
    for limit in (
        "WAREHOUSE_SIZE = XSMALL",
        "AUTO_SUSPEND = 60",
        "AUTO_RESUME = TRUE",
        "INITIALLY_SUSPENDED = TRUE",
        "STATEMENT_TIMEOUT_IN_SECONDS = 600",
        "RESOURCE_MONITOR = TRM_EXPORT_MONITOR",
        "ON 95 PERCENT DO SUSPEND",
        "ON 100 PERCENT DO SUSPEND_IMMEDIATE",
        "NETWORK_POLICY = TRM_EXPORT_ONLY",
        "TYPE = SERVICE",
    ):
        assert limit in said, limit
    granted = re.findall(r"GRANT (.*?) TO ROLE", said)
    assert not any("MODIFY" in one or "CREATE WAREHOUSE" in one or "ALL PRIVILEGES" in one for one in granted)
