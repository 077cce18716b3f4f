"""Who calls: bearer access tokens of one OIDC issuer, checked as RFC 9068 and RFC 8725 say."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import httpx
import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import ProblemError
from api.services import Services, services_of
from ontology.references import Caller
from ontology.scopes import SCOPE_MEANING, Scope, grants
from runtime.errors import UnavailableError
from runtime.settings import IdentitySettings

log = logging.getLogger(__name__)

_bearer = HTTPBearer(auto_error=False, description="An access token of the deployment's OIDC issuer")
_FETCH_LIMIT = 5.0


class IssuerAwayError(UnavailableError):
    """The issuer's keys cannot be read."""

    code: ClassVar[str] = "issuerUnavailable"


@dataclass(frozen=True)
class Principal:
    """The caller and what the token grants."""

    caller: Caller
    scopes: frozenset[str]

    def may(self, scope: Scope) -> bool:
        """Whether the token grants ``scope``."""
        return grants(self.scopes, scope)


class KeySet:
    """The issuer's public keys, read again for an unknown key id and when they are old, but never in a hurry.

    A key the issuer withdrew is refused as soon as the keys were read again; while it is away, those known hold.
    """

    def __init__(self, settings: IdentitySettings) -> None:
        self._url = settings.jwks_url or f"{settings.issuer.rstrip('/')}/.well-known/jwks.json"
        self._interval = settings.jwks_min_interval
        self._longest = settings.jwks_max_age
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """Public key of an id; None when the issuer has none.

        Raises
        ------
        IssuerAwayError
            The keys were never read and cannot be now.
        """
        if self._due(key_id):
            async with self._fetching:
                if self._due(key_id):
                    await self._fetch()
        if not self._keys:
            raise IssuerAwayError(f"{self._url} gives no keys")
        return self._keys.get(key_id)

    def _due(self, key_id: str) -> bool:
        now = time.monotonic()
        wanted = key_id not in self._keys or now - self._fetched >= self._longest
        return wanted and now - self._tried >= self._interval

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=_FETCH_LIMIT, follow_redirects=False) as web:
                answer = await web.get(self._url)
                answer.raise_for_status()
                found = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, jwt.PyJWTError, ValueError) as error:
            log.warning("the issuer's keys cannot be read", extra={"url": self._url, "cause": repr(error)})
            self._tried = time.monotonic() - self._interval + _FETCH_LIMIT
            return
        self._fetched = self._tried = time.monotonic()
        self._keys = {key.key_id: key for key in found if key.key_id}


class TokenVerifier:
    """Checks signature, issuer, audience, expiry and type; key URLs in headers are never followed."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._keys = KeySet(settings)

    async def principal(self, token: str) -> Principal:
        """The principal of a valid token.

        Raises
        ------
        ProblemError
            401: it is not valid.
        IssuerAwayError
            It cannot be checked now.
        """
        claims = await self._claims(token)
        held = claims.get(self._settings.scope_claim, "")
        scopes = held if isinstance(held, list) else str(held).split()
        email = claims.get("email") if claims.get("email_verified") is True else None
        try:
            caller = Caller(
                issuer=claims["iss"], subject=claims["sub"], email=email, full_name=claims.get("name") or None
            )
        except ValueError as error:
            raise _unauthorised("the token's claims are not valid") from error
        return Principal(caller, frozenset(str(scope) for scope in scopes))

    async def _claims(self, token: str) -> dict[str, Any]:
        tree = self._settings
        try:
            header = jwt.get_unverified_header(token)
            kind = str(header.get("typ", "")).lower().removeprefix("application/")
            if kind not in {name.lower() for name in tree.token_types} or header.get("alg") not in tree.algorithms:
                raise _unauthorised("the token is not an access token we accept")
            key = await self._keys.key(str(header.get("kid", "")))
            if key is None:
                raise _unauthorised("the token is signed with a key the issuer does not publish")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=tree.algorithms,
                audience=tree.audience,
                issuer=tree.issuer,
                leeway=tree.leeway,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise _unauthorised(f"the token is not valid: {error}") from error
        return claims


def requires(*scopes: Scope) -> Callable[..., Awaitable[Principal]]:
    """Dependency: the principal of a request whose token grants one of ``scopes``."""

    async def principal(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        if credentials is None:
            raise ProblemError(401, "tokenMissing", "A bearer token is needed.", headers={"WWW-Authenticate": "Bearer"})
        services: Services = services_of(request)
        known = await services.tokens.principal(credentials.credentials)
        if not any(known.may(scope) for scope in scopes):
            raise missing_scope(scopes[0])
        return known

    return principal


def missing_scope(scope: Scope) -> ProblemError:
    """403: what a token without ``scope`` is answered."""
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    detail = f"The token lacks the scope {scope} ({SCOPE_MEANING[scope]})."
    return ProblemError(403, "insufficientScope", detail, headers={"WWW-Authenticate": challenge})


def _unauthorised(detail: str) -> ProblemError:
    challenge = 'Bearer error="invalid_token"'
    return ProblemError(
        401, "tokenInvalid", detail[:1].upper() + detail[1:] + ".", headers={"WWW-Authenticate": challenge}
    )
