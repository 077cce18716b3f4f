"""The sample: whole, of every kind, in both languages; and sent twice it is the same requests."""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.seed.posting import Posting, SeedError
from cli.seed.sample import (
    FOUNDER,
    endings,
    people,
    projects,
    recognitions,
    resolutions,
    sample,
    tasks,
    tensions,
    thanks,
)
from ontology.enums import ProjectStatus, TensionKind, TensionStatus, Visibility
from ontology.events import RecognitionCreated, TensionReported
from ontology.kinds.project import ProjectProposed
from ontology.kinds.task import TaskPlanned
from ontology.lifecycles import LIFECYCLES

ORGANISATION = sample()
TENSIONS = ORGANISATION["tensions"]
STORIES = ORGANISATION["stories"]
EVERYBODY = {"": "m", "alice": "a", "bob": "b", FOUNDER: "o"}
HANDLES = {person["handle"] for person in ORGANISATION["people"]}


def test_there_are_twenty_tensions_of_every_kind_in_both_languages() -> None:
    assert len(TENSIONS) == 20
    assert {said["kind"] for said in TENSIONS} == set(TensionKind)
    assert Counter(said["language"] for said in TENSIONS) == {"vi": 10, "en": 10}
    assert [said.get("visibility") for said in TENSIONS].count(Visibility.PARTIES) == 1
    assert len({said["title"] for said in TENSIONS}) == 20
    for wanted in tensions(ORGANISATION):
        TensionReported.model_validate(wanted.body)


def test_they_name_people_and_projects_of_the_sample_alone() -> None:
    for said in TENSIONS:
        named = [said["detector"], said.get("owner", said["detector"])]
        named += [*said.get("affectedPeople", []), *said.get("visibleTo", [])]
        named += [author for author, _ in said.get("comments", [])]
        assert set(named) <= HANDLES, said["title"]
        assert all(project < len(ORGANISATION["projects"]) for project in said.get("affectedProjects", []))


def test_their_states_follow_the_lifecycle() -> None:
    lifecycle = LIFECYCLES["Tension"]
    reached = set()
    for said in TENSIONS:
        state = lifecycle.initial
        for to, reason in said.get("moves", []):
            assert (to in lifecycle.allowed(state), bool(reason)) == (True, True), said["title"]
            state = TensionStatus(to)
        reached.add(state)
    assert reached == {TensionStatus.OPEN, TensionStatus.UNDER_REVIEW, TensionStatus.ACCEPTED}


def test_there_are_eight_projects_in_both_languages_one_of_which_waits_for_its_approval() -> None:
    assert Counter(said["language"] for said in STORIES) == {"vi": 4, "en": 4}
    assert len(STORIES) == len(ORGANISATION["projects"])
    lifecycle, reached = LIFECYCLES["Project"], []
    for said in STORIES:
        state = ProjectStatus.PLANNING if said.get("moves") else ProjectStatus.PROPOSAL
        for to, reason in said.get("moves", []):
            assert (to in lifecycle.allowed(state), bool(reason)) == (True, True), said["goal"]
            state = ProjectStatus(to)
        assert state != ProjectStatus.COMPLETED or {task["state"] for task in said["tasks"]} == {"Done"}
        reached.append(state)
    assert Counter(reached) == {"Completed": 3, "Active": 3, "OnHold": 1, "Proposal": 1}
    for wanted in projects(ORGANISATION):
        ProjectProposed.model_validate(wanted.body)


def test_a_project_is_carried_out_by_who_takes_part_and_resolves_what_was_accepted() -> None:
    for number, said in enumerate(STORIES):
        taking_part = {handle for handle, _ in said.get("participants", [])}
        assert {said["proposer"], *taking_part} <= HANDLES
        for one in tasks(ORGANISATION, number, str(uuid4())):
            owner = TaskPlanned.model_validate(one.body).owner
            assert owner is not None
            assert owner.handle in taking_part
        for tension in said["resolves"]:
            assert TENSIONS[tension]["moves"][-1][0] == TensionStatus.ACCEPTED
            assert number in TENSIONS[tension].get("affectedProjects", [number])
        ids = [str(uuid4())] * 20
        for one in thanks(ORGANISATION, number, ids, ids):
            said_of = RecognitionCreated.model_validate(one.body)
            assert {said_of.giver.handle, *(who.handle for who in said_of.receivers)} <= HANDLES


def test_every_key_is_used_once() -> None:
    known = [str(number) for number in range(20)]
    own = [
        one
        for number in range(len(STORIES))
        for one in (*tasks(ORGANISATION, number, "p"), *thanks(ORGANISATION, number, known, known))
    ]
    wanted = [
        *people(ORGANISATION),
        *recognitions(ORGANISATION),
        *tensions(ORGANISATION),
        *projects(ORGANISATION),
        *own,
    ]
    steps = [step for one in wanted for some in one.steps for step in some]
    for number in range(len(STORIES)):
        steps += [*resolutions(ORGANISATION, number, known), *endings(ORGANISATION, number)]
    keys = Counter([one.key for one in wanted] + [step.key for step in steps])
    assert [key for key, times in keys.items() if times > 1] == []


