"""Random people, mentions, merges and undos beside a plain model of who leads to whom."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from runtime.settings import Settings
from tests.clients import token_of
from tests.equality import equal_everywhere

pytestmark = pytest.mark.servers

_PEOPLE = 5
SOMEBODY = st.integers(0, _PEOPLE)
"""The last of them is Bob, who reads."""
KEYS = st.sampled_from(["id", "email", "handle"])


class People(RuleBasedStateMachine):
    """People as the servers have them, and ``leads``: who turned out to be whom."""

    alice: httpx.Client
    bob: httpx.Client
    olga: httpx.Client

    def __init__(self) -> None:
        super().__init__()
        self.people = [self._made() for _ in range(_PEOPLE)]
        bob = self.bob.get("/v1/me").json().get("person")
        if bob is None:
            self._thank({"email": "bob@trm.test"}, "everyone")
            bob = self.bob.get("/v1/me").json()["person"]
        self.people.append({"id": bob["id"], "email": "bob@trm.test"})
        self.leads: dict[str, str] = {}
        self.followers: dict[str, set[str]] = {}
        self.private: list[tuple[str, str]] = []

    @rule(who=SOMEBODY, key=KEYS, visibility=st.sampled_from(["everyone", "parties"]))
    def is_mentioned(self, who: int, key: str, visibility: str) -> None:
        person = self.people[who]
        if key not in person:
            return
        recognition, receiver = self._thank({key: person[key]}, visibility)
        assert receiver == self._survivor(person["id"])
        if visibility == "parties":
            self.private.append((recognition, receiver))

    @rule(duplicate=SOMEBODY, survivor=SOMEBODY)
    def are_merged(self, duplicate: int, survivor: int) -> None:
        first, second = self.people[duplicate]["id"], self.people[survivor]["id"]
        if duplicate == _PEOPLE:
            return  # Bob stays who he is for everybody else
        answer = self._ask("POST", f"/v1/people/{second}/merges", {"duplicateId": first})
        if first == second or first in self.leads or second in self.leads:
            assert (answer.status_code, answer.json()["code"]) == (409, "mergeRefused")
            return
        assert answer.status_code == 200, answer.text
        self.followers[first] = {one for one, there in self.leads.items() if there == first}
        for one in (first, *self.followers[first]):
            self.leads[one] = second

    @rule(who=SOMEBODY)
    def are_told_apart(self, who: int) -> None:
        person = self.people[who]["id"]
        there = self.leads.get(person)
        answer = self._ask("DELETE", f"/v1/people/{there or uuid4()}/merges/{person}")
        if there is None:
            assert (answer.status_code, answer.json()["code"]) == (409, "mergeRefused")
            return
        assert answer.status_code == 200, answer.text
        self._apart(person)

    @rule()
    def private_things_are_seen_by_their_parties(self) -> None:
        bob = self._survivor(self.people[-1]["id"])
        for recognition, receiver in self.private:
            address = f"/v1/recognitions/{recognition}"
            assert self.bob.get(address).status_code == (200 if self._survivor(receiver) == bob else 404)
            assert (self.alice.get(address).status_code, self.olga.get(address).status_code) == (200, 404)

    def teardown(self) -> None:
        for person in list(self.leads):
            if person in self.leads:
                answer = self._ask("DELETE", f"/v1/people/{self.leads[person]}/merges/{person}")
                assert answer.status_code == 200, answer.text
                self._apart(person)

    def _apart(self, person: str) -> None:
        there = self.leads.pop(person)
        for follower in self.followers.pop(person, set()):
            if self.leads.get(follower) == there:
                self.leads[follower] = person
        for others in self.followers.values():
            others.discard(person)

    def _survivor(self, person: str) -> str:
        return self.leads.get(person, person)

    def _made(self) -> dict[str, str]:
        tag = uuid4().hex[:8]
        said = {"email": f"{tag}@model.test", "handle": f"p-{tag}"}
        made = self._ask("POST", "/v1/people", {"fullName": f"Người {tag}", **said})
        assert made.status_code == 201, made.text
        return {"id": made.json()["id"], **said}

    def _thank(self, receiver: dict[str, str], visibility: str) -> tuple[str, str]:
        body = {"receivers": [receiver], "content": f"Thank you {uuid4()}", "visibility": visibility}
        made = self._ask("POST", "/v1/recognitions", body, self.alice)
        assert made.status_code == 201, made.text
        return made.json()["id"], made.json()["receivers"][0]["id"]

    def _ask(self, method: str, path: str, body: Any = None, client: httpx.Client | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        return (client or self.olga).request(method, path, json=body, headers=headers)


def test_people_are_who_the_model_says(tree: Settings) -> None:
    clients = [
        httpx.Client(
            base_url=tree.api.public_url, headers={"Authorization": f"Bearer {token_of(tree, who)}"}, timeout=30.0
        )
        for who in ("alice", "bob", "olga")
    ]
    People.alice, People.bob, People.olga = clients
    limits = settings(
        max_examples=5, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(People, settings=limits)
    for client in clients:
        client.close()
    asyncio.run(equal_everywhere(tree))
