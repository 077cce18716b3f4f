"""From a line of the file to a row with its id, or to what is wrong with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graph.errors import RuleBrokenError
from importing.cells import CellReader, CellRefusedError
from importing.columns import EXTERNAL_ID, Mapped, column_of, fields_of
from importing.kinds import ImportKind
from importing.quoting import Line
from ontology import ids
from ontology.base import OntologyModel
from ontology.imports import ImportRow, RowRefusal
from ontology.rules import violations
from ontology.wording import composed, trimmed
from runtime.errors import RefusedError
from runtime.hashing import canonical_json, request_hash

_NOT_YET = UUID(int=0)
"""Stands for the id of what a row makes, before that is known."""


@dataclass(frozen=True)
class GoodRow:
    """A row that can be sent.

    Parameters
    ----------
    line
        Where it stands.
    row
        What is sent.
    digest
        Hash of what it says.
    size
        Bytes of what it says, as JSON.
    besides
        Rows of another kind that it says as well.
    """

    line: Line
    row: ImportRow
    digest: str
    size: int
    besides: tuple["GoodRow", ...] = ()


@dataclass(frozen=True)
class BadRow:
    """A row that was refused, with the columns at fault, a stable code and what is wrong."""

    line: Line
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class RepeatedRow:
    """A row whose id stood in the file before and said the same."""

    line: Line


class RowReader:
    """Reads the lines of one file, in order: the id of a row that has none depends on how often it was said before.

    Parameters
    ----------
    kind
        What is imported.
    labels, mapped
        Names of the file's columns, each once, and which says what.
    source
        Names where the rows come from; the same external id in another source is another thing.
    cells
        Reads cells.
    """

    def __init__(self, kind: ImportKind, labels: Sequence[str], mapped: Mapped, source: str, cells: CellReader) -> None:
        self._kind = kind
        self._labels = labels
        self._mapped = mapped
        self._source = source
        self._cells = cells
        self._fields = fields_of(kind.content)
        self._said: Counter[str] = Counter()
        self._named: dict[str, tuple[str, int]] = {}

    def read(self, line: Line) -> GoodRow | BadRow | RepeatedRow:
        """What a line says, or what is wrong with it."""
        if line.broken:
            return BadRow(line, "", "rowUnreadable", f"the row {line.broken}")
        said, wrong = self._values(line)
        if wrong:
            return self._bad(line, wrong)
        try:
            content = self._kind.content.model_validate(said)
            for violation in violations(self._kind.kind.view(_NOT_YET, content), whole=False):
                raise RuleBrokenError(violation)
        except ValidationError as error:
            return self._bad(line, [_plain(detail) for detail in error.errors(include_url=False)])
        except RefusedError as error:
            return self._bad(line, [((error.pointer or "/").split("/")[1], error.code, str(error))])
        return self._named_row(line, content)

    def refused(self, row: GoodRow, refusal: RowRefusal) -> BadRow:
        """A row that the graph refused."""
        field = (refusal.pointer or "/").split("/")[1]
        return BadRow(row.line, column_of(self._mapped, self._labels, field), refusal.code, refusal.message)

    def _named_row(self, line: Line, content: OntologyModel) -> GoodRow | BadRow | RepeatedRow:
        alone, _ = self._kind.apart(content, _NOT_YET)
        digest = request_hash(alone)
        external = self._cell(line, EXTERNAL_ID)
        if not external:
            self._said[digest] += 1
            row_id = ids.imported_unnamed(self._kind.name, self._source, digest, self._said[digest])
        else:
            earlier = self._named.setdefault(external, (digest, line.number))
            if earlier[0] != digest:
                message = f"line {earlier[1]} has the id {external!r} too and says something else; give one another id"
                return self._bad(line, [(EXTERNAL_ID, "idRepeated", message)])
            if earlier[1] != line.number:
                return RepeatedRow(line)
            row_id = ids.imported(self._kind.name, self._source, external)
        _, further = self._kind.apart(content, row_id)
        return _good(line, row_id, alone, digest, self._besides(line, further))

    def _besides(self, line: Line, contents: Sequence[OntologyModel]) -> tuple[GoodRow, ...]:
        """What a row says of another kind; the same said twice of one thing is said once."""
        rows = {}
        for content in contents:
            digest = request_hash(content)
            row_id = ids.imported_unnamed(str(self._kind.besides), self._source, digest, 1)
            rows[row_id] = _good(line, row_id, content, digest)
        return tuple(rows.values())

    def _values(self, line: Line) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        said: dict[str, Any] = {}
        wrong = []
        for field in self._fields.values():
            parts = {target.partition(".")[2]: self._cell(line, target) for target in field.targets}
            given = {part: cell for part, cell in parts.items() if cell}
            if given:
                try:
                    said[field.name] = self._cells.read(field, given)
                except CellRefusedError as error:
                    wrong.append((field.name, error.code, str(error)))
            elif field.required:
                wrong.append((field.name, "valueMissing", f"{field.name} is missing: the cell is empty; fill it in"))
        return said, wrong

    def _cell(self, line: Line, target: str) -> str:
        cells = [trimmed(composed(line.cells[place])) for place in self._mapped.get(target, ())]
        if len(cells) < 2:
            return "".join(cells)
        return self._cells.joined(self._fields[target.partition(".")[0]], target, cells)

    def _bad(self, line: Line, wrong: Sequence[tuple[str, str, str]]) -> BadRow:
        """A bad row from (field, code, message) of everything that is wrong with it."""
        columns = [column_of(self._mapped, self._labels, field) for field, _, _ in wrong]
        distinct = dict.fromkeys(column for column in columns if column)
        return BadRow(line, ", ".join(distinct), wrong[0][1], "; ".join(message for _, _, message in wrong))


def _good(line: Line, row_id: UUID, content: OntologyModel, digest: str, besides: tuple[GoodRow, ...] = ()) -> GoodRow:
    said = content.model_dump(mode="json", exclude_unset=True)
    return GoodRow(line, ImportRow(id=row_id, content=said), digest, len(canonical_json(said)), besides)


def _plain(detail: ErrorDetails) -> tuple[str, str, str]:
    field = str(detail["loc"][0]) if detail["loc"] else ""
    said = detail["input"]
    name = str(detail["loc"][-1])
    pattern = detail["type"] == "string_pattern_mismatch"
    message = f"this is no {name}" if pattern else detail["msg"].removeprefix("Value error, ")
    shown = f"{said!r}: " if isinstance(said, str) and len(said) < 80 and repr(said) not in message else ""
    return field, "valueInvalid", f"{shown}{message}"
