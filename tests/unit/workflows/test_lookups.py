"""What a workflow id tells of its run."""

from workflows.lookups import agent_of
from workflows.starts import _AGENTS


def test_every_run_that_a_command_starts_has_an_agent_by_its_id() -> None:
    assert agent_of("import/recognitions/0") == "ImportBatchWorkflow"
    kinds = {
        code for agent in _AGENTS.values() for code in agent.workflow_id.__code__.co_consts if isinstance(code, str)
    }
    assert {agent_of(kind) is not None for kind in kinds if kind.endswith("/") and len(kind) > 1} == {True}
