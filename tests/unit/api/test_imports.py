"""Files over REST: who may send and see them, what is told of them, and what becomes of each request's repetition."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from importing.error_file import error_file_of, write_errors
from importing.rows import BadRow
from importing.table import HeldFile
from importing.uploads import job_of
from ontology.file_imports import FileImportOptions, FileImportStatus, ImportFile
from tests.issuer import Issuer
from tests.unit.api.worlds import World

FILE = "From,To,Message,When\nan@x.test,bo@x.test,Thank you,2026-03-01\nan@x.test,,For nothing,\nan@x.test,@bo,Soon,x\n"


async def sent(client: httpx.AsyncClient, content: str | bytes = FILE, **said: Any) -> httpx.Response:
    key = said.pop("key", str(uuid4()))
    options = {"kind": "recognitions", **said}
    return await client.post(
        "/v1/imports",
        files={"file": ("folder/thanks.csv", content, "text/csv")},
        data={"options": json.dumps(options)},
        headers={"Idempotency-Key": key},
    )


async def begun(client: httpx.AsyncClient, import_id: str) -> httpx.Response:
    return await client.post(f"/v1/imports/{import_id}/start", headers={"Idempotency-Key": str(uuid4())})


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, code and the first pointer of what was refused."""
    body = answer.json()
    return answer.status_code, body["code"], body["errors"][0]["pointer"] if body["errors"] else ""


async def test_a_file_is_kept_with_what_its_import_would_do(client: httpx.AsyncClient, world: World) -> None:
    answer = await sent(client, mapping={"occurredAt": ["When"]})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/v1/imports/{made['id']}"
    assert (made["status"], made["name"], made["size"]) == ("Previewed", "thanks.csv", len(FILE))
    preview = made["preview"]
    assert preview["columns"] == [
        {"name": "From", "field": "giver"},
        {"name": "To", "field": "receivers"},
        {"name": "Message", "field": "content"},
        {"name": "When", "field": "occurredAt"},
    ]
    assert (preview["rows"], preview["good"], preview["refused"], preview["asked"]) == (3, 1, 2, 0)
    assert preview["first"][0]["content"]["giver"] == {"email": "an@x.test"}
    told = [(one["line"], one["column"], one["code"]) for one in preview["refusals"]]
    assert told == [(3, "To", "valueMissing"), (4, "When", "valueInvalid")]
    assert preview["codes"] == {"valueMissing": 1, "valueInvalid": 1}
    assert "externalId" in preview["missing"]
    assert "new" not in preview, "the graph is away"
    assert (await client.get(answer.headers["location"])).json() == made
    assert world.runs.commands == []


async def test_the_same_key_keeps_one_file_and_stands_for_it_alone(client: httpx.AsyncClient, world: World) -> None:
    first, again = await sent(client, key="k"), await sent(client, key="k")
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(world.files.held) == 1
    assert problem(await sent(client, FILE + "x,y,z,\n", key="k"))[:2] == (422, "idempotencyConflict")
    assert problem(await sent(client, key="k", source="hr"))[:2] == (422, "idempotencyConflict")


