"""The kinds of things, by their label: whoever deals with things of any kind reads here what each is."""

from ontology.commands import Command, Record
from ontology.kinds.comment import COMMENT
from ontology.kinds.decision import DECISION
from ontology.kinds.delegation import DELEGATION
from ontology.kinds.kind import Consequence, Imported, Kind, Reference
from ontology.kinds.knowledge_snippet import KNOWLEDGE_SNIPPET
from ontology.kinds.person import PERSON
from ontology.kinds.project import PROJECT
from ontology.kinds.recognition import RECOGNITION
from ontology.kinds.severity_model import SEVERITY_MODEL
from ontology.kinds.task import TASK
from ontology.kinds.tension import TENSION
from ontology.kinds.win import WIN
from ontology.scopes import READ_SCOPES, Scope

__all__ = [
    "KINDS",
    "Consequence",
    "Imported",
    "Kind",
    "Reference",
    "kind_changed_by",
    "kind_recorded_by",
    "kind_taking",
    "read_scopes",
]

KINDS: dict[str, Kind] = {
    kind.label: kind
    for kind in (
        RECOGNITION,
        PERSON,
        KNOWLEDGE_SNIPPET,
        TENSION,
        PROJECT,
        TASK,
        COMMENT,
        DECISION,
        DELEGATION,
        SEVERITY_MODEL,
        WIN,
    )
}
"""Label → what the kind is."""


def read_scopes() -> dict[str, Scope]:
    """Label of an entity → the scope that reads it."""
    return {**READ_SCOPES, **{kind.label: kind.reads for kind in KINDS.values()}}


def kind_recorded_by(command: Command) -> Kind | None:
    """The kind whose things a command records; None of a command that does something else."""
    if isinstance(command, Record):
        return KINDS.get(command.label)
    return next((kind for kind in KINDS.values() if isinstance(command, kind.command)), None)


def kind_changed_by(event_type: str) -> Kind | None:
    """The kind that an event of another system changes, if it changes any."""
    return next((kind for kind in KINDS.values() if event_type in kind.changed_by), None)


def kind_taking(event_type: str) -> Kind | None:
    """The kind that an event of another system records, if it is recorded at all."""
    return next((kind for kind in KINDS.values() if kind.taken == event_type), None)
