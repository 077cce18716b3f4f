"""Migration files, whatever the store: found in order, checked against what was applied."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import RefusedError

_NAME = re.compile(r"^(\d{3})_[a-z0-9_]+$")


class MigrationEditedError(RefusedError):
    """An applied migration was changed or removed; a change needs a new file."""

    code = "migrationEdited"


class SchemaRefusedError(RefusedError):
    """The data, or an index that somebody else made, stand against a constraint or index of the ontology."""

    code = "schemaRefused"


@dataclass(frozen=True)
class Migration:
    """One file: its order, name without suffix, text and SHA-256."""

    version: int
    name: str
    text: str
    checksum: str


def discover(directory: Path, suffix: str) -> list[Migration]:
    """Migrations ``NNN_name<suffix>`` of a folder, by number.

    Raises
    ------
    ValueError
        Two files have one number.
    """
    found = []
    for path in sorted(directory.glob(f"*{suffix}")):
        if match := _NAME.match(path.stem):
            text = path.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), path.stem, text, hashlib.sha256(text.encode()).hexdigest()))
    versions = [migration.version for migration in found]
    if len(set(versions)) != len(versions):
        raise ValueError(f"two migrations with one number in {directory}")
    return found


def check_history(found: Sequence[Migration], applied: Mapping[str, str]) -> None:
    """Pass when every applied migration (name → checksum) is still there, unchanged.

    Raises
    ------
    MigrationEditedError
        It is not.
    """
    present = {migration.name: migration.checksum for migration in found}
    for name, checksum in applied.items():
        if name not in present:
            raise MigrationEditedError(f"migration {name} was applied, but its file is gone")
        if present[name] != checksum:
            raise MigrationEditedError(f"migration {name} was edited after it was applied; add a new one instead")
