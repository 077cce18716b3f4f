"""Who calls: bearer access tokens of one OIDC issuer, checked as RFC 9068 and RFC 8725 say."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request, Response
from fastapi.params import Form
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.bodies import check_readable
from api.claims import ClaimReader, SubjectError
from api.keys import KeySet
from api.problems import ProblemError
from api.services import services_of
from ontology.kinds import read_scopes
from ontology.references import Caller
from ontology.scopes import SCOPE_MEANING, Scope, grants
from runtime.settings import IdentitySettings

_bearer = HTTPBearer(auto_error=False, description="An access token of the deployment's OIDC issuer")


@dataclass(frozen=True)
class Principal:
    """The caller, what the token grants and until when, and whose authority they have."""

    caller: Caller
    scopes: frozenset[str]
    authorities: frozenset[str] = frozenset()
    expires: datetime | None = None

    def may(self, scope: Scope) -> bool:
        """Whether the token grants ``scope``."""
        return grants(self.scopes, scope)

    @property
    def reads(self) -> frozenset[str]:
        """Labels of what the token lets its bearer read."""
        return frozenset(label for label, scope in read_scopes().items() if self.may(scope))


class TokenVerifier:
    """Checks signature, issuer, audience, expiry and type; key URLs in headers are never followed."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._keys = KeySet(settings)
        self._reader = ClaimReader(settings)

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
        try:
            return Principal(
                self._reader.caller(claims),
                self._reader.scopes(claims),
                self._reader.authorities(claims),
                datetime.fromtimestamp(claims["exp"], UTC),
            )
        except SubjectError as error:
            raise _unauthorised(str(error)) from error

    async def _claims(self, token: str) -> dict[str, Any]:
        tree = self._settings
        with _refused():
            header = jwt.get_unverified_header(token)
        kind = _text(header.get("typ")).lower().removeprefix("application/")
        if kind not in {name.lower() for name in tree.token_types} or header.get("alg") not in tree.algorithms:
            raise _unauthorised("the token is not an access token we accept")
        key = await self._keys.key(_text(header.get("kid")))
        if key is None:
            raise _unauthorised("the token is signed with a key the issuer does not publish")
        with _refused():
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=tree.algorithms,
                audience=tree.audience,
                issuer=tree.issuer,
                leeway=tree.leeway,
                options={"require": ["exp", "iat", "iss", "aud", "sub"], "verify_jti": False},
            )
        return claims


class Requires:
    """Dependency: the principal of a request whose token grants one of the scopes.

    A :class:`GuardedRoute` asks it before it reads the body; the answer is kept for the rest of the request.
    """

    def __init__(self, scopes: tuple[Scope, ...]) -> None:
        self._scopes = scopes

    async def __call__(
        self, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        """The principal.

        Raises
        ------
        ProblemError
            401: there is no valid token; 403: it lacks the scope.
        """
        known: Principal | None = getattr(request.state, "principal", None)
        if known is None:
            known = request.state.principal = await _principal(request, credentials)
        if self._scopes and not any(known.may(scope) for scope in self._scopes):
            raise missing_scope(self._scopes[0])
        return known


def requires(*scopes: Scope) -> Requires:
    """Dependency: the principal of a request whose token grants one of ``scopes``; of none, of any valid token."""
    return Requires(scopes)


ReadsSomething = Annotated[Principal, Depends(requires(*sorted(set(read_scopes().values()))))]
"""The principal of a request whose token grants any scope that reads."""


class GuardedRoute(APIRoute):
    """A route that reads no body before it knows who sends it, and then only one it can read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler behind the guards."""
        handler = super().get_route_handler()
        guards = [part.call for part in self.dependant.dependencies if isinstance(part.call, Requires)]

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard(request, await _bearer(request))
            if self.body_field is not None:
                check_readable(request, form=isinstance(self.body_field.field_info, Form))
            return await handler(request)

        return guarded


async def _principal(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Principal:
    if credentials is None:
        raise ProblemError("tokenMissing", "A bearer token is needed.", headers={"WWW-Authenticate": "Bearer"})
    return await services_of(request).tokens.principal(credentials.credentials)


def missing_scope(scope: Scope) -> ProblemError:
    """403: what a token without ``scope`` is answered."""
    detail = f"The token lacks the scope {scope} ({SCOPE_MEANING[scope]})."
    return ProblemError("insufficientScope", detail, headers=insufficient(scope))


def insufficient(scope: Scope) -> dict[str, str]:
    """The challenge that names a missing scope, RFC 6750, section 3.1."""
    return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}


@contextmanager
def _refused() -> Iterator[None]:
    """401 for whatever the library raises, also at a header or claim of a strange type or depth."""
    try:
        yield
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _unauthorised(f"the token is not valid: {error}") from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _unauthorised(detail: str) -> ProblemError:
    challenge = 'Bearer error="invalid_token"'
    return ProblemError("tokenInvalid", detail[:1].upper() + detail[1:] + ".", headers={"WWW-Authenticate": challenge})
