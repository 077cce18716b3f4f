"""What can be imported: rows of files as commands, the same for whoever rehearses and whoever writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ontology.base import OntologyModel
from ontology.commands import Command
from ontology.imports import ImportRow, ImportRows
from ontology.kinds import KINDS, Kind
from runtime.errors import RefusedError
from runtime.hashing import request_hash


@dataclass(frozen=True)
class ImportKind:
    """A kind whose things are imported.

    Parameters
    ----------
    kind
        What the things are.
    content
        Model of what a row says; its fields are the columns a file may have.
    renews
        Whether a row with the id of something that stands renews it, each time its file is imported; elsewhere it
        must say the same.
    """

    kind: Kind
    content: type[OntologyModel]
    renews: bool

    @property
    def name(self) -> str:
        """What the command line calls it."""
        return self.kind.plural

    @property
    def besides(self) -> str | None:
        """Kind of further things that a row says; None where it says none."""
        return self.kind.imported.besides if self.kind.imported else None

    def apart(self, said: Any, entity_id: UUID) -> tuple[Any, Sequence[OntologyModel]]:
        """What a row says of the thing that it makes under an id, and what it says of others besides."""
        apart = self.kind.imported.apart if self.kind.imported else None
        return apart(said, entity_id) if apart else (said, ())

    def commands(self, batch: ImportRows, run_id: str) -> list[Command]:
        """The write of each row, each with an origin of its own; ``run_id`` is that of the batch's run."""
        return [self._command(batch, row, run_id) for row in batch.rows]

    def event_id(self, entity_id: UUID, run_id: str) -> UUID:
        """Id of the event that records a row in a run of its batch."""
        return self.kind.renewal_event(entity_id, run_id) if self.renews else self.kind.record_event(entity_id)

    def _command(self, batch: ImportRows, row: ImportRow, run_id: str) -> Command:
        said = self.content.model_validate(row.content)
        digest = request_hash(said)
        changes = {
            "event_id": self.event_id(row.id, run_id),
            "event_type": self.kind.recorded,
            "occurred_at": getattr(said, "occurred_at", None) or batch.origin.occurred_at,
            "request_hash": digest,
        }
        return self.kind.command_of(row.id, batch.origin.model_copy(update=changes), said)


def import_kinds() -> dict[str, ImportKind]:
    """What can be imported, by what the command line calls it."""
    return {
        kind.plural: ImportKind(kind, kind.imported.content, kind.imported.renews)
        for kind in KINDS.values()
        if kind.imported
    }


def import_kind(name: str) -> ImportKind:
    """The kind of this name.

    Raises
    ------
    RefusedError
        There is none.
    """
    kinds = import_kinds()
    if name not in kinds:
        raise RefusedError(f"{name!r} cannot be imported; {', '.join(kinds)} can")
    return kinds[name]
