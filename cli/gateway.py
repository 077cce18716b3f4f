"""Requests of commands to the gateway, as the machine client or a person of the local issuer."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from cli.identity import NoTokenError, caller_token, object_in
from runtime.errors import TrmError, UsageRefusedError
from runtime.settings import Settings

Json = dict[str, Any]


class NotAnsweredError(TrmError):
    """The gateway refuses, or is away; the message says why."""

    code = "notTold"


def path_of(name: str) -> str:
    """A name with slashes as a part of an address.

    Raises
    ------
    UsageRefusedError
        It would lead elsewhere.
    """
    if {".", ".."} & set(name.split("/")):
        raise UsageRefusedError(f"{name!r} is no id")
    return "/".join(quote(part, safe="") for part in name.split("/"))


async def answered(
    tree: Settings,
    method: str,
    path: str,
    user: str = "",
    *,
    params: Mapping[str, str | int] | None = None,
    body: Json | None = None,
    headers: Mapping[str, str] | None = None,
) -> Json:
    """What the gateway answers.

    Parameters
    ----------
    tree, method, path
        Which request to which gateway.
    user
        E-mail of a person of the local issuer; empty for the machine client.
    params, body, headers
        Of the request.

    Raises
    ------
    NotAnsweredError
        It refuses, or is away.
    """
    try:
        token = await asyncio.to_thread(caller_token, tree, user)
        async with httpx.AsyncClient(base_url=tree.api.public_url, timeout=30.0) as web:
            said = {"Authorization": f"Bearer {token}", **(headers or {})}
            answer = await web.request(method, path, params=params, json=body, headers=said)
    except (NoTokenError, httpx.TransportError) as error:
        raise NotAnsweredError(str(error) or repr(error)) from error
    found = object_in(answer)
    if found is None:
        told = f"{tree.api.public_url} answers {answer.status_code} and something else than JSON: is it the gateway?"
        raise NotAnsweredError(told)
    if answer.is_error:
        raise NotAnsweredError(str(found.get("detail") or answer.text))
    return found
