"""Posts the sample organisation through the REST API; every request has a fixed key, so a repetition adds nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import httpx
import yaml

from cli.identity import machine_token, object_in
from runtime.errors import TrmError
from runtime.settings import Settings

_SIDE_BY_SIDE = 4
_FIRST_DAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
_TRIES = 60
_DOMAIN = "ruongxanh.example"

Progress = Callable[[str, int, int], None]
"""Is told what is being posted, how many are done and how many there are."""


class SeedError(TrmError):
    """The API refused a part of the sample; the message is its answer."""

    code = "sampleRefused"


@dataclass(frozen=True)
class Seeded:
    """Ids the API accepted, in the order of the sample."""

    people: list[str]
    recognitions: list[str]


def sample() -> dict[str, Any]:
    """The sample organisation."""
    loaded: dict[str, Any] = yaml.safe_load((files("cli") / "seed" / "organisation.yaml").read_text(encoding="utf-8"))
    return loaded


async def post_sample(tree: Settings, progress: Progress = lambda *_: None) -> Seeded:
    """Post people and, once they stand in the graph, recognitions.

    Raises
    ------
    SeedError
        The API refused something or stayed away.
    NoTokenError
        The issuer gave no token.
    """
    organisation = sample()
    headers = {"Authorization": f"Bearer {await asyncio.to_thread(machine_token, tree)}"}
    async with httpx.AsyncClient(base_url=tree.api.public_url, headers=headers, timeout=30.0) as web:
        people = [(f"seed/person/{person['handle']}", _person(person)) for person in organisation["people"]]
        recognitions = [
            (f"seed/recognition/{number}", _recognition(number, said, organisation))
            for number, said in enumerate(organisation["recognitions"])
        ]
        return Seeded(
            await _post_all(web, "/v1/people", people, "people", progress, wait=10),
            await _post_all(web, "/v1/recognitions", recognitions, "recognitions", progress, wait=0),
        )


async def _post_all(
    web: httpx.AsyncClient,
    path: str,
    requests: list[tuple[str, dict[str, Any]]],
    what: str,
    progress: Progress,
    wait: int,
) -> list[str]:
    places = asyncio.Semaphore(_SIDE_BY_SIDE)
    done = 0
    progress(what, 0, len(requests))

    async def post(key: str, body: dict[str, Any]) -> str:
        nonlocal done
        async with places:
            entity = await _post(web, path, key, body, wait)
        done += 1
        progress(what, done, len(requests))
        return entity

    return await asyncio.gather(*(post(key, body) for key, body in requests))


async def _post(web: httpx.AsyncClient, path: str, key: str, body: dict[str, Any], wait: int) -> str:
    """Post one request; repeats it while a server behind the API is away."""
    headers = {"Idempotency-Key": key, **({"Prefer": f"wait={wait}"} if wait else {})}
    problem = ""
    for _ in range(_TRIES):
        try:
            answer = await web.post(path, json=body, headers=headers)
        except httpx.TransportError as error:
            problem = repr(error)
        else:
            made = (object_in(answer) or {}).get("id")
            if answer.status_code in {201, 202} and made is not None:
                return str(made)
            problem = answer.text
            if answer.status_code != 503:
                break
        await asyncio.sleep(1.0)
    raise SeedError(f"POST {path} ({key}): {problem}")


def _person(person: dict[str, str]) -> dict[str, Any]:
    return {**person, "email": f"{person['handle']}@{_DOMAIN}"}


def _recognition(number: int, said: list[Any], organisation: dict[str, Any]) -> dict[str, Any]:
    giver, receivers, project, content, values, kind = said
    return {
        "giver": {"handle": giver},
        "receivers": [{"handle": handle} for handle in receivers],
        "content": content,
        "type": kind,
        "values": values,
        "project": {"name": organisation["projects"][project]},
        "occurredAt": (_FIRST_DAY + timedelta(days=5 * number, minutes=37 * number)).isoformat(),
    }
