"""From cells to rows: people, dates, words, ids that repeat themselves, and what is wrong, in the user's columns."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.cells import CellReader, CellRefusedError, reference_of, zone_of
from importing.columns import fields_of, map_columns
from importing.errors import MappingRefusedError
from importing.kinds import import_kind
from importing.quoting import Line
from importing.rows import BadRow, GoodRow, RepeatedRow, RowReader
from ontology.references import PersonRef

HEADER = ["Id", "From", "To", "Message", "Values", "Type", "Visibility", "Project", "Date", "taskId"]
RECOGNITIONS = import_kind("recognitions")
FIELDS = fields_of(RECOGNITIONS.content)
ID = "0b5a4b7e-9a3c-4d0e-8f1c-2f6f0e9c1d11"


def reader(source: str = "csv", zone: str = "UTC", separator: str = "") -> RowReader:
    cells = CellReader(zone_of(zone), separator)
    return RowReader(RECOGNITIONS, HEADER, map_columns(RECOGNITIONS, HEADER, {}), source, cells)


def line(number: int = 2, /, **said: str) -> Line:
    standing = {"From": "an@x.test", "To": "mai@x.test", "Message": "Thank you"} | said
    return Line(number, [standing.get(name, "") for name in HEADER])


def good(row: GoodRow | BadRow | RepeatedRow) -> GoodRow:
    assert isinstance(row, GoodRow), row
    return row


def bad(row: GoodRow | BadRow | RepeatedRow) -> BadRow:
    assert isinstance(row, BadRow), row
    return row


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("an@x.test", {"email": "an@x.test"}),
        ("An Vũ <an@x.test>", {"email": "an@x.test", "fullName": "An Vũ"}),
        ("<an@x.test>", {"email": "an@x.test"}),
        ("@an.vu", {"handle": "an.vu"}),
        (ID, {"id": ID}),
        ("An Vũ", {"name": "An Vũ"}),
        ("an.vu", {"name": "an.vu"}),
    ],
)
def test_a_person_is_named_as_people_write_it(text: str, said: dict[str, str]) -> None:
    assert reference_of(text) == said


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_any_text_names_somebody_in_exactly_one_way(text: str) -> None:
    said = reference_of(text)
    assert len({"id", "email", "handle", "name"} & set(said)) == 1


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("a@x.test; b@x.test", 2),
        ("a@x.test|b@x.test|", 2),
        ("a@x.test\nb@x.test", 2),
        ("a@x.test, @bob", 2),
        ("Doe, Jane", 1),
        ("Doe, Jane; Roe, Rick", 2),
    ],
)
def test_several_people_may_stand_in_a_cell(cell: str, count: int) -> None:
    assert len(CellReader(UTC).read(FIELDS["receivers"], {"": cell})) == count


def test_a_separator_of_ones_own_is_the_only_one() -> None:
    cells = CellReader(UTC, " + ")
    assert cells.read(FIELDS["values"], {"": "a, b + c; d"}) == ["a, b", "c; d"]


def test_names_beside_addresses_name_new_people() -> None:
    parts = {"email": "a@x.test; b@x.test", "name": "An; Bình"}
    read = CellReader(UTC).read(FIELDS["receivers"], parts)
    assert read == [{"email": "a@x.test", "fullName": "An"}, {"email": "b@x.test", "fullName": "Bình"}]
    with pytest.raises(CellRefusedError):
        CellReader(UTC).read(FIELDS["receivers"], {**parts, "name": "An"})


@given(
    st.fixed_dictionaries(
        {},
        optional={
            part: st.just(text)
            for part, text in {"": "somebody", "id": ID, "email": "an@x.test", "handle": "@an", "name": "An Vũ"}.items()
        },
    ).filter(bool)
)
def test_any_parts_of_a_person_make_one_reference(parts: dict[str, str]) -> None:
    PersonRef.model_validate(CellReader(UTC).read(FIELDS["giver"], parts))


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-01", "2026-02-28T17:00:00Z"),
        ("2026-03-01T09:00", "2026-03-01T02:00:00Z"),
        ("2026-03-01 09:00:05.5", "2026-03-01T02:00:05.500000Z"),
        ("2026-03-01T09:00Z", "2026-03-01T09:00:00Z"),
        ("2026-03-01 09:00 +0200", "2026-03-01T07:00:00Z"),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "+07:00"])
def test_dates_are_iso_and_take_the_default_zone(cell: str, moment: str, zone: str) -> None:
    assert good(reader(zone=zone).read(line(Date=cell))).row.content["occurredAt"] == moment


@pytest.mark.parametrize("cell", ["03/01/2026", "2026-02-30", "yesterday", "1767225600", "0001-01-01", "9999-12-31"])
def test_other_dates_are_refused(cell: str) -> None:
    row = bad(reader().read(line(Date=cell)))
    assert (row.column, row.code) == ("Date", "valueInvalid")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York", "+14:00"])
@pytest.mark.parametrize("cell", ["0001-01-01", "9999-12-31 23:59"])
def test_a_refused_date_is_shown_as_it_stands_in_the_file(cell: str, zone: str) -> None:
    row = bad(reader(zone=zone).read(line(Date=cell)))
    assert row.message == f"'{cell}' is no moment: a moment lies in the years 2 to 9998"


def test_a_date_before_there_were_zones_has_the_suns_time() -> None:
    content = good(reader(zone="Asia/Ho_Chi_Minh").read(line(Date="1850-01-01"))).row.content
    assert content["occurredAt"] == "1849-12-31T16:53:30Z"


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(MappingRefusedError):
        zone_of("Middle/Earth")


def test_a_row_says_what_a_request_would() -> None:
    row = good(
        reader().read(
            line(To="@mai; An <an2@x.test>", Values="care, courage", Type="skill demonstration", Project="Calm")
        )
    )
    assert row.row.content == {
        "giver": {"email": "an@x.test"},
        "receivers": [{"handle": "mai"}, {"email": "an2@x.test", "fullName": "An"}],
        "content": "Thank you",
        "type": "SkillDemonstration",
        "values": ["care", "courage"],
        "project": {"name": "Calm"},
    }


@pytest.mark.parametrize(
    ("said", "column", "code"),
    [
        ({"Message": " "}, "Message", "valueMissing"),
        ({"From": ""}, "From", "valueMissing"),
        ({"From": "bob@"}, "From", "valueInvalid"),
        ({"To": "mai@x.test; @"}, "To", "valueInvalid"),
        ({"Type": "Magic"}, "Type", "valueInvalid"),
        ({"taskId": "17"}, "taskId", "valueInvalid"),
        ({"Message": "x" * 10_001}, "Message", "valueInvalid"),
        ({"To": "an@x.test"}, "To", "selfRecognition"),
        ({"From": "@an", "To": "mai@x.test;@AN"}, "To", "selfRecognition"),
        ({"From": "", "Message": ""}, "From, Message", "valueMissing"),
    ],
)
def test_what_is_wrong_is_said_in_the_users_columns(said: dict[str, str], column: str, code: str) -> None:
    row = bad(reader().read(line(**said)))
    assert (row.column, row.code) == (column, code)
    assert row.message


def ids_of(read: RowReader, lines: Sequence[Line]) -> list[UUID]:
    return [good(read.read(one)).row.id for one in lines]


def test_rows_without_an_id_repeat_themselves_by_what_they_say_and_how_often() -> None:
    same = [line(2), line(3, Message="Other"), line(4), line(5, **{"From": " AN@x.test "})]
    first = ids_of(reader(), same)
    assert len(set(first)) == 4
    assert ids_of(reader(), same) == first
    assert ids_of(reader(), [same[1], same[0], same[2], same[3]]) == [first[1], first[0], first[2], first[3]]
    assert set(ids_of(reader("elsewhere"), same)).isdisjoint(first)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12), st.data())
def test_the_set_of_ids_does_not_depend_on_the_order_of_rows(texts: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(texts))
    one = ids_of(reader(), [line(n, Message=text) for n, text in enumerate(texts, 2)])
    other = ids_of(reader(), [line(n, Message=text) for n, text in enumerate(shuffled, 2)])
    assert set(one) == set(other)
    assert len(set(one)) == len(texts)


def test_an_external_id_names_one_thing_per_source() -> None:
    read = reader()
    first = good(read.read(line(2, Id="7")))
    assert isinstance(read.read(line(3, Id="7")), RepeatedRow)
    other = bad(read.read(line(4, Id="7", Message="Other")))
    assert (other.column, other.code) == ("Id", "idRepeated")
    assert "line 2" in other.message
    assert good(reader().read(line(9, Id="7", Message="Other"))).row.id == first.row.id
    assert good(reader("elsewhere").read(line(2, Id="7"))).row.id != first.row.id


@given(st.dictionaries(st.sampled_from(HEADER), st.text(max_size=30)))
def test_no_cells_break_the_reader(said: dict[str, str]) -> None:
    row = reader().read(line(**said))
    if isinstance(row, GoodRow):
        again = RECOGNITIONS.content.model_validate(row.row.content)
        assert again.model_dump(mode="json", exclude_unset=True) == row.row.content
