"""Whom a bare name fits."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from graph.errors import NameRefusedError
from graph.names import Names
from runtime.text import fold


def person(number: int, name: str, *aliases: str, handle: str = "") -> dict[str, Any]:
    known = {"id": str(UUID(int=number)), "fullName": name, "foldedName": fold(name), "aliases": list(aliases)}
    return {**known, "handle": handle} if handle else known


ANH, ANH_TOO, HOA = person(1, "Nguyễn Văn Anh"), person(2, "Nguyễn Văn Ánh"), person(3, "Lê Thị Hoà")
THAO = person(4, "Thảo Lê", "Thảo Bee", handle="thao.le29")
EVERYBODY = Names([ANH, ANH_TOO, HOA], [THAO])


@pytest.mark.parametrize(
    ("name", "known", "wanted"),
    [
        ("nguyễn văn ANH", EVERYBODY, ANH),
        ("Nguyễn Văn Ánh", EVERYBODY, ANH_TOO),
        ("Lê Thị Hòa", EVERYBODY, HOA),
        ("le thi hoa", EVERYBODY, HOA),
        ("Nguyen Van Anh", Names([ANH]), ANH),
        ("Thảo Bee", EVERYBODY, THAO),
        ("thao bee", EVERYBODY, THAO),
        ("thao.le29", EVERYBODY, THAO),
        ("Thảo Bee", Names([ANH], [THAO]), THAO),
    ],
)
def test_a_name_means_the_one_it_fits_best(name: str, known: Names, wanted: dict[str, Any]) -> None:
    assert known.one(name, None) == wanted


@pytest.mark.parametrize(
    ("name", "known", "candidates"),
    [
        ("Nguyễn Văn Ánh", Names([ANH]), [ANH]),
        ("Nguyen Văn Anh", Names([ANH]), [ANH]),
        ("Nguyen Van Anh", EVERYBODY, [ANH, ANH_TOO]),
        ("Thảo Bẹe", Names([], [THAO]), [THAO]),
        ("Nobody", EVERYBODY, []),
        ("Nguyễn Văn Anh", Names([ANH, person(9, "Nguyễn Văn Anh")]), [ANH, person(9, "Nguyễn Văn Anh")]),
    ],
)
def test_who_has_other_accents_is_asked_about_and_never_chosen(
    name: str, known: Names, candidates: list[dict[str, Any]]
) -> None:
    with pytest.raises(NameRefusedError) as refused:
        known.one(name, "/receivers/0/name")
    assert [str(one.id) for one in refused.value.candidates] == [one["id"] for one in candidates]
    assert refused.value.pointer == "/receivers/0/name"


@pytest.mark.parametrize(
    ("name", "known", "wanted"),
    [
        ("Nguyễn Văn Ánh", EVERYBODY, [ANH_TOO]),
        ("Nguyen Van Anh", EVERYBODY, [ANH, ANH_TOO]),
        ("Nguyễn Văn Ánh", Names([ANH]), [ANH]),
        ("thao bee", EVERYBODY, [THAO]),
        ("Nobody", EVERYBODY, []),
    ],
)
def test_everybody_whom_a_name_may_mean_fits_it(name: str, known: Names, wanted: list[dict[str, Any]]) -> None:
    assert known.fitting(name) == wanted


NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def gone(number: int, name: str, *aliases: str, minutes: int = 0) -> dict[str, Any]:
    return {**person(number, name, *aliases), "leftAt": NOON - timedelta(minutes=minutes)}


@pytest.mark.parametrize(
    ("name", "people", "others", "wanted"),
    [
        ("Nguyễn Văn Anh", [gone(8, "Nguyễn Văn Anh"), ANH], [], ANH),
        ("Nguyễn Văn Anh", [gone(8, "Nguyễn Văn Anh")], [], gone(8, "Nguyễn Văn Anh")),
        ("Nguyễn Văn Anh", [gone(8, "Nguyễn Văn Anh"), ANH_TOO], [], gone(8, "Nguyễn Văn Anh")),
        ("Thảo Bee", [gone(8, "Thảo Bee")], [THAO], THAO),
        ("Thảo Bee", [], [gone(8, "X", "Thảo Bee"), THAO], THAO),
        ("Thảo Bee", [], [gone(8, "X", "Thảo Bee")], gone(8, "X", "Thảo Bee")),
        ("Thảo Bee", [gone(8, "Thảo Bee", minutes=-1), gone(9, "Thảo Bee")], [], gone(8, "Thảo Bee", minutes=-1)),
    ],
)
def test_who_left_is_meant_only_where_nobody_fits_who_is_there(
    name: str, people: list[dict[str, Any]], others: list[dict[str, Any]], wanted: dict[str, Any]
) -> None:
    assert Names(people, others, NOON).one(name, None) == wanted


def test_accents_that_fit_who_left_and_letters_that_fit_who_is_there_are_asked_about() -> None:
    with pytest.raises(NameRefusedError) as refused:
        Names([gone(8, "Nguyen Van Anh"), ANH], [], NOON).one("nguyen van anh", None)
    assert [one.id for one in refused.value.candidates] == [UUID(int=1), UUID(int=8)]


def test_of_several_who_left_none_is_chosen() -> None:
    left = [gone(8, "Nguyễn Văn Anh"), gone(9, "Nguyễn Văn Anh", minutes=5)]
    with pytest.raises(NameRefusedError) as refused:
        Names([*left, ANH_TOO], [], NOON).one("Nguyễn Văn Anh", None)
    assert [one.id for one in refused.value.candidates] == [UUID(int=8), UUID(int=9)]
    assert Names(left, [], NOON).lacking(["Nguyễn Văn Anh"]) == ["Nguyễn Văn Anh"], "aliases are looked up too"


def test_a_name_has_a_persons_name_before_anothers_alias() -> None:
    other = person(5, "Somebody Else", "Nguyễn Văn Anh")
    assert Names([ANH], [other]).one("Nguyễn Văn Anh", None) == ANH
    assert Names([ANH]).lacking(["Nguyễn Văn Anh", "Nguyễn Văn Ánh"]) == ["Nguyễn Văn Ánh"]
    assert Names([ANH], [person(6, "X", "Nguyễn Văn Ánh")]).one("Nguyễn Văn Ánh", None)["fullName"] == "X"


def test_what_leads_to_somebody_from_before_is_looked_up_last() -> None:
    led = {**person(5, "Sam Sole", "Nick"), "formerly": ["Don Dupe", "hd.x"]}
    assert Names(former=[led]).one("don dupe", None) == led
    assert Names(former=[led]).one("hd.x", None) == led
    namesake, nicknamed = person(6, "Don Dupe"), person(7, "Y", "hd.x")
    assert Names([namesake], former=[led]).one("Don Dupe", None) == namesake
    assert Names(others=[nicknamed], former=[led]).one("hd.x", None) == nicknamed
