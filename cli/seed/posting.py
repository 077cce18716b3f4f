"""Posts the sample organisation through the REST API; every request has a fixed key, so a repetition adds nothing."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from cli.identity import NoTokenError, machine_token, object_in, person_token
from cli.seed.sample import (
    FOUNDER,
    Step,
    Wanted,
    endings,
    people,
    projects,
    publishes,
    recognitions,
    resolutions,
    sample,
    tasks,
    tensions,
    thanks,
)
from ontology.enums import ProjectStatus, WinPart, WinStatus
from runtime.errors import TrmError
from runtime.settings import Settings

_SIDE_BY_SIDE = 4
_TRIES = 60
_PATIENCE = 10
_SCORED_IN = 240

Thing = TypeVar("Thing")
Made = TypeVar("Made")

Progress = Callable[[str, int, int], None]
"""Is told what is being posted, how many are done and how many there are."""


class SeedError(TrmError):
    """The API refused a part of the sample; the message is its answer.

    Parameters
    ----------
    message
        What was sent, and the answer.
    refusal
        The answer's own code, where it has one.
    """

    code = "sampleRefused"

    def __init__(self, message: str, refusal: str = "") -> None:
        super().__init__(message)
        self.refusal = refusal


@dataclass(frozen=True)
class Seeded:
    """Ids the API accepted, in the order of the sample; an empty one of a project whose name another has already."""

    people: list[str]
    projects: list[str]
    tensions: list[str]
    recognitions: list[str]
    work: list[str]
    """Tasks, and the recognitions for them."""


async def post_sample(tree: Settings, progress: Progress = lambda *_: None) -> Seeded:
    """Post people and, once they stand in the graph, projects, tensions, recognitions, and what follows those.

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
        people = await posting.people(organisation, progress)
        projects = await posting.projects(organisation, progress)
        tensions = await posting.tensions(organisation, progress)
        recognitions = await posting.recognitions(organisation, progress)
        work = await posting.work(organisation, projects, tensions, progress)
        return Seeded(people, projects, tensions, recognitions, work)


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

    async def projects(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Propose the projects, before anything names them; gives their ids, none of one whose name is taken."""
        return await _all("projects", projects(organisation), self._project, progress)

    async def recognitions(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Post the recognitions; gives their ids."""
        return await _all("recognitions", recognitions(organisation), self._recognition, progress)

    async def tensions(self, organisation: dict[str, Any], progress: Progress) -> list[str]:
        """Post the tensions, and each one's steps once it stands in the graph; gives their ids."""
        return await _all("tensions", tensions(organisation), self._tension, progress)

    async def work(
        self, organisation: dict[str, Any], projects: list[str], tensions: list[str], progress: Progress
    ) -> list[str]:
        """Approve the projects and do what is done in them; gives the ids of tasks and of recognitions for them.

        Nothing is done where the issuer knows nobody who could approve them, or in a project of another.
        """
        own = [number for number, project in enumerate(projects) if project and FOUNDER in self._tokens]

        async def story(number: int) -> list[str]:
            return await self._story(organisation, number, projects[number], tensions)

        return [one for made in await _all("stories", own, story, progress) for one in made]

    async def _story(self, organisation: dict[str, Any], number: int, project: str, tensions: list[str]) -> list[str]:
        proposal, path = projects(organisation)[number], f"/v1/projects/{project}"
        if not any(proposal.steps):
            return []  # it waits for its approval, so that there is something to decide
        await self._approve(project, f"{proposal.key}/approval")
        await self._step(path, resolutions(organisation, number, tensions))
        for some in proposal.steps:
            await self._step(path, some)
        planned = [await self._task(one) for one in tasks(organisation, number, project)]
        for one in endings(organisation, number):
            await self._step(path, [one])
        thanked = [await self._recognition(one) for one in thanks(organisation, number, planned, tensions)]
        if publishes(organisation, number):
            await self._publish(project, f"{proposal.key}/win")
        return planned + thanked

    async def _task(self, wanted: Wanted) -> str:
        step = Step("POST", "", wanted.key, wanted.body, FOUNDER)
        task = str((await self._send("/v1/tasks", step, {201}, _PATIENCE))["id"])
        for some in wanted.steps:
            await self._step(f"/v1/tasks/{task}", some)
        return task

    async def _step(self, base: str, steps: Sequence[Step]) -> None:
        """All of some steps, one after the other: each changes the same thing."""
        for step in steps:
            await self._send(base, step, {200, 201}, _PATIENCE)

    async def _approve(self, project: str, key: str) -> None:
        """Decide that a project is carried out, and wait until it is being planned; one that is goes on."""
        for _ in range(_TRIES):
            if (await self._read(f"/v1/projects/{project}"))["status"] != ProjectStatus.PROPOSAL:
                return
            for one in (await self._read(f"/v1/approvals?subjectId={project}&status=Pending"))["items"]:
                decision = Step("POST", "/decision", key, {"outcome": "Approve"}, FOUNDER)
                await self._send(f"/v1/approvals/{one['id']}", decision, {200}, _PATIENCE)
            await asyncio.sleep(0.5)
        raise SeedError(f"the project {project} was not approved in time")

    async def _publish(self, project: str, key: str) -> None:
        """Wait until an agent has scored the project and its thanks, and approve that; what is published stays."""
        for _ in range(_SCORED_IN):
            for win in (await self._read(f"/v1/wins?projectId={project}"))["items"]:
                if win["status"] == WinStatus.PUBLISHED:
                    return
                thanked = any(one["evidence"] for one in win["inputs"] if one["part"] == WinPart.COLLABORATION)
                if thanked and win.get("approval"):
                    decision = Step("POST", "/decision", key, {"outcome": "Approve"}, FOUNDER)
                    await self._send(f"/v1/approvals/{win['approval']}", decision, {200, 201}, _PATIENCE)
            await asyncio.sleep(0.5)
        raise SeedError(f"what the project {project} was worth was not published in time")

    async def _read(self, path: str) -> dict[str, Any]:
        return await self._asked("GET", path, {"Authorization": f"Bearer {self._tokens[FOUNDER]}"}, None, {200})

    async def _project(self, wanted: Wanted) -> str:
        try:
            return await self._made("/v1/projects", wanted, {201}, _PATIENCE)
        except SeedError as error:
            if error.refusal == "projectExists":
                return ""
            raise

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
        return await self._asked(step.method, base + step.path, headers, step.body, fine, step.key)

    async def _asked(
        self, method: str, path: str, headers: dict[str, str], body: Any, fine: set[int], key: str = ""
    ) -> dict[str, Any]:
        problem = refusal = ""
        for _ in range(_TRIES):
            try:
                answer = await self._web.request(method, path, json=body, headers=headers)
            except httpx.TransportError as error:
                problem = repr(error)
            else:
                said = object_in(answer) or {}
                if answer.status_code in fine and said:
                    return said
                problem, refusal = answer.text, str(said.get("code", ""))
                if answer.status_code not in {202, 503}:
                    break
            await asyncio.sleep(1.0)
        raise SeedError(f"{method} {path} ({key}): {problem}", refusal)


async def _all(
    what: str, wanted: Sequence[Thing], post: Callable[[Thing], Awaitable[Made]], progress: Progress
) -> list[Made]:
    """Post a few at a time, and tell how far it is."""
    places = asyncio.Semaphore(_SIDE_BY_SIDE)
    done = 0
    progress(what, 0, len(wanted))

    async def one(thing: Thing) -> Made:
        nonlocal done
        async with places:
            made = await post(thing)
        done += 1
        progress(what, done, len(wanted))
        return made

    return await asyncio.gather(*(one(thing) for thing in wanted))


def _tokens(tree: Settings, organisation: dict[str, Any]) -> dict[str, str]:
    """The machine's token, and those of the local issuer's people who take part, where it has them."""
    tokens = {"": machine_token(tree)}
    password = tree.stack.user_password.get_secret_value()
    supporters = {name for said in organisation["tensions"] for name in said.get("supportedBy", [])}
    for name in sorted({FOUNDER, *supporters}):
        with contextlib.suppress(NoTokenError):  # another issuer does not know them
            tokens[name] = person_token(tree, f"{name}@trm.test", password)
    return tokens
