"""Which agent carries a command out, and under which id: the same for a request, an event and a repetition."""

from dataclasses import dataclass

from ontology.commands import Change, Command, EvaluateWin, LinkIdentity, MergePeople, UnmergePeople
from ontology.file_imports import ImportFile
from ontology.imports import ImportRows
from ontology.kinds import KINDS, Kind, kind_recorded_by

_OTHERS: dict[str, tuple[str, str]] = {
    "identity": ("IdentityLinkWorkflow", "Identity"),
    "personMerge": ("PersonMergeWorkflow", "Person"),
    "personUnmerge": ("PersonUnmergeWorkflow", "Person"),
    "import": ("ImportBatchWorkflow", "Import"),
    "fileImport": ("FileImportWorkflow", "Import"),
    "judgement": ("ImportJudgementWorkflow", "Import"),
    "winScore": ("WinScoreWorkflow", "WIN"),
}
"""First part of a run's id that records nothing → the agent that runs under it, and the label it is about."""

CHANGE = "ChangeWorkflow"
"""The agent that changes things of any kind."""


@dataclass(frozen=True)
class Agent:
    """What carries a command out.

    Parameters
    ----------
    workflow
        Type of its workflow; its worker knows which code that is.
    run_id
        Id of the run.
    label
        Of the entity that the run is about.
    """

    workflow: str
    run_id: str
    label: str


def agent_for(command: Command) -> Agent:
    """What carries a command out."""
    entity, event = command.id, command.origin.event_id
    if kind := kind_recorded_by(command):
        return Agent(kind.agent, kind.run_id(entity, event), kind.label)
    if isinstance(command, Change):
        return Agent(CHANGE, KINDS[command.label].change_id(entity, event), command.label)
    return _other(*_named(command))


def run_id_of(command: Command) -> str:
    """Id under which a command runs."""
    return agent_for(command).run_id


def agent_of(run_id: str) -> str | None:
    """Name of the agent that runs under an id."""
    if kind := _kind(run_id):
        return kind.agent if kind.records(run_id) else CHANGE
    return _OTHERS.get(run_id.partition("/")[0], (None, None))[0]


def label_written_by(run_id: str) -> str | None:
    """Label of the entity that the run under an id is about."""
    kind = _kind(run_id)
    return kind.label if kind else _OTHERS.get(run_id.partition("/")[0], (None, None))[1]


def label_guarding(run_id: str) -> str | None:
    """Label of what stands under the id that the run names: who may see that may know of the run.

    A run that scores names the project whose worth it looks at.
    """
    return "Project" if run_id.partition("/")[0] == "winScore" else label_written_by(run_id)


def _named(command: Command) -> tuple[str, str]:
    """First part of the id of a run that records nothing, and the rest of it."""
    both = f"{command.id}/{command.origin.event_id}"
    match command:
        case LinkIdentity():
            return "identity", both
        case MergePeople():
            return "personMerge", both
        case UnmergePeople():
            return "personUnmerge", both
        case ImportRows():
            return "import", f"{command.kind}/{command.id}"
        case EvaluateWin():
            return "winScore", str(command.id)
        case ImportFile():
            return "fileImport", str(command.id)
    raise AssertionError(f"no agent carries {type(command).__name__} out")


def _other(name: str, rest: str) -> Agent:
    workflow, label = _OTHERS[name]
    return Agent(workflow, f"{name}/{rest}", label)


def _kind(run_id: str) -> Kind | None:
    name = run_id.partition("/")[0]
    return next((kind for kind in KINDS.values() if kind.name == name), None)
