"""Every token here is signed by its issuer unless it says otherwise: each is refused for its own reason."""

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.problems import ProblemError
from tests.issuer import KEYS, Issuer, public_key


async def refusal(issuer: Issuer, token: str, **settings: object) -> str:
    with pytest.raises(ProblemError) as caught:
        await issuer.verifier(**settings).principal(token)
    assert (caught.value.status, caught.value.problem_code) == (401, "tokenInvalid")
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")
    return str(caught.value)


PAST, FUTURE = 1_700_000_000, 4_000_000_000


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": PAST},
        {"exp": "soon"},
        {"exp": [1]},
        {"exp": float("inf")},
        {"exp": None},
        {"exp": ...},
        {"iat": FUTURE},
        {"iat": {}},
        {"iat": ...},
        {"nbf": FUTURE},
        {"nbf": []},
        {"iss": "https://another.test"},
        {"iss": ...},
        {"aud": "another"},
        {"aud": ["another", "trm2"]},
        {"aud": [7]},
        {"aud": {"trm": True}},
        {"aud": ...},
        {"sub": ""},
        {"sub": " \t"},
        {"sub": None},
        {"sub": ...},
        {"sub": "u\u0000"},
        {"sub": "\u200b"},
        {"sub": "\ud800"},
        {"sub": "x" * 256},
    ],
    ids=repr,
)
async def test_a_wrong_required_claim_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    await refusal(issuer, issuer.token(**claims))


@pytest.mark.parametrize("subject", [7, ["u"], {"id": "u"}, True])
async def test_a_subject_that_is_no_text_is_refused(issuer: Issuer, subject: object) -> None:
    # PyJWT would not write such a token, so it is signed as any JSON is.
    body = jwt.utils.base64url_decode(issuer.token().split(".")[1])
    payload = json.dumps({**json.loads(body), "sub": subject}).encode()
    token = jwt.PyJWS().encode(payload, KEYS["first"], "RS256", {"typ": "at+jwt", "kid": "first"})
    await refusal(issuer, token)


@pytest.mark.parametrize("subject", ["x" * 255, "auth0|507f1f77", "a b", "client@clients", "110169484474386276334"])
async def test_a_subject_is_taken_as_it_is(issuer: Issuer, subject: str) -> None:
    assert (await issuer.verifier().principal(issuer.token(sub=subject))).caller.subject == subject


@pytest.mark.parametrize("kind", ["JWT", "jwt", "dpop+jwt", "logout+jwt", "application/jwt", "", None])
async def test_another_type_than_an_access_token_is_refused(issuer: Issuer, kind: str | None) -> None:
    assert "not an access token we accept" in await refusal(issuer, issuer.token(headers={"typ": kind}))


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt"])
async def test_an_access_token_may_write_its_type_in_full(issuer: Issuer, kind: str) -> None:
    await issuer.verifier().principal(issuer.token(headers={"typ": kind}))


async def test_an_algorithm_that_is_not_configured_is_refused(issuer: Issuer) -> None:
    assert "not an access token we accept" in await refusal(issuer, issuer.token("curve"), algorithms=["RS256"])


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "HS512", "PS256", "RS512", "", None, ["RS256"]])
async def test_an_algorithm_of_the_senders_choice_is_refused(issuer: Issuer, algorithm: object) -> None:
    header = json.dumps({"typ": "at+jwt", "kid": "first", "alg": algorithm}).encode()
    _, *rest = issuer.token().split(".")
    assert "not an access token we accept" in await refusal(issuer, ".".join((encoded(header), *rest)))


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM], ids=["DER", "PEM"])
async def test_the_published_key_is_no_shared_secret(issuer: Issuer, encoding: Encoding) -> None:
    secret = KEYS["first"].public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    signed = ".".join((encoded(b'{"typ":"at+jwt","kid":"first","alg":"HS256"}'), issuer.token().split(".")[1]))
    token = f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"
    assert "not an access token we accept" in await refusal(issuer, token)


async def test_an_unsigned_token_is_refused_though_its_type_and_claims_are_right(issuer: Issuer) -> None:
    _, body, signature = issuer.token().split(".")
    unsigned = ".".join((encoded(b'{"typ":"at+jwt","kid":"first","alg":"none"}'), body, ""))
    assert "not an access token we accept" in await refusal(issuer, unsigned)
    right = ".".join((encoded(b'{"typ":"at+jwt","kid":"first","alg":"RS256"}'), body, ""))
    assert "Signature verification failed" in await refusal(issuer, right)
    assert "Signature verification failed" in await refusal(issuer, ".".join((right[:-1], signature)))


async def test_clocks_may_differ_by_the_leeway_and_no_more(issuer: Issuer) -> None:
    now = int(time.time())
    for claim, direction in (("exp", -1), ("nbf", 1), ("iat", 1)):
        near: dict[str, Any] = {claim: now + direction * 30}
        far: dict[str, Any] = {claim: now + direction * 90}
        await issuer.verifier(leeway=60).principal(issuer.token(**near))
        await refusal(issuer, issuer.token(**far), leeway=60)


async def test_a_header_that_must_be_understood_is_refused(issuer: Issuer) -> None:
    await refusal(issuer, issuer.token(headers={"crit": ["x-trm"], "x-trm": 1}))


@pytest.mark.parametrize("where", ["jwk", "jku", "x5u", "all"])
async def test_keys_that_a_token_brings_are_never_used(issuer: Issuer, where: str) -> None:
    address = f"{issuer.url}/foreign.json"
    brought: dict[str, Any] = {"jwk": public_key("foreign", kid="first"), "jku": address, "x5u": address}
    headers = {"kid": "first", **(brought if where == "all" else {where: brought[where]})}
    assert "Signature verification failed" in await refusal(issuer, issuer.token("foreign", headers))
    assert "does not publish" in await refusal(issuer, issuer.token("foreign", {**headers, "kid": "foreign"}))
    await issuer.verifier().principal(issuer.token(headers=headers))
    assert issuer.foreign_asked == 0


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@pytest.mark.parametrize(
    "header",
    [
        b"[" * 20_000,
        b'{"typ":"at+jwt","alg":["RS256"],"kid":"first"}',
        b"null",
        b"[]",
        b"\xff",
        b'{"typ":7,"alg":"RS256"}',
    ],
    ids=["deep", "algorithm list", "null", "list", "no Unicode", "number"],
)
async def test_a_strange_header_is_refused(issuer: Issuer, header: bytes) -> None:
    _, *rest = issuer.token().split(".")
    await refusal(issuer, ".".join((encoded(header), *rest)))


@pytest.mark.parametrize("more", [{"jti": 7}, {"jti": None}, {"azp": []}, {"auth_time": "x"}, {"acr": 1}], ids=repr)
async def test_claims_nobody_reads_may_hold_anything(issuer: Issuer, more: dict[str, Any]) -> None:
    await issuer.verifier().principal(issuer.token(**more))
