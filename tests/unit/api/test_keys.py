"""Signing keys that come, go and expire, at an issuer of this test's own."""

import time
from collections.abc import AsyncIterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.problems import ProblemError
from api.security import IssuerAwayError, TokenVerifier
from runtime.settings import IdentitySettings
from tests.clients import served

KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("first", "second")}


class Issuer:
    """Publishes the keys it is told to, and counts how often it is asked."""

    url = ""

    def __init__(self) -> None:
        self.published = ["first"]
        self.away = False
        self.asked = 0

    async def keys(self, _request: Request) -> Response:
        self.asked += 1
        if self.away:
            return Response(status_code=503)
        found = [jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True) for name in self.published]
        named = [{**key, "kid": name, "alg": "RS256"} for name, key in zip(self.published, found, strict=True)]
        return JSONResponse({"keys": named})

    def token(self, key: str = "first", **claims: object) -> str:
        now = int(time.time())
        body = {"iss": self.url, "aud": "trm", "sub": "u", "iat": now, "exp": now + 600, "scope": "r_recognition"}
        return jwt.encode(body | claims, KEYS[key], algorithm="RS256", headers={"typ": "at+jwt", "kid": key})

    def verifier(self, **settings: object) -> TokenVerifier:
        return TokenVerifier(IdentitySettings(issuer=self.url, audience="trm", **settings))


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    app = Starlette(routes=[Route("/.well-known/jwks.json", issuer.keys)])
    async with served(app) as address:
        issuer.url = address
        yield issuer


async def test_keys_are_read_once_for_many_tokens(issuer: Issuer) -> None:
    verifier = issuer.verifier()
    for _ in range(3):
        assert (await verifier.principal(issuer.token())).caller.subject == "u"
    assert issuer.asked == 1


async def test_a_new_key_is_found_without_a_restart(issuer: Issuer) -> None:
    verifier = issuer.verifier(jwks_min_interval=0.0)
    await verifier.principal(issuer.token())
    issuer.published = ["first", "second"]
    await verifier.principal(issuer.token("second"))
    assert issuer.asked == 2


async def test_unknown_key_ids_do_not_drive_requests_to_the_issuer(issuer: Issuer) -> None:
    verifier = issuer.verifier(jwks_min_interval=60.0)
    for _ in range(5):
        with pytest.raises(ProblemError, match="does not publish"):
            await verifier.principal(issuer.token("second"))
    assert issuer.asked == 1


async def test_a_withdrawn_key_lapses_when_the_keys_are_old(issuer: Issuer) -> None:
    verifier = issuer.verifier(jwks_min_interval=0.0, jwks_max_age=0.0)
    await verifier.principal(issuer.token())
    issuer.published = ["second"]
    with pytest.raises(ProblemError, match="does not publish"):
        await verifier.principal(issuer.token())


async def test_known_keys_hold_while_the_issuer_is_away(issuer: Issuer) -> None:
    verifier = issuer.verifier(jwks_min_interval=0.0, jwks_max_age=0.0)
    await verifier.principal(issuer.token())
    issuer.away = True
    await verifier.principal(issuer.token())


async def test_an_issuer_that_was_never_reached_is_away_and_asked_once(issuer: Issuer) -> None:
    issuer.away = True
    verifier = issuer.verifier()
    for _ in range(3):
        with pytest.raises(IssuerAwayError):
            await verifier.principal(issuer.token())
    assert issuer.asked == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 120},
        {"iat": int(time.time()) + 600},
        {"nbf": int(time.time()) + 600},
        {"iss": "https://another.test"},
        {"aud": "another"},
        {"sub": ""},
    ],
    ids=lambda claims: next(iter(claims)),
)
async def test_a_wrong_claim_is_refused(issuer: Issuer, claims: dict[str, object]) -> None:
    with pytest.raises(ProblemError) as caught:
        await issuer.verifier().principal(issuer.token(**claims))
    assert caught.value.status == 401
