"""An issuer of a test's own: it signs what it is told to, publishes the keys it is told to, and counts the requests."""

import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import error_answers
from api.security import Principal, TokenVerifier, requires
from ontology.scopes import Scope
from runtime.settings import IdentitySettings

KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("first", "second", "foreign")}
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())


def public_key(name: str, **more: object) -> dict[str, Any]:
    """A key as a JWK Set shows it."""
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True), "kid": name, **more}


def curve_key() -> dict[str, Any]:
    """The P-256 key as a JWK Set shows it."""
    return {**jwt.algorithms.ECAlgorithm.to_jwk(CURVE_KEY.public_key(), as_dict=True), "kid": "curve", "alg": "ES256"}


class Issuer:
    """Publishes the keys of ``published`` at its JWKS path, unless ``answer`` says what to answer instead."""

    url = ""

    def __init__(self) -> None:
        self.published = ["first"]
        self.answer: Response | None = None
        self.asked = 0
        self.foreign_asked = 0

    async def keys(self, _request: Request) -> Response:
        self.asked += 1
        found = [public_key(name, alg="RS256") for name in self.published]
        return self.answer or JSONResponse({"keys": [*found, curve_key()]})

    async def foreign_keys(self, _request: Request) -> Response:
        """What a key URL in a token's header would find, were it followed."""
        self.foreign_asked += 1
        return JSONResponse({"keys": [public_key("foreign", kid="first", alg="RS256")]})

    def token(self, key: str = "first", headers: dict[str, Any] | None = None, **claims: object) -> str:
        now = int(time.time())
        body = {"iss": self.url, "aud": "trm", "sub": "u", "iat": now, "exp": now + 600, "scope": "r_recognition"}
        said = {name: value for name, value in (body | claims).items() if value is not ...}
        return jwt.encode(
            said,
            CURVE_KEY if key == "curve" else KEYS[key],
            algorithm="ES256" if key == "curve" else "RS256",
            headers={"typ": "at+jwt", "kid": key, **(headers or {})},
        )

    def settings(self, **settings: object) -> IdentitySettings:
        return IdentitySettings(**{"issuer": self.url, "audience": "trm", **settings})

    def verifier(self, **settings: object) -> TokenVerifier:
        return TokenVerifier(self.settings(**settings))

    def gateway(self, **settings: object) -> FastAPI:
        """An application with one route behind a token, which answers errors as the gateway does."""
        app = FastAPI()
        app.state.services = type("Only", (), {"tokens": self.verifier(**settings)})()
        error_answers.install(app, 2)

        @app.get("/me")
        async def me(principal: Principal = Depends(requires(Scope.READ_RECOGNITION))) -> dict[str, str]:  # noqa: B008
            return {"subject": principal.caller.subject}

        return app
