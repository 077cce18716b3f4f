"""Changes at the gateway: which revisions an If-Match header means, and what each decision of a run is answered."""

import subprocess
import sys

import httpx
import pytest

from api.changes import if_match
from api.problems import ProblemError
from api.schemas import PersonPatchDTO
from ontology.commands import Change
from runtime.errors import UnavailableError
from runtime.runs import RunRefusedError
from tests.unit.api.worlds import World


@pytest.mark.parametrize(
    ("header", "revisions"),
    [
        ('"3.0a1b"', [3]),
        ('"3.0a1b", "4.ffff"', [3, 4]),
        ('"elsewhere", "4.ffff"', [4]),
        (" * ", []),
        ('W/"2.ab","5.cd"', [5]),
    ],
)
def test_tags_of_ours_say_revisions(header: str, revisions: list[int]) -> None:
    assert if_match(header) == revisions


@pytest.mark.parametrize("header", ["", "3", 'W/"3.0a1b"', '"3"', '"99999999999999999.ab"'])
def test_without_a_tag_of_ours_no_revision_fits(header: str) -> None:
    assert if_match(header) == [0]


def test_without_the_header_it_is_asked_for() -> None:
    with pytest.raises(ProblemError) as refused:
        if_match(None)
    assert refused.value.problem_code == "preconditionRequired"


def test_a_patch_tells_what_is_taken_away_from_what_is_left_out() -> None:
    said = PersonPatchDTO.model_validate({"email": None, "role": "Cook"})
    assert said.model_dump(mode="json", exclude_unset=True) == {"email": None, "role": "Cook"}
    assert PersonPatchDTO().model_dump(mode="json", exclude_unset=True) == {}
    with pytest.raises(ValueError, match="fullName"):
        PersonPatchDTO.model_validate({"fullName": None})


async def changed(world: World, client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    thing = world.graph.add_person()
    sent = {"Idempotency-Key": "one", "If-Match": '"1.ab"', **headers}
    return await client.patch(f"/v1/people/{thing}", json={"role": "Cook"}, headers=sent)


async def test_a_change_that_is_decided_in_time_is_answered_with_the_thing(
    world: World, client: httpx.AsyncClient
) -> None:
    world.runs.written = True
    answer = await changed(world, client)
    assert (answer.status_code, answer.json()["fullName"]) == (200, "Bob")
    [command] = world.runs.commands
    assert isinstance(command, Change)
    assert (command.label, command.revisions, command.values) == ("Person", [1], {"role": "Cook"})


async def test_one_that_takes_longer_is_accepted(world: World, client: httpx.AsyncClient) -> None:
    answer = await changed(world, client, Prefer="wait=0")
    assert (answer.status_code, answer.json()["writeStatus"]) == (202, "pending")
    assert answer.headers["Location"] == f"/v1/people/{answer.json()['id']}"


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        ("notFound", 404, "notFound"),
        ("personExists", 409, "personExists"),
        ("illegalTransition", 409, "illegalTransition"),
        ("revisionStale", 412, "revisionStale"),
        ("refused", 422, "refused"),
        ("graphUnavailable", 422, "failed"),
        ("a code of a later version", 422, "failed"),
    ],
)
async def test_what_the_run_decided_against_it_is_the_answer(
    world: World, client: httpx.AsyncClient, reason: str, status: int, code: str
) -> None:
    world.runs.refusing = RunRefusedError(reason, "why", "/role")
    answer = await changed(world, client)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert (problem["detail"], problem["errors"][0]["pointer"]) == ("why", "/role")


async def test_one_key_asks_for_one_change(world: World, client: httpx.AsyncClient) -> None:
    thing, headers = world.graph.add_person(), {"Idempotency-Key": "one", "If-Match": "*", "Prefer": "wait=0"}
    first = await client.patch(f"/v1/people/{thing}", json={"role": "Cook"}, headers=headers)
    again = await client.patch(f"/v1/people/{thing}", json={"role": "Cook"}, headers={**headers, "If-Match": '"7.a"'})
    other = await client.patch(f"/v1/people/{thing}", json={"role": "Baker"}, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyConflict")


async def test_while_runs_are_away_a_change_is_to_be_sent_again(world: World, client: httpx.AsyncClient) -> None:
    world.runs.failing = UnavailableError("away")
    answer = await changed(world, client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_the_gateway_loads_neither_activities_nor_what_sends_events() -> None:
    loaded = "import sys, api.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "temporalio" in done.stdout.split()
    assert not {"activities", "confluent_kafka"} & set(done.stdout.split())
