"""Signing keys that come, go and expire, at an issuer of this test's own."""

import httpx
import jwt
import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.keys import IssuerAwayError
from api.problems import ProblemError
from tests.issuer import KEYS, Issuer, curve_key, public_key

DEEP = b"[" * 50_000

NO_KEYS = {
    "a list": JSONResponse([public_key("first")]),
    "null": JSONResponse(None),
    "a number": JSONResponse(7),
    "a text": JSONResponse("keys"),
    "an error": JSONResponse({"error": "not_found", "keys": None}),
    "no keys": JSONResponse({"keys": []}),
    "keys as an object": JSONResponse({"keys": {"first": public_key("first")}}),
    "keys as a text": JSONResponse({"keys": "first"}),
    "one key, no set": JSONResponse(public_key("first")),
    "nothing but junk": JSONResponse({"keys": [None, 1, [], "x", {}, {"kty": "RSA", "kid": "first"}]}),
    "a key without an id": JSONResponse({"keys": [public_key("first", kid=None)]}),
    "a key to encrypt with": JSONResponse({"keys": [public_key("first", use="enc")]}),
    "unknown type": JSONResponse({"keys": [public_key("first", kty="AKP")]}),
    "a shared secret": JSONResponse({"keys": [{"kty": "oct", "kid": "first", "k": "c2VjcmV0", "alg": "RS256"}]}),
    "HTML": HTMLResponse("<html><body>Sign in</body></html>"),
    "empty": Response(b""),
    "no Unicode": Response(b"\xff\xfe\xfd"),
    "deep": Response(DEEP),
    "too large": JSONResponse({"keys": [public_key("first")], "padding": "x" * 300_000}),
    "gone": Response(status_code=404),
    "elsewhere": Response(status_code=302, headers={"Location": "/foreign.json"}),
}

JUNK: list[object] = [
    None,
    7,
    "key",
    [],
    {},
    {"kty": ["RSA"], "kid": "junk"},
    public_key("second", kid=7),
    public_key("second", kid=["first"]),
    public_key("second", kid=""),
    public_key("second", kid="first", n=7),
    public_key("second", kid="first", n="!!"),
    public_key("second", kid="first", e=None),
    public_key("second", kid="first", alg="none"),
    public_key("second", kid="first", alg=["RS256"]),
    public_key("second", kid="first", alg="RSA-OAEP", use="enc"),
    public_key("second", kid="first", alg="ES256"),
    public_key("second", kid="first", kty="EC"),
    {"kty": "EC", "crv": "P-256", "kid": "first", "x": "AA", "y": "AA"},
    {"kty": "OKP", "crv": "X25519", "kid": "first", "x": "AA"},
    {"kty": "oct", "kid": "first", "k": "AAAA"},
]


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
    issuer.answer = Response(status_code=503)
    await verifier.principal(issuer.token())


async def test_an_issuer_that_was_never_reached_is_away_and_asked_once(issuer: Issuer) -> None:
    issuer.answer = Response(status_code=503)
    verifier = issuer.verifier()
    for _ in range(3):
        with pytest.raises(IssuerAwayError):
            await verifier.principal(issuer.token())
    assert issuer.asked == 1


async def test_an_elliptic_key_is_used(issuer: Issuer) -> None:
    assert (await issuer.verifier().principal(issuer.token("curve"))).caller.subject == "u"


@pytest.mark.parametrize("answer", NO_KEYS.values(), ids=NO_KEYS)
async def test_whatever_holds_no_keys_means_that_the_issuer_is_away(issuer: Issuer, answer: Response) -> None:
    issuer.answer = answer
    transport = httpx.ASGITransport(issuer.gateway(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        said = await client.get("/me", headers={"Authorization": f"Bearer {issuer.token()}"})
    assert (said.status_code, said.json()["code"]) == (503, "issuerUnavailable")
    assert said.headers["content-type"] == "application/problem+json"
    assert said.headers["retry-after"] == "2"
    assert issuer.foreign_asked == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/keys", "no address", "http://[", "ftp://127.0.0.1/"])
async def test_an_address_without_keys_means_that_the_issuer_is_away(issuer: Issuer, url: str) -> None:
    with pytest.raises(IssuerAwayError):
        await issuer.verifier(jwks_url=url).principal(issuer.token())


@pytest.mark.parametrize("answer", NO_KEYS.values(), ids=NO_KEYS)
async def test_known_keys_hold_whatever_the_issuer_answers(issuer: Issuer, answer: Response) -> None:
    verifier = issuer.verifier(jwks_min_interval=0.0, jwks_max_age=0.0)
    await verifier.principal(issuer.token())
    issuer.answer = answer
    await verifier.principal(issuer.token())


@pytest.mark.parametrize("junk", JUNK)
async def test_keys_among_junk_are_used(issuer: Issuer, junk: object) -> None:
    issuer.answer = JSONResponse({"keys": [junk, public_key("first"), curve_key(), junk]})
    verifier = issuer.verifier()
    assert (await verifier.principal(issuer.token())).caller.subject == "u"
    assert (await verifier.principal(issuer.token("curve"))).caller.subject == "u"


async def test_of_two_keys_under_one_id_the_first_counts(issuer: Issuer) -> None:
    issuer.answer = JSONResponse({"keys": [public_key("first"), public_key("second", kid="first")]})
    assert (await issuer.verifier().principal(issuer.token())).caller.subject == "u"
    with pytest.raises(ProblemError, match="Signature verification failed"):
        await issuer.verifier().principal(issuer.token("second", {"kid": "first"}))


async def test_a_private_key_published_by_mistake_verifies(issuer: Issuer) -> None:
    private = jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["first"], as_dict=True)
    issuer.answer = JSONResponse({"keys": [{**private, "kid": "first", "key_ops": ["verify"]}]})
    assert (await issuer.verifier().principal(issuer.token())).caller.subject == "u"


async def test_a_key_of_another_kind_than_the_token_says_is_refused(issuer: Issuer) -> None:
    for mixed in (issuer.token("curve", {"kid": "first"}), issuer.token("first", {"kid": "curve"})):
        with pytest.raises(ProblemError) as caught:
            await issuer.verifier().principal(mixed)
        assert caught.value.status == 401
