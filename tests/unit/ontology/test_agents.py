"""A workflow id tells which agent runs under it."""

from collections.abc import Callable

import pytest

from ontology.commands import Command
from ontology.kinds.agents import agent_of, label_guarding, run_id_of
from tests.workflows.worlds import people, person, recognition, rows, snippet


@pytest.mark.parametrize("make", [recognition, person, snippet, rows, people])
def test_every_commands_run_has_a_known_agent(make: Callable[[], Command]) -> None:
    assert agent_of(run_id_of(make()))


@pytest.mark.parametrize(
    ("run", "label"),
    [
        ("winScore/1", "Project"),
        ("win/1/2", "WIN"),
        ("project/1/2", "Project"),
        ("import/people/1", "Import"),
        ("x", None),
    ],
)
def test_what_stands_under_the_id_in_a_run_s_name_guards_it(run: str, label: str | None) -> None:
    assert label_guarding(run) == label
