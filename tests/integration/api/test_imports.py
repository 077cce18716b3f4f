"""Files over REST on real servers: previewed, carried out as the command line would, seen by their sender alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from graph.database import GraphDatabase
from importing.error_file import error_file_of
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import until
from tests.equality import equal_everywhere
from tests.imports import counts, imported
from tests.load.imports import generate

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings, stack: StackSession) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def sent(client: httpx.AsyncClient, path: Path, **options: Any) -> dict[str, Any]:
    files = {"file": (path.name, path.read_bytes(), "text/csv")}
    answer = await client.post("/v1/imports", files=files, data={"options": json.dumps(options)}, headers=key())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def started(client: httpx.AsyncClient, import_id: str) -> None:
    answer = await client.post(f"/v1/imports/{import_id}/start", headers=key())
    assert (answer.status_code, answer.json()["status"]) == (202, "Running"), answer.text


async def ended(client: httpx.AsyncClient, import_id: str, limit: float = 60.0) -> dict[str, Any]:
    """The import once it is over and all it wrote can be found."""
    told: dict[str, Any] = {}

    async def over() -> bool:
        told.update((await client.get(f"/v1/imports/{import_id}")).raise_for_status().json())
        progress = told.get("progress", {})
        return told["status"] in {"Done", "Failed"} and progress.get("searchable") == progress.get("toBeFound")

    await until(over, limit)
    return told


def rows_of(told: dict[str, Any]) -> tuple[int, int, int]:
    rows = told["progress"]["rows"]
    return rows["written"], rows["same"], rows["refused"]


async def test_a_file_is_mended_by_other_options_carried_out_and_told_as_the_command_line_tells_it(
    machine: httpx.AsyncClient, alice: httpx.AsyncClient, graph: GraphDatabase, tmp_path: Path
) -> None:
    mark, path = uuid4().hex[:8], tmp_path / "thanks.csv"
    path.write_text(
        "Nr;Boss;To;Message;On\n"
        f"1;g{mark}@x.test;r{mark}@x.test;First {mark};02/03/2026\n"
        f"2;g{mark}@x.test;r{mark}@x.test;Second {mark};2026-03-02\n"
        f"2;g{mark}@x.test;r{mark}@x.test;Second {mark};2026-03-02\n"
        f"3;g{mark}@x.test;g{mark}@x.test;To oneself {mark};2026-03-02\n"
        f"4;g{mark}@x.test;;To nobody {mark};2026-03-02\n",
        "utf-8",
    )
    mapping = {"giver": ["Boss"], "externalId": ["Nr"], "occurredAt": ["On"]}
    made = await sent(machine, path, kind="recognitions", source=mark, mapping=mapping)
    preview = made["preview"]
    assert (preview["rows"], preview["good"], preview["repeated"], preview["refused"]) == (5, 2, 1, 3)
    assert (preview["asked"], preview["new"]) == (1, 1)
    assert preview["codes"] == {"valueInvalid": 1, "selfRecognition": 1, "valueMissing": 1}
    address = f"/v1/imports/{made['id']}"
    changed = (await machine.patch(address, json={"dates": "day-first"})).json()
    assert (changed["preview"]["good"], changed["preview"]["refused"]) == (3, 2)

    for method, where in (("GET", ""), ("GET", "/errors"), ("PATCH", ""), ("POST", "/start"), ("DELETE", "")):
        body: dict[str, Any] | None = {} if method == "PATCH" else None
        answer = await alice.request(method, f"{address}{where}", json=body, headers=key())
        assert answer.status_code in {403, 404}, answer.text
    assert made["id"] not in (await alice.get("/v1/imports")).text

    await started(machine, made["id"])
    told = await ended(machine, made["id"])
    assert (told["status"], rows_of(told), told["progress"]["toBeFound"]) == ("Done", (2, 1, 2), 2)
    assert (await machine.patch(address, json={})).json()["code"] == "importBegun"
    events = await graph.read(
        "MATCH (r:Recognition)-[:RECORDED_BY]->(e:Event) WHERE r.content ENDS WITH $mark RETURN e.actor AS actor",
        mark=mark,
    )
    assert [str(one["actor"]) for one in events] == [(await machine.get("/v1/me")).json()["identityId"]] * 2

    options = ("--source", mark, "--map", "giver=Boss", "--map", "externalId=Nr", "--map", "occurredAt=On")
    code, said = await imported("recognitions", str(path), *options, "--dates", "day-first")
    assert (code, counts(said)) == (1, (0, 3, 2)), said
    errors = await machine.get(f"{address}/errors")
    assert errors.content == error_file_of(path).read_bytes()
    assert (await machine.delete(address)).status_code == 204
    assert (await machine.get(address)).status_code == 404


async def test_tensions_bring_their_comments_and_each_is_counted(machine: httpx.AsyncClient, tmp_path: Path) -> None:
    mark, path = uuid4().hex[:8], tmp_path / "issues.csv"
    comment = f"2026-03-02T09:00:00Z;c{mark};It is the bearing"
    path.write_text(f'Issue key,Summary,Reporter,Comment\nA-1,Loud pump {mark},g{mark}@x.test,"{comment}"\n', "utf-8")
    made = await sent(machine, path, kind="tensions", source=mark)
    assert made["preview"]["besides"] == 1
    await started(machine, made["id"])
    told = await ended(machine, made["id"])
    assert rows_of(told) == (1, 0, 0)
    assert told["progress"]["besides"] == {"kind": "comments", "total": 1, "written": 1, "same": 0, "refused": 0}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["recognitions", "people"])
async def test_an_import_whose_worker_is_killed_goes_on_and_counts_every_row_once(
    tree: Settings,
    graph: GraphDatabase,
    stack: StackSession,
    machine: httpx.AsyncClient,
    tmp_path: Path,
    kind: str,
) -> None:
    mark, path, rows = uuid4().hex[:8], tmp_path / "many.csv", 800
    if kind == "recognitions":
        generate(path, rows, seed=uuid4().int % 10**9)
    else:
        lines = [f"{mark}-{number},Person {number} {mark},p{number}@{mark}.test" for number in range(rows)]
        path.write_text("\n".join(["Id,Name,Email", *lines]), "utf-8")
    made = await sent(machine, path, kind=kind, source=mark)
    query = "MATCH (e:Event) WHERE e.workflowId STARTS WITH 'import/' RETURN count(e) AS n"
    before = (await graph.read(query))[0]["n"]
    await started(machine, made["id"])

    async def under_way() -> bool:
        told = (await machine.get(f"/v1/imports/{made['id']}")).json()
        return bool(told.get("progress", {}).get("rows", {}).get("written", 0) > 0)

    await until(under_way)
    restarts = stack.kill("agents")
    assert (await graph.read(query))[0]["n"] < before + rows, "it was over before it was killed"
    await asyncio.to_thread(stack.wait_restarted, "agents", restarts)
    told = await ended(machine, made["id"], limit=300.0)
    assert (told["status"], rows_of(told)) == ("Done", (rows, 0, 0))
    assert (await graph.read(query))[0]["n"] == before + rows
    await equal_everywhere(tree)
