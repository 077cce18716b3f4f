"""The issuer's public keys: read over HTTP, whatever it answers, and kept for as long as they hold."""

import asyncio
import json
import logging
import time
from typing import Any

import httpx
import jwt

from runtime.errors import UnavailableError
from runtime.settings import IdentitySettings

log = logging.getLogger(__name__)

_FETCH_LIMIT = 5.0
_ASYMMETRIC = ("RSA", "EC", "OKP")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a private key: an issuer that publishes one by mistake is still read as the public key beside it."""


class IssuerAwayError(UnavailableError):
    """The issuer's keys cannot be read."""

    code = "issuerUnavailable"


class _NoKeysError(Exception):
    """What the issuer answered holds no key; the message says why."""


class KeySet:
    """The issuer's public keys, read again for an unknown key id and when they are old, but never in a hurry.

    A key the issuer withdrew is refused as soon as the keys were read again; while it is away, those known hold.
    An answer without a single usable key counts as away; what cannot be used beside usable keys is passed over.
    """

    def __init__(self, settings: IdentitySettings) -> None:
        self._url = settings.jwks_url or f"{settings.issuer.rstrip('/')}/.well-known/jwks.json"
        self._interval = settings.jwks_min_interval
        self._longest = settings.jwks_max_age
        self._largest = settings.jwks_max_bytes
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
            async with asyncio.timeout(_FETCH_LIMIT):
                found = public_keys(await self._answer())
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, _NoKeysError) as error:
            log.warning("the issuer's keys cannot be read", extra={"url": self._url, "cause": repr(error)})
            self._tried = time.monotonic() - self._interval + _FETCH_LIMIT
            return
        self._fetched = self._tried = time.monotonic()
        self._keys = found

    async def _answer(self) -> bytes:
        """Body of the answer; not compressed, so that its size is bounded by what is read."""
        body = b""
        async with (
            httpx.AsyncClient(timeout=_FETCH_LIMIT, follow_redirects=False) as web,
            web.stream("GET", self._url, headers={"Accept-Encoding": "identity"}) as answer,
        ):
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > self._largest:
                    raise _NoKeysError(f"more than {self._largest} bytes")
        return body


def public_keys(body: bytes) -> dict[str, jwt.PyJWK]:
    """The usable keys of a JWK Set (RFC 7517) by their ids.

    Raises
    ------
    _NoKeysError
        There is none, or it is no JWK Set.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _NoKeysError(f"no JSON: {error}") from error
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise _NoKeysError("no JWK Set")
    keys: dict[str, jwt.PyJWK] = {}
    for entry in entries:
        key = _public_key(entry)
        if key is not None:
            keys.setdefault(entry["kid"], key)
    if not keys:
        raise _NoKeysError(f"none of {len(entries)} keys is usable")
    return keys


def _public_key(entry: Any) -> jwt.PyJWK | None:
    """One key that verifies signatures; None for whatever else stands there."""
    if not isinstance(entry, dict) or entry.get("kty") not in _ASYMMETRIC or entry.get("use", "sig") != "sig":
        return None
    key_id = entry.get("kid")
    if not isinstance(key_id, str) or not key_id:
        return None
    try:
        return jwt.PyJWK({name: value for name, value in entry.items() if name not in _PRIVATE})
    except Exception as error:  # of any kind, by what the entry holds; the keys beside it hold all the same
        log.warning("a key of the issuer is passed over", extra={"keyId": key_id, "cause": repr(error)})
        return None
