"""Property tests of the whole contract: requests it allows and requests it does not, on real servers.

The checks are of schemathesis: no server error, no status, media type or header that is not declared, bodies that fit
their schemas, and nothing accepted that the contract refuses. One is our own: what the contract allows is never called
invalid. The requests are the same in every run.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckContext, Response

from api.app import openapi
from ontology.wording import clean_address, visible
from runtime.settings import Settings
from tests.clients import token_of

pytestmark = pytest.mark.servers

EXAMPLES = 15

BODIES: dict[str, dict[str, Any]] = {
    "people": {"fullName": "Known Person", "handle": "known-person"},
    "recognitions": {"receivers": [{"handle": "known-person"}], "content": "Thank you"},
    "knowledgeSnippets": {"content": "How to bleed a radiator"},
}


@dataclass
class Caller:
    """A client that sends keys of its own, waits for some writes, and reads things that are there."""

    url: str
    headers: dict[str, str]
    session: requests.Session
    known: dict[str, str] = field(default_factory=dict)
    turns: Iterator[int] = field(default_factory=itertools.count)

    def prepare(self, case: Case[Any]) -> None:
        """Lead a valid case to where the work is done: a fresh key, some seconds to wait, an id that exists."""
        turn = next(self.turns)
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"contract-{turn}"
            if turn % 4 == 0 and not awaits(case.body):
                case.headers["Prefer"] = "wait=5"
        if case.path_parameters and turn % 2:
            named = self.known.get(case.path.split("/")[2], self.known["recognitions"])
            there = {"type": "RECEIVED_BY", "targetId": self.known["people"]}
            case.path_parameters.update({name: there.get(name, named) for name in case.path_parameters})
            if turn % 4 == 1:
                case.headers["If-None-Match"] = "*"


def awaits(body: Any) -> bool:
    """A write that names what is not there yet is tried again for minutes."""
    return isinstance(body, dict) and any(body.get(name) for name in ("taskId", "tensionId", "project"))


@pytest.fixture(scope="module")
def caller(tree: Settings) -> Iterator[Caller]:
    with requests.Session() as session:
        caller = Caller(tree.api.public_url, {"Authorization": f"Bearer {token_of(tree, 'machine')}"}, session)
        for kind, body in BODIES.items():
            headers = {**caller.headers, "Idempotency-Key": f"contract-{kind}", "Prefer": "wait=10"}
            answer = session.post(f"{caller.url}/v1/{kind}", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            caller.known[kind] = answer.json()["id"]
        yield caller


def unsayable(value: Any) -> bool:
    """Refused, though a schema that said so would be a break for the registry, or says it in its own dialect.

    Blank text, control characters (engines differ on which of them are space), the outermost years, and addresses
    that no mail could reach.
    """
    if isinstance(value, dict):
        return any(map(unsayable, value.values()))
    if isinstance(value, list):
        return any(map(unsayable, value))
    if not isinstance(value, str):
        return False
    controls = any(category(letter) == "Cc" for letter in value)
    return controls or blank(value) or value.startswith(("0001-", "9999-")) or unreachable(value)


def blank(value: str) -> bool:
    try:
        visible(value)
    except ValueError:
        return True
    return False


def unreachable(value: str) -> bool:
    try:
        clean_address(value)
    except ValueError:
        return "@" in value
    return False


def allowed_is_valid(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """What the contract allows may be refused for what it names, never for its form."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if positive and response.status_code == 422 and response.json()["code"] == "invalidRequest":
        assert unsayable(case.body) or unsayable(case.query), response.text


CONFIG = schemathesis.Config.from_dict(
    {
        "checks": {"positive_data_acceptance": {"enabled": False}},
        "generation": {"with-security-parameters": False},
    }
)


@schemathesis.openapi.from_dict(openapi(), config=CONFIG).parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_contract_is_kept(case: Case[Any], caller: Caller) -> None:
    caller.prepare(case)
    case.call_and_validate(
        base_url=caller.url,
        session=caller.session,
        headers=caller.headers,
        additional_checks=[allowed_is_valid],
    )
