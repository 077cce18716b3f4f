"""The sample: whole, of every kind, in both languages; and sent twice it is the same requests."""

import json
from collections import Counter

import httpx
import pytest

from cli.seed.posting import Posting, SeedError
from cli.seed.sample import people, recognitions, sample, tensions
from ontology.enums import TensionKind, TensionStatus, Visibility
from ontology.events import TensionReported
from ontology.lifecycles import LIFECYCLES

ORGANISATION = sample()
TENSIONS = ORGANISATION["tensions"]
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


def test_every_key_is_used_once() -> None:
    wanted = [*people(ORGANISATION), *recognitions(ORGANISATION), *tensions(ORGANISATION)]
    keys = Counter([one.key for one in wanted] + [step.key for one in wanted for some in one.steps for step in some])
    assert [key for key, times in keys.items() if times > 1] == []


class Gateway:
    """Answers as the API does, and keeps what it was sent."""

    def __init__(self, refused: str = "") -> None:
        self.seen: list[tuple[str, str, str, str, object]] = []
        self._refused = refused

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["Idempotency-Key"]
        sent = (request.method, request.url.path, key, request.headers["Authorization"], json.loads(request.content))
        self.seen.append(sent)
        if key == self._refused:
            return httpx.Response(409, json={"code": "illegalTransition"})
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
