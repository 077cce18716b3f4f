"""Names in two or three columns: which headings make a name together, and in which order a language says its parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class NameColumns:
    """Headings of one language, each by several names.

    Parameters
    ----------
    first, last
        Of the columns that stand at the beginning and at the end of a name.
    middle
        Of a column between them, which may be missing.
    """

    first: tuple[str, ...]
    last: tuple[str, ...]
    middle: tuple[str, ...] = ()


LANGUAGES = (
    NameColumns(
        ("first name", "given name", "given names", "forename", "first", "fname"),
        ("last name", "surname", "family name", "last", "lname"),
        ("middle name", "middle names", "middle initial", "middle"),
    ),
    NameColumns(
        ("họ", "họ đệm", "họ và đệm", "họ và tên đệm", "họ tên đệm", "họ lót", "họ và tên lót", "họ và chữ lót"),
        ("tên", "tên gọi", "tên riêng", "tên chính"),
        ("đệm", "tên đệm", "tên lót", "chữ lót", "chữ đệm"),
    ),
    NameColumns(("vorname", "rufname"), ("nachname", "familienname", "zuname"), ("zweiter vorname",)),
    NameColumns(("vorname",), ("name",)),
    NameColumns(("prénom", "prénoms"), ("nom", "nom de famille")),
    NameColumns(("nombre", "nombres"), ("apellido", "apellidos"), ("segundo nombre",)),
    NameColumns(("nome", "primeiro nome"), ("sobrenome", "apelido", "cognome")),
    NameColumns(("voornaam",), ("achternaam", "familienaam"), ("tussenvoegsel", "voorvoegsel")),
    NameColumns(("imię", "imiona"), ("nazwisko",), ("drugie imię",)),
    NameColumns(("jméno", "křestní jméno"), ("příjmení",)),
    NameColumns(("förnamn", "fornavn", "etunimi"), ("efternamn", "etternavn", "efternavn", "sukunimi")),
    NameColumns(("имя",), ("фамилия",), ("отчество",)),
    NameColumns(("vezetéknév", "családnév"), ("keresztnév", "utónév")),
    NameColumns(("姓", "姓氏", "성"), ("名", "名字", "이름")),
)
"""Every language's own order; in Vietnamese, Hungarian, Chinese, Japanese and Korean the family comes first."""


def parts_of(names: Sequence[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Headings of the first, middle and last part of a name.

    Parameters
    ----------
    names
        What may stand before such a heading, as ``giver`` does in ``giver first name``; empty for nothing.
    """
    for language in LANGUAGES:
        yield (
            [f"{name} {part}".strip() for name in names for part in language.first],
            [f"{name} {part}".strip() for name in names for part in language.middle],
            [f"{name} {part}".strip() for name in names for part in language.last],
        )


def joined_name(parts: Sequence[str]) -> str:
    """One name of its parts, empty ones left out; parts of Chinese characters alone have no blank between them."""
    said = [part for part in parts if part]
    return ("" if all(_HAN.fullmatch(part) for part in said) else " ").join(said)
