"""Headers as offices have them: one name twice, names in parts, lists over columns; and advice that can be followed."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from importing.cells import CellReader, zone_of
from importing.columns import map_columns
from importing.errors import MappingRefusedError
from importing.kinds import ImportKind, import_kind
from importing.rows import BadRow, GoodRow, RowReader
from importing.table import CsvTable, labels_of

PEOPLE, RECOGNITIONS = import_kind("people"), import_kind("recognitions")


def said(folder: Path, text: str, kind: ImportKind = PEOPLE, told: dict[str, list[str]] | None = None) -> list[Any]:
    """What each row says."""
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    table = CsvTable(path)
    mapped = map_columns(kind, table.header, told or {})
    reader = RowReader(kind, table.labels, mapped, "csv", CellReader(zone_of("UTC")))
    rows = [reader.read(line) for line in table.rows()]
    return [row.row.content if isinstance(row, GoodRow) else row for row in rows]


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        (["Name", "Email", "Phone", "Email"], ["Name", "Email#1", "Phone", "Email#2"]),
        (["Email", "Email", "Email#1"], ["Email#2", "Email#3", "Email#1"]),
        (["Name", "", ""], ["Name", "#1", "#2"]),
        (["Name", "name"], ["Name", "name"]),
    ],
)
def test_every_column_has_a_name_of_its_own(header: list[str], labels: list[str]) -> None:
    assert labels_of(header) == labels


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("End date", "2026-06-30"),
        ("LEFT ON", "30/Jun/26"),
        ("Leaving Date", "2026-06-30T00:00:00Z"),
        ("Ngày nghỉ việc", "2026/06/30"),
        ("ngay thoi viec", "30 June 2026"),
        ("leftAt", "2026-06-30 00:00"),
    ],
)
def test_a_staff_list_says_who_left(tmp_path: Path, column: str, cell: str) -> None:
    rows = said(tmp_path, f"Name,{column}\nVo An,{cell}\nLe Binh,\n")
    assert rows == [{"fullName": "Vo An", "leftAt": "2026-06-30T00:00:00Z"}, {"fullName": "Le Binh"}]


@pytest.mark.parametrize("column", ["Kind", "Account type", "Loại tài khoản"])
def test_a_staff_list_says_who_is_an_agent(tmp_path: Path, column: str) -> None:
    rows = said(tmp_path, f"Name,{column}\nBuild Bot,Agent\nLe Binh,\n")
    assert rows == [{"fullName": "Build Bot", "kind": "agent"}, {"fullName": "Le Binh"}]
    [refused] = said(tmp_path, f"Name,{column}\nBuild Bot,robot\n")
    assert isinstance(refused, BadRow)
    assert refused.message == "'robot' is none of human, agent; write one of them"


def advice(names: list[str], told: dict[str, list[str]]) -> str | None:
    """The mapping a refusal advises; None when nothing is refused."""
    try:
        map_columns(PEOPLE, names, told)
    except MappingRefusedError as error:
        return str(error).partition("--map ")[2].partition(", or leave it out")[0]
    return None


@pytest.mark.parametrize(
    "header",
    [
        "Employee ID,Name,Email,Phone,Email",
        "Name,Work email,Mail",
        "Name,Email,Email,Email address",
        "Name,Email,Username,Login",
    ],
)
def test_what_the_refusal_of_a_doubtful_header_advises_works(tmp_path: Path, header: str) -> None:
    names, told = header.split(","), dict[str, list[str]]()
    for _ in names:
        if (advised := advice(names, told)) is None:
            break
        target, _, column = shlex.split(advised)[0].partition("=")
        told[target] = [column]
    mapped = map_columns(PEOPLE, names, told)
    assert told
    assert all(labels_of(names)[mapped[target][0]] == column for target, [column] in told.items())


def test_either_of_two_columns_of_one_name_can_be_taken(tmp_path: Path) -> None:
    text = "Name,Email,Email\nVo An,an@work.example,an@home.example\n"
    [work] = said(tmp_path, text, told={"email": ["Email#1"]})
    [home] = said(tmp_path, text, told={"email": ["Email#2"]})
    assert (work["email"], home["email"]) == ("an@work.example", "an@home.example")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "STT;Mã nhân viên;Họ và tên đệm;Tên;Email\n"
            "1;NV1;Nguyễn Thị Minh;Khai;a@x.example\n3;NV3;Lê Thị;Khai;b@x.example\n",
            ["Nguyễn Thị Minh Khai", "Lê Thị Khai"],
        ),
        ("username,firstname,lastname,email\nmai.do,Mai,Đỗ,mai@x.example\n", ["Mai Đỗ"]),
        ("Họ,Tên đệm,Tên\nTrần,Quốc,Hưng\nLê,,An\n", ["Trần Quốc Hưng", "Lê An"]),
        ("Surname,Given name,Middle name\nDoe,Jane,Q.\n", ["Jane Q. Doe"]),
        ("Nachname;Vorname\nMüller;Jörg\n", ["Jörg Müller"]),
        ("Name;Vorname\nMüller;Jörg\n", ["Jörg Müller"]),
        ("Nom;Prénom\nDupont;Zoé\n", ["Zoé Dupont"]),
        ("Apellidos,Nombre\nGarcía Lorca,Federico\n", ["Federico García Lorca"]),
        ("姓,名\n王,小明\n", ["王小明"]),
        ("Display name,First name,Last name\nDr. Jane Doe,Jane,Doe\n", ["Dr. Jane Doe"]),
        ("Tên,Email\nKhai,a@x.example\n", ["Khai"]),
    ],
)
def test_a_name_in_parts_is_one_name_in_the_order_of_its_language(tmp_path: Path, text: str, names: list[str]) -> None:
    assert [row["fullName"] for row in said(tmp_path, text)] == names


def test_one_part_of_a_name_is_no_name_unless_it_is_said(tmp_path: Path) -> None:
    text = "First name,Email\nJane,jane@x.example\n"
    with pytest.raises(MappingRefusedError, match="fullName"):
        said(tmp_path, text)
    assert said(tmp_path, text, told={"fullName": ["First name"]}) == [{"fullName": "Jane", "email": "jane@x.example"}]


def test_parts_of_a_givers_name_are_joined_too(tmp_path: Path) -> None:
    text = "From first name,From last name,From email,To,Message\nMai,Đỗ,mai@x.example,b@x.example,Thanks\n"
    [row] = said(tmp_path, text, RECOGNITIONS)
    assert row["giver"] == {"email": "mai@x.example", "fullName": "Mai Đỗ"}


@pytest.mark.parametrize(
    ("kind", "text", "told", "expected"),
    [
        (PEOPLE, "A,B\nĐỗ,Mai\n", {"fullName": ["A", "B"]}, {"fullName": "Đỗ Mai"}),
        (PEOPLE, "A,B\nĐỗ,Mai\n", {"fullName": ["B", "A"]}, {"fullName": "Mai Đỗ"}),
        (
            RECOGNITIONS,
            "From,To,A,B,D,T\na@x.example,b@x.example,One,Two,2026-02-02,09:15\n",
            {"content": ["A", "B"], "occurredAt": ["D", "T"]},
            {"content": "One\nTwo", "occurredAt": "2026-02-02T09:15:00Z"},
        ),
        (
            RECOGNITIONS,
            "From,X,Y,Message\na@x.example,b@x.example,@chi\n".replace("@chi", "@chi,Hi"),
            {"receivers": ["X", "Y"]},
            {"receivers": [{"email": "b@x.example"}, {"handle": "chi"}]},
        ),
    ],
)
def test_columns_of_one_field_join_in_the_order_in_which_they_are_said(
    tmp_path: Path, kind: ImportKind, text: str, told: dict[str, list[str]], expected: dict[str, object]
) -> None:
    [row] = said(tmp_path, text, kind, told)
    assert row | expected == row


def test_a_field_of_one_value_takes_one_column(tmp_path: Path) -> None:
    with pytest.raises(MappingRefusedError, match="one column"):
        said(tmp_path, "Name,A,B\nAn,a@x.example,b@x.example\n", told={"email": ["A", "B"]})


def test_a_column_repeated_for_each_value_is_one_list(tmp_path: Path) -> None:
    text = "From,To,To,Message,Labels,Values,Values,Values\na@x.example,b@x.example,c@x.example,Hi,x,care,,joy\n"
    [row] = said(tmp_path, text, RECOGNITIONS)
    assert row["values"] == ["care", "joy"]
    assert row["receivers"] == [{"email": "b@x.example"}, {"email": "c@x.example"}]


def followed(kind: ImportKind, header: list[str], told: dict[str, list[str]]) -> dict[str, tuple[int, ...]]:
    """The mapping once every advice is followed."""
    for _ in header:
        try:
            return map_columns(kind, header, told)
        except MappingRefusedError as error:
            said = shlex.split(str(error).partition("as --map ")[2].partition(", or leave")[0])
        told = {**told, said[0].partition("=")[0]: [one.partition("=")[2] for one in said if one != "--map"]}
    return map_columns(kind, header, told)


@pytest.mark.parametrize(
    ("header", "told", "names", "addresses"),
    [
        (["First name", "First name", "Last name", "Email"], {}, (0, 2), (3,)),
        (["First name", "Middle name", "Last name", "Last name"], {}, (0, 1, 2), ()),
        (["Họ", "Họ", "Tên đệm", "Tên"], {}, (0, 2, 3), ()),
        (["Name", "First name", "First name", "Last name"], {}, (0,), ()),
        (["Name", "A", "B"], {"email": ["A", "B"]}, (0,), (1,)),
        (["Name", "A b", "B c"], {"email": ["A b", "B c"]}, (0,), (1,)),
    ],
)
def test_whoever_follows_the_advice_loses_neither_name_nor_address(
    header: list[str], told: dict[str, list[str]], names: tuple[int, ...], addresses: tuple[int, ...]
) -> None:
    found = followed(PEOPLE, header, told)
    assert (found["fullName"], found.get("email", ())) == (names, addresses)


def test_a_required_field_is_never_advised_to_be_left_out() -> None:
    with pytest.raises(MappingRefusedError, match=r"--map content=Message$"):
        map_columns(RECOGNITIONS, ["From", "To", "Message", "Comment"], {})
    with pytest.raises(MappingRefusedError, match=r"or leave it out: --map email=$"):
        map_columns(PEOPLE, ["Name", "Work email", "Mail"], {})
