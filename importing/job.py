"""One import of a file: what was chosen, how its rows are read, and those that are refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importing.cells import CellReader, zone_of
from importing.columns import Mapped, map_columns
from importing.errors import FileRefusedError
from importing.kinds import ImportKind
from importing.rows import BadRow, GoodRow, RepeatedRow, RowReader
from importing.table import CsvTable, FileToRead
from importing.vocabulary import WORDS
from ontology.imports import RowRefusal
from ontology.moments import DateOrder


@dataclass(frozen=True)
class Chosen:
    """What the user asked for; the defaults suit most files.

    Parameters
    ----------
    kind, file
        What is imported, and from where.
    told
        Field → its columns, beside what is found by name.
    source
        Names the system the rows come from.
    delimiter, encoding, separator, time_zone, dates
        How the file is written; empty where that is found out.
    """

    kind: ImportKind
    file: FileToRead
    told: Mapping[str, Sequence[str]]
    source: str
    delimiter: str | None
    encoding: str
    separator: str
    time_zone: str
    dates: DateOrder = ""


class ImportJob:
    """A file opened for import.

    Parameters
    ----------
    chosen
        What was asked for.
    most
        Rows that are taken; None: any number.

    Raises
    ------
    FileRefusedError, MappingRefusedError
        The file cannot be read, or its columns are not understood.
    """

    def __init__(self, chosen: Chosen, most: int | None = None) -> None:
        self.chosen = chosen
        self.table = CsvTable(chosen.file, chosen.delimiter, chosen.encoding)
        self.mapped: Mapped = map_columns(chosen.kind, self.table.header, chosen.told)
        self.total = self.table.count(most)
        if most is not None and self.total > most:
            raise FileRefusedError(f"{chosen.file.name} has more than {most} rows; send it in parts", pointer="/file")
        words = WORDS.get(chosen.kind.name, {})
        cells = CellReader(zone_of(chosen.time_zone), chosen.separator, chosen.dates, words)
        self._reader = RowReader(chosen.kind, self.table.labels, self.mapped, chosen.source, cells)

    def read(self) -> Iterator[GoodRow | BadRow | RepeatedRow]:
        """Every row of the file; to be called once, since a row's id depends on those before it."""
        return (self._reader.read(line) for line in self.table.rows())

    def refused(self, rows: Iterable[tuple[GoodRow, RowRefusal]]) -> list[BadRow]:
        """Rows the graph refused, as the error file has them."""
        return [self._reader.refused(row, refusal) for row, refusal in rows]