@pytest.mark.parametrize(
    ("content", "said", "expected"),
    [
        ("", {}, ("fileRefused", "/file")),
        ("From,To\nan,mai\n", {}, ("mappingRefused", "/options/mapping")),
        (FILE, {"mapping": {"giver": ["Boss"]}}, ("mappingRefused", "/options/mapping")),
        (FILE, {"timeZone": "Middle/Earth"}, ("mappingRefused", "/options/timeZone")),
        (FILE, {"delimiter": "ab"}, ("mappingRefused", "/options/delimiter")),
        (FILE, {"encoding": "klingon"}, ("usageRefused", "/options/encoding")),
        (FILE, {"kind": "winds"}, ("refused", "/options/kind")),
        (FILE, {"dates": "sometimes"}, ("invalidRequest", "/options/dates")),
        (FILE, {"wait": True}, ("invalidRequest", "/options/wait")),
    ],
)
async def test_what_is_not_understood_is_refused_with_a_code_and_a_place(
    client: httpx.AsyncClient, world: World, content: str, said: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problem(await sent(client, content, **said)) == (422, *expected)
    assert world.files.held == {}


async def test_what_is_no_form_is_refused(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k"}
    assert problem(await client.post("/v1/imports", json={}, headers=key))[:2] == (415, "mediaTypeUnsupported")
    files = {"file": ("a.csv", FILE)}
    assert problem(await client.post("/v1/imports", files=files, headers=key)) == (422, "invalidRequest", "/options")
    bad = await client.post("/v1/imports", files=files, data={"options": "{"}, headers=key)
    assert problem(bad)[:2] == (422, "invalidRequest")
    missing = await client.post("/v1/imports", data={"options": "{}"}, files={"x": b""}, headers=key)
    assert problem(missing)[:2] == (422, "invalidRequest")


async def test_a_file_may_be_larger_than_another_body_and_has_a_limit_of_its_own(world: World) -> None:
    rows = FILE + "an@x.test,bo@x.test,Thank you,2026-03-01\n" * 3000
    async with world.client() as client:
        assert len(rows) > world.settings.api.body_limit
        assert (await sent(client, rows)).status_code == 201
        most = world.settings.imports.file_bytes
        assert problem(await sent(client, b"x" * (most + 1)))[:2] == (413, "bodyTooLarge")
        assert problem(await sent(client, b"x" * (most + 100_000)))[:2] == (413, "bodyTooLarge")


async def test_other_options_are_previewed_until_it_begins(client: httpx.AsyncClient, world: World) -> None:
    made = (await sent(client, "Who,To,Message\nan@x.test,@bo,Hi\n", mapping={"giver": ["Who"]})).json()
    path = f"/v1/imports/{made['id']}"
    changed = await client.patch(path, json={"mapping": {"giver": ["To"], "receivers": ["Who"]}, "source": "hr"})
    assert changed.status_code == 200, changed.text
    assert changed.json()["options"]["source"] == "hr"
    assert changed.json()["preview"]["first"][0]["content"]["giver"] == {"handle": "bo"}
    refused = await client.patch(path, json={"mapping": {"giver": ["Boss"]}})
    assert problem(refused) == (422, "mappingRefused", "/mapping")
    assert (await client.get(path)).json()["options"]["mapping"] == {"giver": ["To"], "receivers": ["Who"]}
    assert (await client.patch(path, json={"source": None})).json()["options"]["source"] == "csv"
    assert problem(await client.patch(path, json={"source": ""})) == (422, "invalidRequest", "/source")
    assert (await begun(client, made["id"])).status_code == 202
    assert problem(await client.patch(path, json={"source": "hr"}))[:2] == (409, "importBegun")


async def test_it_is_started_once_in_the_name_of_who_starts_it(client: httpx.AsyncClient, world: World) -> None:
    made = (await sent(client)).json()
    for _ in range(2):
        answer = await begun(client, made["id"])
        assert (answer.status_code, answer.json()["status"]) == (202, "Running")
    [command] = world.runs.commands
    assert isinstance(command, ImportFile)
    assert (str(command.id), command.origin.caller.subject if command.origin.caller else "") == (made["id"], "u")
    world.files.stand(UUID(made["id"]), status=FileImportStatus.DONE)
    assert (await begun(client, made["id"])).json()["status"] == "Done"
    assert len(world.runs.commands) == 1


async def test_a_run_that_an_operator_ended_is_told_and_may_be_begun_again(
    client: httpx.AsyncClient, world: World
) -> None:
    made = (await sent(client)).json()
    await begun(client, made["id"])
    run = f"fileImport/{made['id']}"
    world.runs.runs[run] = replace(world.runs.runs[run], running=False, failed=True, reason_code="cancelled")
    told = (await client.get(f"/v1/imports/{made['id']}")).json()
    assert (told["status"], told["failure"]["code"]) == ("Failed", "cancelled")
    world.files.fail(UUID(made["id"]))
    told = (await client.get(f"/v1/imports/{made['id']}")).json()
    assert (told["status"], told["failure"]["code"]) == ("Failed", "batchEnded")


async def test_refused_rows_come_as_the_command_line_writes_them(client: httpx.AsyncClient, tmp_path: Any) -> None:
    made = (await sent(client, mapping={"occurredAt": ["When"]})).json()
    answer = await client.get(f"/v1/imports/{made['id']}/errors")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "thanks.errors.csv" in answer.headers["content-disposition"]
    options = FileImportOptions(kind="recognitions", mapping={"occurredAt": ["When"]}, time_zone="UTC")
    job = job_of(HeldFile("thanks.csv", FILE.encode()), options)
    target = error_file_of(tmp_path / "thanks.csv")
    write_errors(target, job.table, [row for row in job.read() if isinstance(row, BadRow)])
    assert answer.content == target.read_bytes()


async def test_imports_are_listed_by_pages_the_newest_first(client: httpx.AsyncClient) -> None:
    made = [(await sent(client, source=str(number))).json()["id"] for number in range(3)]
    first = (await client.get("/v1/imports", params={"limit": 2})).json()
    assert [one["id"] for one in first["items"]] == made[:0:-1]
    assert "preview" not in first["items"][0]
    last = (await client.get("/v1/imports", params={"limit": 2, "cursor": first["nextCursor"]})).json()
    assert [one["id"] for one in last["items"]] == made[:1]
    assert "nextCursor" not in last
    bad = await client.get("/v1/imports", params={"cursor": "x"})
    assert problem(bad) == (400, "cursorInvalid", "#query/cursor")


async def test_what_runs_is_not_deleted_and_what_does_not_is(client: httpx.AsyncClient, world: World) -> None:
    made = (await sent(client)).json()
    path = f"/v1/imports/{made['id']}"
    await begun(client, made["id"])
    assert problem(await client.delete(path))[:2] == (409, "importBegun")
    world.files.stand(UUID(made["id"]), status=FileImportStatus.DONE)
    assert (await client.delete(path)).status_code == 204
    assert problem(await client.get(path))[:2] == (404, "notFound")


async def test_nobody_else_finds_a_file_whatever_they_may(
    client: httpx.AsyncClient, world: World, issuer: Issuer
) -> None:
    made = (await sent(client)).json()
    everything = "rw_recognition rw_recognition_onbehalf rw_person rw_tension rw_run"
    async with world.client(issuer.token(sub="another", scope=everything)) as other:
        path = f"/v1/imports/{made['id']}"
        answers = [
            await other.get(path),
            await other.get(f"{path}/errors"),
            await other.patch(path, json={}),
            await other.delete(path),
            await begun(other, made["id"]),
        ]
        assert {problem(answer)[:2] for answer in answers} == {(404, "notFound")}
        assert (await other.get("/v1/imports")).json() == {"items": []}
    assert world.runs.commands == []


@pytest.mark.parametrize(
    ("scope", "kind", "missing"),
    [
        ("rw_recognition", "recognitions", "rw_recognition_onbehalf"),
        ("rw_recognition rw_recognition_onbehalf", "people", "rw_person"),
        ("rw_tension", "tensions", "rw_recognition_onbehalf"),
        ("rw_project", "tasks", "rw_recognition_onbehalf"),
        ("rw_person", "comments", "rw_tension"),
        ("r_person", "people", "rw_person"),
    ],
)
async def test_rows_are_imported_by_who_may_write_them_in_others_names(
    world: World, issuer: Issuer, scope: str, kind: str, missing: str
) -> None:
    async with world.client(issuer.token(scope=scope)) as client:
        answer = await sent(client, kind=kind)
        assert problem(answer)[:2] == (403, "insufficientScope")
        wanted = "scope=" if scope == "r_person" else f'scope="{missing}"'
        assert wanted in answer.headers["www-authenticate"]
    assert world.files.held == {}


async def test_who_lost_a_scope_starts_nothing(client: httpx.AsyncClient, world: World, issuer: Issuer) -> None:
    made = (await sent(client)).json()
    async with world.client(issuer.token(scope="rw_recognition")) as poorer:
        assert problem(await begun(poorer, made["id"]))[:2] == (403, "insufficientScope")
    assert world.runs.commands == []
