"""Two people change one thing in any order: whoever has not seen the other's change is told, and nothing is lost."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from runtime.settings import Settings
from tests.clients import token_of

pytestmark = pytest.mark.servers

FIELDS: dict[str, list[Any]] = {
    "role": ["Baker", "Cook", "Smith"],
    "aliases": [["Hoa"], ["Mai"], []],
    "fullName": ["Lê Hoa", "Lê Mai"],
}
CHANGES = st.sampled_from([{name: value} for name, values in FIELDS.items() for value in values])
CHANGERS = st.sampled_from(["one", "another"])


class TwoChangers(RuleBasedStateMachine):
    """A person as the gateway has them, beside a plain dictionary and the revisions that it went through."""

    web: httpx.Client
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.person = {"fullName": "Lê Hoa", "role": "Baker", "aliases": []}
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        made = self.web.post("/v1/people", json=self.person, headers=headers)
        assert made.status_code == 201, made.text
        self.address, tag = made.headers["Location"], made.headers["ETag"]
        self.known = {"one": (1, tag), "another": (1, tag)}
        self.revisions = [dict(self.person)]

    @rule(changer=CHANGERS)
    def reads(self, changer: str) -> None:
        read = self.web.get(self.address)
        assert {name: read.json()[name] for name in FIELDS} == self.person
        self.known[changer] = (read.json()["rev"], read.headers["ETag"])
        assert read.json()["rev"] == len(self.revisions)

    @rule(target=sent, changer=CHANGERS, values=CHANGES)
    def changes(self, changer: str, values: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        rev, tag = self.known[changer]
        key = str(uuid4())
        answer = self._patch(key, values, tag)
        fits = rev == len(self.revisions)
        assert answer.status_code == (200 if fits else 412), answer.text
        if fits:
            if {**self.person, **values} != self.person:
                self.person |= values
                self.revisions.append(dict(self.person))
            self.known[changer] = (answer.json()["rev"], answer.headers["ETag"])
        return key, values, fits

    @rule(asked=sent)
    def repeats(self, asked: tuple[str, dict[str, Any], bool]) -> None:
        """One that was carried out changes nothing; one that was refused is tried again, and refused again."""
        key, values, carried_out = asked
        answer = self._patch(key, values, '"0.ab"' if not carried_out else "*")
        assert answer.status_code == (200 if carried_out else 412), answer.text

    @invariant()
    def nothing_is_lost(self) -> None:
        items = self.web.get(f"{self.address}/history", params={"limit": 100}).json()["items"]
        person: dict[str, Any] = {"aliases": []}
        told = []
        for item in reversed(items):
            person |= {name: value for name, value in item["properties"].items() if name in FIELDS}
            person |= {name: [] for name in item["removed"] if name in FIELDS}
            told.append(dict(person))
        assert told == self.revisions

    def _patch(self, key: str, values: dict[str, Any], tag: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "If-Match": tag, "Prefer": "wait=10"}
        return self.web.patch(self.address, json=values, headers=headers)


def test_two_changers_lose_nothing(tree: Settings) -> None:
    headers = {"Authorization": f"Bearer {token_of(tree, 'machine')}"}
    with httpx.Client(base_url=tree.api.public_url, headers=headers, timeout=30.0) as web:
        TwoChangers.web = web
        limits = settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        run_state_machine_as_test(TwoChangers, settings=limits)
