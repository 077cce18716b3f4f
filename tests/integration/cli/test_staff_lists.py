"""The next month's staff list over the last one's: who stands is changed, nobody is made twice, what was is kept."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from runtime.settings import Settings
from tests.people import import_answer, import_people, listed, reached

pytestmark = pytest.mark.servers


async def person(*arguments: str) -> int:
    """Exit code of ``trm person …``."""
    command = (sys.executable, "-m", "cli", "person", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    return await process.wait()


async def read(machine: httpx.AsyncClient, person: str) -> dict[str, Any]:
    return dict((await machine.get(f"/v1/people/{person}")).raise_for_status().json())


async def said_of(machine: httpx.AsyncClient, person: str, name: str) -> list[Any]:
    """Every value a property had, the newest first."""
    answer = (await machine.get(f"/v1/people/{person}/history", params={"limit": "100"})).raise_for_status()
    return [one["properties"][name] for one in answer.json()["items"] if name in one["properties"]]


async def test_junes_list_renews_whom_mays_recorded(tree: Settings, machine: httpx.AsyncClient, tmp_path: Path) -> None:
    mark, head = uuid4().hex[:8], "Employee ID,Name,Email,Title"
    may = [
        f"E-1117{mark},Vo An {mark},an.vo{mark}@hr11.example,Junior engineer",
        f"E-1118{mark},Le Thi Binh {mark},binh.le{mark}@hr11.example,Planner",
    ]
    june = [
        f"E-1117{mark},Vo An {mark},an.vo{mark}@hr11.example,Engineer",
        f"E-1118{mark},Le Thi Binh {mark},binh.le{mark}@newname11.example,Planner",
        f"E-1119{mark},Do Chi {mark},chi.do{mark}@newname11.example,Trainee",
    ]
    assert await import_people(tmp_path, head, *may) == 0
    an = await reached(machine, {"email": f"an.vo{mark}@hr11.example"})
    binh = await reached(machine, {"email": f"binh.le{mark}@hr11.example"})
    assert await import_people(tmp_path, head, *june) == 0
    chi = await reached(machine, {"email": f"chi.do{mark}@newname11.example"})
    assert await listed(machine, mark) == {an, binh, chi}
    assert (await read(machine, an))["role"] == "Engineer"
    assert (await read(machine, binh))["email"] == f"binh.le{mark}@newname11.example"
    for address in ("hr11", "newname11"):
        assert await reached(machine, {"email": f"binh.le{mark}@{address}.example"}) == binh
    assert await said_of(machine, an, "role") == ["Engineer", "Junior engineer"]
    stood = [await read(machine, one) for one in (an, binh, chi)]
    assert await import_people(tmp_path, head, *june) == 0
    assert [await read(machine, one) for one in (an, binh, chi)] == stood, "it says nothing new"
    assert await import_people(tmp_path, head, *may) == 0
    assert (await read(machine, an))["role"] == "Junior engineer", "the list that was imported last counts"
    assert await said_of(machine, an, "role") == ["Junior engineer", "Engineer", "Junior engineer"]
    assert (await read(machine, chi)) == stood[2], "who is missing from a list has not left by that"
    async with GraphDatabase(tree.graph) as graph:
        assert await violations(graph) == []


@pytest.mark.parametrize("later", ["Employee ID,Name,Email", "Employee ID,Name,Email,Title"])
async def test_a_list_that_says_no_title_takes_none_away(
    machine: httpx.AsyncClient, tmp_path: Path, later: str
) -> None:
    mark, head = uuid4().hex[:8], "Employee ID,Name,Email,Title,Username,Aliases,Kind,End date"
    [a, b] = (f"{name}{mark}@hr11.example" for name in "ab")
    told = f"E1{mark},An Vo {mark},{a},Engineer,an{mark},Nick {mark},agent,2099-01-01"
    assert await import_people(tmp_path, head, told) == 0
    an = await reached(machine, {"email": a})
    stood = await read(machine, an)
    assert (stood["role"], stood["kind"], stood["aliases"]) == ("Engineer", "agent", [f"Nick {mark}"])
    empty = "," if later.endswith("Title") else ""
    rows = [f"E1{mark},An Vo {mark},{a}{empty}", f"E2{mark},Binh Le {mark},{b}{empty}"]
    assert await import_people(tmp_path, later, *rows) == 0
    assert await read(machine, an) == stood, "what is not said stays"
    assert (await read(machine, await reached(machine, {"email": b})))["role"] == "Member", "so does everyone begin"


async def test_a_vietnamese_list_that_says_who_left(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    mark, head = uuid4().hex[:8], "Mã nhân viên;Họ và tên;Email;Chức vụ;Ngày nghỉ việc"
    name = f"Trần Thị Ánh {mark}"
    assert (
        await import_people(
            tmp_path,
            head,
            f"NV1{mark};{name};anh1{mark}@hr11.example;Kế toán;",
            f"NV2{mark};{name};anh2{mark}@hr11.example;Thủ kho;",
        )
        == 0
    )
    stays = await reached(machine, {"email": f"anh1{mark}@hr11.example"})
    leaves = await reached(machine, {"email": f"anh2{mark}@hr11.example"})
    assert stays != leaves
    assert (
        await import_people(
            tmp_path,
            head,
            f"NV1{mark};{name};anh1{mark}@hr11.example;Kế toán trưởng;",
            f"NV2{mark};{name};anh2{mark}@hr11.example;Thủ kho;2026-05-31",
        )
        == 0
    )
    assert (await read(machine, leaves))["leftAt"] == "2026-05-31T00:00:00Z"
    assert (await read(machine, stays))["role"] == "Kế toán trưởng"
    assert await listed(machine, mark) == {stays}
    assert await listed(machine, mark, left="true") == {stays, leaves}
    assert await reached(machine, {"name": name}) == stays
    assert await reached(machine, {"email": f"anh2{mark}@hr11.example"}) == leaves


async def test_an_address_that_passes_to_who_comes_after(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    mark, head = uuid4().hex[:8], "Employee number,First name,Last name,Work email,Username,End date"
    desk = f"desk{mark}@hr11.example"
    assert await import_people(tmp_path, head, f"1{mark},An,Vo {mark},{desk},an{mark},") == 0
    an = await reached(machine, {"email": desk})
    moved = f"1{mark},An,Vo {mark},an{mark}@hr11.example,an.vo{mark},"
    assert await import_people(tmp_path, head, moved, f"2{mark},Binh,Le {mark},{desk},binh{mark},") == 0
    binh = await reached(machine, {"email": desk})
    assert binh != an, "an address is whose it is now"
    assert (await read(machine, an))["fullName"] == f"An Vo {mark}"
    for handle in (f"an{mark}", f"an.vo{mark}"):
        assert await reached(machine, {"handle": handle}) == an
    gone = f"1{mark},An,Vo {mark},an.vo{mark}@hr11.example,an.vo{mark},30 June 2026"
    assert await import_people(tmp_path, head, gone) == 0
    assert await listed(machine, mark) == {binh}, "who is missing from a list has not left by that"
    for address in (f"an{mark}@hr11.example", f"an.vo{mark}@hr11.example"):
        assert await reached(machine, {"email": address}) == an


@pytest.mark.parametrize("rows_at_once", [1, 50])
async def test_addresses_that_two_people_exchange(
    machine: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setenv("TRM_IMPORTS__BATCH_ROWS", str(rows_at_once))
    mark, head = uuid4().hex[:8], "Employee number,Name,Email,Username"
    [a, b, c, d] = (f"{name}{mark}@hr11.example" for name in "abcd")
    before = [
        f"1{mark},An Vo {mark},{a},an{mark}",
        f"2{mark},Binh Le {mark},{b},binh{mark}",
        f"3{mark},Chi Do {mark},{c},",
    ]
    assert await import_people(tmp_path, head, *before) == 0
    an, binh, chi = [await reached(machine, {"email": one}) for one in (a, b, c)]
    exchanged = [f"1{mark},An Vo {mark},{b},binh{mark}", f"2{mark},Binh Le {mark},{a},an{mark}"]
    if rows_at_once == 1:  # a chain: whoever takes stands before whoever gives
        exchanged = [f"1{mark},An Vo {mark},{b},", f"2{mark},Binh Le {mark},{c},", f"3{mark},Chi Do {mark},{d},"]
    assert await import_people(tmp_path, head, *exchanged) == 0
    found = [await reached(machine, {"email": one}) for one in (a, b, c, d)]
    assert found == ([an, an, binh, chi] if rows_at_once == 1 else [binh, an, chi, found[3]])


async def test_a_list_that_still_has_who_was_merged_changes_nobody_else(
    machine: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark, head = uuid4().hex[:8], "Employee ID,Name,Email,Title"
    [sole, dupe, late] = (f"{name}{mark}@hr11.example" for name in ("sole", "dupe", "late"))
    rows = [f"E1{mark},Sam Sole {mark},{sole},Engineer", f"E2{mark},Don Dupe {mark},{dupe},Intern"]
    assert await import_people(tmp_path, head, *rows) == 0
    sam, don = [await reached(machine, {"email": one}) for one in (sole, dupe)]
    assert await person("merge", don, sam, "--yes") == 0
    stood = await read(machine, sam)
    rows.append(f"E3{mark},Lan Late {mark},{late},Trainee")
    for _ in range(2):
        code, said = await import_answer(tmp_path, head, *rows)
        assert (code, "mergeRefused" in said, f"unmerge {don}" in said) == (1, True, True), said
        assert f"{don} leads to {sam}" in said, said
        assert await read(machine, sam) == stood, "who stayed is who they were"
    assert await listed(machine, mark) == {sam, await reached(machine, {"email": late})}, "other rows go on"
    told = [f"E1{mark},Sam Sole {mark},{sole},Lead", rows[2]]
    assert await import_people(tmp_path, head, *told) == 0
    assert (await read(machine, sam))["role"] == "Lead", "the survivor's own row counts"
    assert await person("unmerge", don) == 0
    assert await import_people(tmp_path, head, told[0], f"E2{mark},Don Dupe {mark},{dupe},Baker") == 0
    assert (await read(machine, don))["role"] == "Baker"


async def test_an_id_under_which_a_mention_was_filled_in_is_theirs_until_they_are_merged(
    machine: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark, head = uuid4().hex[:8], "Employee ID,Name,Email,Title"
    mentioned, other = f"ment{mark}@hr11.example", f"oth{mark}@hr11.example"
    known = await reached(machine, {"email": mentioned})
    rows = [f"E1{mark},Mai Ment {mark},{mentioned},Engineer", f"E2{mark},Otto Oth {mark},{other},Intern"]
    assert await import_people(tmp_path, head, *rows) == 0
    assert await import_people(tmp_path, head, rows[0].replace("Engineer", "Lead")) == 0
    assert (await read(machine, known))["role"] == "Lead"
    otto = await reached(machine, {"email": other})
    assert await person("merge", known, otto, "--yes") == 0
    stood = await read(machine, otto)
    code, said = await import_answer(tmp_path, head, *rows)
    assert (code, f"leads to {otto}" in said, f"unmerge {known}" in said) == (1, True, True), said
    assert await read(machine, otto) == stood
    assert await person("unmerge", known) == 0
    assert await import_people(tmp_path, head, *rows) == 0
    assert (await read(machine, known))["role"] == "Engineer"
