"""Tokens: every mutant is refused, every refusal says how. What its own issuer signs is tried in the unit tests."""

import time
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from api.problem_codes import STATUS
from runtime.settings import Settings
from tests.clients import token_of
from tests.mutations import Mutant, Mutations

pytestmark = pytest.mark.servers

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def forged(tree: Settings, alg: str = "RS256", headers: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    body = {
        "iss": tree.identity.issuer,
        "aud": tree.identity.audience,
        "sub": "u-alice",
        "iat": now,
        "exp": now + 600,
        "scope": "rw_recognition",
        **claims,
    }
    key: Any = KEY
    if alg == "HS256":
        key = hex(KEY.public_key().public_numbers().n)  # PyJWT itself would refuse to sign with the whole key
    if alg == "none":
        key = None
    return jwt.encode(body, key, algorithm=alg, headers={"typ": "at+jwt", "kid": "mine", **(headers or {})})


def tampered(token: str, part: int) -> str:
    parts = token.split(".")
    middle = len(parts[part]) // 2
    letter = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + letter + parts[part][middle + 1 :]
    return ".".join(parts)


async def ask(tree: Settings, token: str | None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    async with httpx.AsyncClient(base_url=tree.api.public_url) as client:
        return await client.get("/v1/recognitions", headers=headers)


async def test_without_a_token(tree: Settings) -> None:
    answer = await ask(tree, None)
    assert (answer.status_code, answer.json()["code"]) == (401, "tokenMissing")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_mutants_are_refused(tree: Settings) -> None:
    good = token_of(tree, "alice")
    kid = jwt.get_unverified_header(good)["kid"]
    mutants = {
        "no dots": "nonsense",
        "dots only": "..",
        "unsigned": forged(tree, "none"),
        "unsigned under the issuer's key id": forged(tree, "none", {"kid": kid}),
        "HMAC with a public key": forged(tree, "HS256", {"kid": kid}),
        "our own key": forged(tree),
        "our own key under the issuer's id": forged(tree, headers={"kid": kid}),
        "tampered header": tampered(good, 0),
        "tampered claims": tampered(good, 1),
        "tampered signature": tampered(good, 2),
        "no signature": good.rsplit(".", 1)[0] + ".",
    }
    for name, mutant in mutants.items():
        answer = await ask(tree, mutant)
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"].startswith("Bearer"), name
    assert (await ask(tree, good)).status_code == 200


async def test_missing_scope_is_403_and_names_it(tree: Settings) -> None:
    from cli.identity import machine_token

    answer = await ask(tree, machine_token(tree, "r_knowledge"))
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficientScope")
    assert 'scope="r_recognition"' in answer.headers["www-authenticate"]


async def test_write_scope_includes_reading(tree: Settings) -> None:
    from cli.identity import machine_token

    assert (await ask(tree, machine_token(tree, "rw_recognition"))).status_code == 200


async def test_every_v1_route_needs_a_token(tree: Settings) -> None:
    from api.app import openapi

    async with httpx.AsyncClient(base_url=tree.api.public_url) as client:
        for path, operations in openapi()["paths"].items():
            for method in operations:
                url = path.replace("{", "").replace("}", "")
                answer = await client.request(method, url, json={})
                assert answer.status_code == 401, f"{method} {path}"


@pytest.mark.timeout(120)
async def test_no_broken_request_is_a_bug_on_real_servers(
    tree: Settings, alice: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the fakes of the unit test cannot see: what graph, search and Temporal make of what was let through."""
    given = await alice.post(
        "/v1/recognitions",
        json={"receivers": [{"handle": "mutant-target"}], "content": "Thank you"},
        headers={"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"},
    )
    known = [given.json()["id"], given.json()["receivers"][0]["id"], given.json()["recordedBy"][0]["eventId"]]
    mutations = Mutations(24, known, token_of(tree, "machine"))
    statuses: Counter[int] = Counter()
    until = time.monotonic() + 30
    async with httpx.AsyncClient(base_url=tree.api.public_url, timeout=15) as client:
        for number in range(1_500):
            mutant = mutations.next(number)
            if time.monotonic() > until:
                break
            try:
                answer = await client.request(
                    mutant.method, mutant.target, headers=_sendable(mutant), content=mutant.body or None
                )
            except (httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.InvalidURL):
                statuses[0] += 1  # what HTTP itself does not let through
                continue
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (number, mutant, answer.text)
            if answer.status_code >= 400 and "x-request-id" in answer.headers and mutant.method != "HEAD":
                assert STATUS[answer.json()["code"]] == answer.status_code, (number, mutant, answer.text)
    with capsys.disabled():
        print(f"\n{statuses.total()} mutants on real servers: {dict(sorted(statuses.items()))}")
    assert {200, 202, 404, 422} <= set(statuses)


def _sendable(mutant: Mutant) -> list[tuple[bytes, bytes]]:
    """Headers without the ones that would leave the server waiting for a body that never comes."""
    return [
        (name.encode(), value.encode("utf-8", "surrogatepass"))
        for name, value in mutant.headers
        if name not in {"Transfer-Encoding", "Expect"}
    ]
