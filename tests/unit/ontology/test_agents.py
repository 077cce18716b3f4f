"""A workflow id tells which agent runs under it."""

from collections.abc import Callable

import pytest

from ontology.commands import Command
from ontology.kinds.agents import agent_of, run_id_of
from tests.workflows.worlds import people, person, recognition, rows, snippet


@pytest.mark.parametrize("make", [recognition, person, snippet, rows, people])
def test_every_commands_run_has_a_known_agent(make: Callable[[], Command]) -> None:
    assert agent_of(run_id_of(make()))
