"""Imports on real servers: bad rows stop no good ones, and a killed import is gone on with, nothing lost or doubled."""

import asyncio
import csv
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from events.log import read_topic
from graph.database import GraphDatabase
from importing.error_file import error_file_of
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import until
from tests.equality import equal_everywhere
from tests.imports import counts, imported, started
from tests.load.imports import generate

pytestmark = pytest.mark.servers

_OF_FILE = "MATCH (r:Recognition) WHERE r.content ENDS WITH $mark RETURN count(r) AS n, count(DISTINCT r.id) AS ids"


@pytest.fixture
async def graph(tree: Settings, stack: StackSession) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


def table(path: Path, rows: list[list[str]], delimiter: str = ",") -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return str(path)


def errors_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with error_file_of(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


async def ambiguous_name(machine: httpx.AsyncClient) -> str:
    """A name that two people have."""
    name = f"Kim Tran {uuid4().hex[:8]}"
    for _ in range(2):
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        body = {"fullName": name, "email": f"{uuid4().hex}@x.test"}
        assert (await machine.post("/v1/people", json=body, headers=headers)).status_code == 201
    return name


async def test_bad_rows_are_told_and_stop_no_good_ones(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient, tmp_path: Path
) -> None:
    name, mark, path = await ambiguous_name(machine), uuid4().hex[:8], tmp_path / "praise.csv"
    person, task = f"{mark}@x.test", str(uuid4())
    file = table(
        path,
        [
            ["From", "To", "Message", "Task", "Date"],
            [f"An <{person}>", "b@x.test; c@x.test", f"good {mark}", "", "2026-03-01"],
            [person, name, "ambiguous", "", ""],
            [person, "", "to nobody", "", ""],
            [person, person, "to oneself", "", ""],
            [person, f"An <{person.upper()}>", "to oneself, otherwise written", "", ""],
            [person, "@nobody.knows", "for a task nobody knows", task, ""],
            [person, "b@x.test", "not a date", "", "soon"],
            [person, "b@x.test"],
            ["An", "b@x.test", f"known by a name only this file brings {mark}", "", ""],
        ],
    )
    options = ("recognitions", file, "--map", "taskId=Task", "--source", mark)
    _, said = await imported(*options, "--preview")
    assert "9 rows: 2 good, 7 refused" in said, said
    assert (await graph.read(_OF_FILE, mark=mark))[0]["n"] == 0

    code, said = await imported(*options)
    assert (code, counts(said)) == (1, (2, 0, 7)), said
    found = {(row["trm:line"], row["trm:column"], row["trm:code"]) for row in errors_of(path)}
    assert found == {
        ("3", "To", "nameRefused"),
        ("4", "To", "valueMissing"),
        ("5", "To", "selfRecognition"),
        ("6", "To", "selfRecognition"),
        ("7", "Task", "referenceUnknown"),
        ("8", "Date", "valueInvalid"),
        ("9", "Message", "valueMissing"),
    }
    assert f"{name}" in next(row["trm:message"] for row in errors_of(path) if row["trm:code"] == "nameRefused")
    made = await graph.read("MATCH (p:Person {handle: 'nobody.knows'}) RETURN p.id AS id")
    assert made == [], "a refused row left somebody behind"
    assert counts((await imported(*options))[1]) == (0, 2, 7)

    corrected = errors_of(path)[0] | {"To": "b@x.test"}
    mended = table(tmp_path / "mended.csv", [[*corrected], [*corrected.values()]])
    code, said = await imported("recognitions", mended, "--map", "taskId=Task", "--source", mark)
    assert (code, counts(said)) == (0, (1, 0, 0)), said


async def test_rows_have_events_facts_and_vectors_like_single_ones(
    tree: Settings, graph: GraphDatabase, tmp_path: Path
) -> None:
    mark = uuid4().hex[:8]
    rows = [["Id", "Sender", "Receivers", "Comment", "Tags", "Project", "Visibility", "Date"]]
    rows += [
        [f"{mark}{n}", "@an", "@bo;@cy", f"text {n} {mark}", "care|joy", "Calm", "parties", "2026-03-01"]
        for n in range(5)
    ]
    assert counts((await imported("recognitions", table(tmp_path / "file.csv", rows, ";")))[1]) == (5, 0, 0)
    query = (
        "MATCH (r:Recognition)-[:RECORDED_BY]->(e:Event) WHERE r.content ENDS WITH $mark "
        "RETURN r.id AS id, e.id AS event, e.workflowId AS run, e.type AS type, r.visibility AS visibility"
    )
    written = await graph.read(query, mark=mark)
    assert len({row["event"] for row in written}) == 5
    assert {row["run"].partition("/")[0] for row in written} == {"import"}
    events = {row["event"] for row in written}
    published = []
    async for record in read_topic(tree.events, tree.events.recognitions_topic):
        if dict(record.headers)["ce_id"].decode() in events:
            published.append(record)
    assert len(published) == 5
    assert b'"parties"' in published[0].value
    await equal_everywhere(tree)


async def test_who_does_not_wait_finds_the_rows_a_little_later(alice: httpx.AsyncClient, tmp_path: Path) -> None:
    word = f"w{uuid4().hex[:8]}"
    rows = [["Sender", "Receivers", "Comment"], ["@an", "@bo", f"thanks {word}"]]
    code, said = await imported("recognitions", table(tmp_path / "one.csv", rows), "--no-wait")
    assert (code, counts(said)) == (0, (1, 0, 0))
    assert "searchable" not in said

    async def found() -> bool:
        return word in str((await alice.get("/v1/search", params={"q": word})).json()["hits"])

    await until(found)


@pytest.mark.long
async def test_a_killed_import_goes_on_and_nothing_is_lost_or_doubled(
    tree: Settings, graph: GraphDatabase, stack: StackSession, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    rows = 600
    generate(path, rows, seed=uuid4().int % 10**9)
    query = "MATCH (e:Event) WHERE e.workflowId STARTS WITH 'import/' RETURN count(e) AS n"
    before = (await graph.read(query))[0]["n"]
    process = await started("recognitions", str(path), "--batch", "40")

    async def under_way() -> bool:  # more than the three batches that are in flight at once: some are done
        return bool((await graph.read(query))[0]["n"] > before + 240)

    await until(under_way)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    restarts = stack.kill("agents")
    assert (await graph.read(query))[0]["n"] < before + rows, "it was over before it was killed"
    again = await started("recognitions", str(path), "--batch", "40")
    await asyncio.to_thread(stack.wait_restarted, "agents", restarts)
    output, _ = await again.communicate()
    written, same, refused = counts(" ".join(output.decode().split()))
    assert (written + same, refused) == (rows, 0)
    assert same > 0, "what was written before was written again"
    assert (await graph.read(query))[0]["n"] == before + rows
    assert counts((await imported("recognitions", str(path), "--batch", "150"))[1]) == (0, rows, 0)
    await equal_everywhere(tree)


async def test_people_are_recorded_and_fill_in_those_known_by_reference(
    graph: GraphDatabase, machine: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark, path = uuid4().hex[:8], tmp_path / "people.csv"
    known = f"known{mark}@x.test"
    body = {"receivers": [{"email": known}], "content": "Thank you", "giver": {"handle": f"g{mark}"}}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await machine.post("/v1/recognitions", json=body, headers=headers)).status_code == 201
    header = ["Employee ID", "Name", "E-mail", "Username", "Job title", "Also known as"]
    file = table(
        path,
        [
            header,
            [f"{mark}-1", f"Kiều {mark}", known, "", "Engineer", "Ki; Kiki"],
            [f"{mark}-2", "Twice", f"new{mark}@x.test", f"u{mark}", "", ""],
            [f"{mark}-3", "Same address", f"new{mark}@x.test", "", "", ""],
            [f"{mark}-4", "Same name for a login", "", f"u{mark}", "", ""],
            [f"{mark}-2", "Twice", f"new{mark}@x.test", f"u{mark}", "", ""],
            [f"{mark}-2", "Said otherwise", "", "", "", ""],
        ],
    )
    code, said = await imported("people", file)
    assert (code, counts(said)) == (1, (2, 1, 3)), said
    assert {(row["trm:line"], row["trm:column"], row["trm:code"]) for row in errors_of(path)} == {
        ("4", "E-mail", "personExists"),
        ("5", "Username", "personExists"),
        ("7", "Employee ID", "idRepeated"),
    }
    query = (
        "MATCH (p:Person {email: $email}) "
        "RETURN p.provisional AS provisional, p.fullName AS name, p.role AS role, p.aliases AS aliases, "
        "COUNT { (:Person {mergedInto: p.id}) } AS pointers"
    )
    [person] = await graph.read(query, email=known)
    assert person == {
        "provisional": False,
        "name": f"Kiều {mark}",
        "role": "Engineer",
        "aliases": ["Ki", "Kiki"],
        "pointers": 1,
    }
    assert counts((await imported("people", file))[1]) == (0, 3, 3)


async def test_what_an_office_sends_stands_in_the_graph_as_it_was_meant(graph: GraphDatabase, tmp_path: Path) -> None:
    mark, path = uuid4().hex[:8], tmp_path / "staff.csv"
    rows = [
        "Họ và tên đệm;Tên;Email;Chức vụ",
        f"Nguyễn Thị Minh;Khai;<khai{mark}@x.test>;Kế toán",
        f"Đỗ Mỹ;Ngà;nga{mark}@x.test\u200b",
        f'Lê Thị;Khai;le{mark}@x.test;"Thủ kho',
        f"Trần;Hưng;mailto:hung{mark}@x.test;=1+1",
    ]
    path.write_bytes("\r\n".join(rows).encode("utf-16-le"))
    code, said = await imported("people", str(path))
    assert (code, counts(said)) == (1, (3, 0, 1)), said
    [refused] = errors_of(path, ";")
    assert (refused["trm:line"], refused["trm:code"]) == ("4", "rowUnreadable")
    code, said = await imported("people", str(error_file_of(path)))
    assert (code, counts(said)) == (0, (1, 0, 0)), said
    query = "MATCH (p:Person) WHERE p.email CONTAINS $mark RETURN p.fullName AS name, p.email AS email, p.role AS role"
    assert sorted([row["email"], row["name"], row["role"]] for row in await graph.read(query, mark=mark)) == [
        [f"hung{mark}@x.test", "Trần Hưng", "=1+1"],
        [f"khai{mark}@x.test", "Nguyễn Thị Minh Khai", "Kế toán"],
        [f"le{mark}@x.test", "Lê Thị Khai", "Thủ kho"],
        [f"nga{mark}@x.test", "Đỗ Mỹ Ngà", "Member"],
    ]


async def test_rows_that_were_refused_are_tried_again(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    name = f"Late Comer {uuid4().hex[:8]}"
    file = table(
        tmp_path / "f.csv", [["From", "To", "Message"], ["@an", name, f"Welcome {name}"], ["@an", "@bo", name]]
    )
    assert counts((await imported("recognitions", file))[1]) == (1, 0, 1)
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await machine.post("/v1/people", json={"fullName": name}, headers=headers)).status_code == 201
    code, said = await imported("recognitions", file)
    assert (code, counts(said)) == (0, (1, 1, 0)), said
    assert not error_file_of(tmp_path / "f.csv").exists()


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("", (), "fileRefused"),
        ("From,To\nan,mai\n", (), "mappingRefused"),
        ("From,To,Message\na,b,c\n", ("--map", "giver=Boss"), "mappingRefused"),
        ("From,To,Message\na,b,c\n", ("--time-zone", "Middle/Earth"), "mappingRefused"),
    ],
)
async def test_a_file_that_is_not_understood_gets_a_plain_answer(
    stack: StackSession, tmp_path: Path, content: str, options: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    code, output = await imported("recognitions", str(path), *options)
    wanted = 2 if options else 1
    assert (code, said in output, "Traceback" in output) == (wanted, True, False), output


async def test_the_next_months_staff_list_changes_people_and_keeps_what_was(
    machine: httpx.AsyncClient, alice: httpx.AsyncClient, tmp_path: Path
) -> None:
    tag = uuid4().hex[:8]
    heads = ["Employee ID", "Name", "Email", "Title"]
    an, binh = f"an.{tag}@hr.test", f"binh.{tag}@hr.test"
    may = [heads, [f"1-{tag}", f"Vo An {tag}", an, "Junior"], [f"2-{tag}", f"Le Binh {tag}", binh, "Planner"]]
    moved = f"binh.{tag}@newname.test"
    june = [
        heads,
        [f"1-{tag}", f"Vo An {tag}", an, "Engineer"],
        [f"2-{tag}", f"Le Binh {tag}", moved, "Planner"],
        [f"3-{tag}", f"Do Chi {tag}", f"chi.{tag}@newname.test", "Trainee"],
    ]
    may_file, june_file = table(tmp_path / "may.csv", may), table(tmp_path / "june.csv", june)
    assert counts((await imported("people", may_file))[1]) == (2, 0, 0)
    code, said = await imported("people", june_file, "--preview")
    assert (code, "3 good, 0 refused" in said) == (0, True), said
    assert counts((await imported("people", june_file))[1]) == (3, 0, 0)
    assert counts((await imported("people", june_file))[1]) == (0, 3, 0), "a repetition changes nothing"

    found = (await machine.get("/v1/people", params={"name": tag})).json()["items"]
    people = {one["fullName"].removesuffix(f" {tag}"): one for one in found}
    assert {name: (one["role"], one["rev"]) for name, one in people.items()} == {
        "Vo An": ("Engineer", 2),
        "Le Binh": ("Planner", 2),
        "Do Chi": ("Trainee", 1),
    }
    past = (await machine.get(f"/v1/people/{people['Vo An']['id']}/history")).json()["items"]
    assert [one["properties"].get("role") for one in past] == ["Engineer", "Junior"]
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"email": binh}], "content": "To her old address"}
    given = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()
    assert given["receivers"][0]["id"] == people["Le Binh"]["id"]
    assert counts((await imported("people", may_file))[1]) == (2, 0, 0), "the list that was imported last counts"


async def test_a_staff_list_takes_no_address_that_is_somebody_elses(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    tag = uuid4().hex[:8]
    rows = [["ID", "Name", "Email"], [f"1-{tag}", f"One {tag}", f"1{tag}@hr.test"], [f"2-{tag}", f"Two {tag}", ""]]
    assert counts((await imported("people", table(tmp_path / "a.csv", rows)))[1]) == (2, 0, 0)
    rows[2][2] = rows[1][2]
    code, said = await imported("people", table(tmp_path / "b.csv", rows))
    assert (code, counts(said)) == (1, (0, 1, 1)), said
    assert errors_of(tmp_path / "b.csv")[0]["Email"] == f"1{tag}@hr.test"
