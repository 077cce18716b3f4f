"""A workflow id tells which agent runs under it."""

import pytest

from tests.workflows.worlds import people, person, recognition, rows, snippet
from workflows.lookups import agent_of
from workflows.starts import workflow_id_of


@pytest.mark.parametrize("make", [recognition, person, snippet, rows, people])
def test_every_commands_run_has_a_known_agent(make) -> None:
    assert agent_of(workflow_id_of(make()))