class Gateway:
    """Answers as the API does, and keeps what it was sent."""

    def __init__(self, refused: str = "", code: str = "illegalTransition") -> None:
        self.seen: list[tuple[str, str, str, str, Any]] = []
        self._refused, self._code = refused, code

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path == "/v1/wins":
            thanked = {"part": "collaboration", "evidence": ["thanks"]}
            win = {"status": "UnderReview", "inputs": [thanked], "approval": request.url.params["projectId"]}
            decided = any(path == f"/v1/approvals/{win['approval']}/decision" for _, path, *_ in self.seen)
            return httpx.Response(200, json={"items": [{**win, "status": "Published"} if decided else win]})
        if request.method == "GET":
            return httpx.Response(200, json={"status": "Planning", "items": []})
        key = request.headers["Idempotency-Key"]
        sent = (request.method, request.url.path, key, request.headers["Authorization"], json.loads(request.content))
        self.seen.append(sent)
        if key == self._refused:
            return httpx.Response(409, json={"code": self._code})
        return httpx.Response(201, json={"id": key.replace("/", "-")})


async def posted(gateway: Gateway, tokens: dict[str, str]) -> list[str]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway), base_url="http://gateway.test") as web:
        return await Posting(web, tokens).tensions(ORGANISATION, lambda *_: None)


async def test_posting_twice_sends_the_same_requests() -> None:
    first, second, everybody = Gateway(), Gateway(), {"": "m", "alice": "a", "bob": "b"}
    assert await posted(first, everybody) == await posted(second, everybody)
    assert sorted(map(str, first.seen)) == sorted(map(str, second.seen))
    assert {token for *_, path, _, token, _ in first.seen if path.endswith("/support")} == {"Bearer a", "Bearer b"}


async def test_a_tension_is_reported_before_it_is_owned_supported_and_moved() -> None:
    gateway = Gateway()
    await posted(gateway, {"": "m", "alice": "a", "bob": "b"})
    paths = [path.rpartition("/")[2] for _, path, key, *_ in gateway.seen if f"{key}/".startswith("seed/tension/0/")]
    assert (paths[0], paths[-2:]) == ("tensions", ["transitions"] * 2)
    assert sorted(paths[1:-2]) == ["comments", "comments", "seed-tension-0", "support", "support"]


async def test_nobody_supports_where_the_issuer_does_not_know_them() -> None:
    gateway = Gateway()
    assert len(await posted(gateway, {"": "m"})) == 20
    assert [path for _, path, *_ in gateway.seen if path.endswith("/support")] == []


async def test_a_refused_step_says_which_and_why() -> None:
    with pytest.raises(SeedError, match=r"seed/tension/1/UnderReview.*illegalTransition"):
        await posted(Gateway("seed/tension/1/UnderReview"), {"": "m"})


async def worked(gateway: Gateway, tokens: dict[str, str]) -> tuple[list[str], list[str]]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway), base_url="http://gateway.test") as web:
        posting = Posting(web, tokens)
        made = await posting.projects(ORGANISATION, lambda *_: None)
        known = [f"tension-{number}" for number in range(20)]
        return made, await posting.work(ORGANISATION, made, known, lambda *_: None)


async def test_a_project_is_worked_on_before_it_ends_and_thanked_for_after() -> None:
    gateway = Gateway()
    made, work = await worked(gateway, EVERYBODY)
    assert len(made) == 8
    assert len(work) == sum(len(said.get("tasks", [])) + len(said.get("thanks", [])) for said in STORIES)
    keys = [key.removeprefix("seed/project/0/") for _, _, key, *_ in gateway.seen if key.startswith("seed/project/0/")]
    assert keys.index("participant/lan.hoang") == keys.index("Active") - 1, "its manager comes last"
    assert keys.index("tension/9") < keys.index("Active") < keys.index("task/0") < keys.index("task/2/Done")
    assert keys.index("task/2/Done") < keys.index("Completed") < keys.index("thanks/0")
    [said] = [body for _, path, key, _, body in gateway.seen if key == "seed/project/0/thanks/0"]
    assert (said["taskId"], said["tensionId"]) == ("seed-project-0-task-1", "tension-9")


async def test_what_projects_were_worth_is_approved_but_for_the_last() -> None:
    gateway = Gateway()
    await worked(gateway, EVERYBODY)
    decided = {key for _, path, key, *_ in gateway.seen if path.endswith("/decision")}
    assert decided == {"seed/project/0/win", "seed/project/3/win"}
    keys = [key for _, _, key, *_ in gateway.seen]
    assert keys.index("seed/project/0/thanks/0") < keys.index("seed/project/0/win")


async def test_a_project_of_another_is_left_as_it_is() -> None:
    gateway = Gateway("seed/project/3", "projectExists")
    made, _ = await worked(gateway, EVERYBODY)
    assert made[3] == ""
    assert [key for _, _, key, *_ in gateway.seen if key.startswith("seed/project/3/")] == []


async def test_nobody_approves_where_the_issuer_does_not_know_the_founder() -> None:
    gateway = Gateway()
    made, work = await worked(gateway, {"": "m"})
    assert (len(made), work, len(gateway.seen)) == (8, [], 8)
