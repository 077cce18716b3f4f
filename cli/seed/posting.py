"""Posts the sample organisation through the REST API; every request has a fixed key, so a repetition adds nothing."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from cli.identity import NoTokenError, machine_token, object_in, person_token
from cli.seed.sample import Step, Wanted, people, recognitions, sample, tensions
from runtime.errors import TrmError
from runtime.settings import Settings

_SIDE_BY_SIDE = 4
_TRIES = 60
_PATIENCE = 10

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
    tensions: list[str]


async def post_sample(tree: Settings, progress: Progress = lambda *_: None) -> Seeded:
    """Post people and, once they stand in the graph, recognitions, tensions and what follows those.

    Raises
    ------
    SeedError
        The API refused something or stayed away.
    NoTokenError
        The issuer gave no token.
    """
    organisation = sample()
    tokens = await asyncio.to_thread(_tokens, tree, organisation)
    async with httpx.AsyncClient(base_url=tree.api.public_url, timeout=30.0) as web:
        posting = Posting(web, tokens)
        return Seeded(
            await posting.people(organisation, progress),
            await posting.recognitions(organisation, progress),
            await posting.tensions(organisation, progress),
        )


class Posting:
    """Posts what the sample is made of.

    Parameters
    ----------
    web
        Client of the API.
    tokens
        Who may send something → their token; the machine's under the empty name. What somebody else would send is
        left out.
    """

    def __init__(self, web: httpx.AsyncClient, tokens: Mapping[str, str]) -> None:
        self._web = web
        self._tokens = tokens

    async def people(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Post the people, and wait until they stand in the graph; gives their ids."""
        return await _all("people", people(organisation), self._person, progress)

    async def recognitions(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Post the recognitions; gives their ids."""
        return await _all("recognitions", recognitions(organisation), self._recognition, progress)

    async def tensions(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Post the tensions, and each one's steps once it stands in the graph; gives their ids."""
        return await _all("tensions", tensions(organisation), self._tension, progress)

    async def _person(self, wanted: Wanted) -> str:
        return await self._made("/v1/people", wanted, {201, 202}, _PATIENCE)

    async def _recognition(self, wanted: Wanted) -> str:
        return await self._made("/v1/recognitions", wanted, {201, 202})

    async def _tension(self, wanted: Wanted) -> str:
        tension = await self._made("/v1/tensions", wanted, {201}, _PATIENCE)
        for some in wanted.steps:
            sent = [step for step in some if step.sender in self._tokens]
            await asyncio.gather(*(self._send(f"/v1/tensions/{tension}", step, {200, 201}, _PATIENCE) for step in sent))
        return tension

    async def _made(self, path: str, wanted: Wanted, fine: set[int], wait: int = 0) -> str:
        answer = await self._send(path, Step("POST", "", wanted.key, wanted.body), fine, wait)
        return str(answer["id"])

    async def _send(self, base: str, step: Step, fine: set[int], wait: int) -> dict[str, Any]:
        """Send one request; repeats it while a server behind the API is away, or it is not as far as it should be."""
        headers = {
            "Authorization": f"Bearer {self._tokens[step.sender]}",
            "Idempotency-Key": step.key,
            "If-Match": "*",
            **({"Prefer": f"wait={wait}"} if wait else {}),
        }
        problem = ""
        for _ in range(_TRIES):
            try:
                answer = await self._web.request(step.method, base + step.path, json=step.body, headers=headers)
            except httpx.TransportError as error:
                problem = repr(error)
            else:
                said = object_in(answer) or {}
                if answer.status_code in fine and "id" in said:
                    return said
                problem = answer.text
                if answer.status_code not in {202, 503}:
                    break
            await asyncio.sleep(1.0)
        raise SeedError(f"{step.method} {base}{step.path} ({step.key}): {problem}")


async def _all(
    what: str, wanted: Sequence[Wanted], post: Callable[[Wanted], Awaitable[str]], progress: Progress
) -> list[str]:
    """Post a few at a time, and tell how far it is."""
    places = asyncio.Semaphore(_SIDE_BY_SIDE)
    done = 0
    progress(what, 0, len(wanted))

    async def one(thing: Wanted) -> str:
        nonlocal done
        async with places:
            made = await post(thing)
        done += 1
        progress(what, done, len(wanted))
        return made

    return await asyncio.gather(*(one(thing) for thing in wanted))


def _tokens(tree: Settings, organisation: dict[str, Any]) -> dict[str, str]:
    """The machine's token, and those of the local issuer's people who support tensions, where it has them."""
    tokens = {"": machine_token(tree)}
    password = tree.stack.user_password.get_secret_value()
    for name in sorted({name for said in organisation["tensions"] for name in said.get("supportedBy", [])}):
        with contextlib.suppress(NoTokenError):  # another issuer does not know them
            tokens[name] = person_token(tree, f"{name}@trm.test", password)
    return tokens
