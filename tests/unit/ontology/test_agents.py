"""A workflow id tells which agent runs under it."""

import pytest

from ontology.kinds.agents import agent_of, run_id_of
from tests.workflows.worlds import people, person, recognition, rows, snippet


@pytest.mark.parametrize("make", [recognition, person, snippet, rows, people])
def test_every_commands_run_has_a_known_agent(make) -> None:
    assert agent_of(run_id_of(make()))
