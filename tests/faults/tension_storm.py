"""Lives of tensions under a storm: reported, supported and moved by several at once, and what must be true of each."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import httpx

from runtime.settings import Settings
from tests.clients import http_client
from tests.faults.storm import Ledger, answered

SUPPORTERS = ("alice", "bob")

_UNDECIDED = frozenset({202, 503})
_REASONS = {"illegalTransition", "archived"}
"""Why a rival's wish may be refused."""


@dataclass
class Life:
    """What its clients know of a tension.

    Parameters
    ----------
    id
        Its id.
    rivals
        Whether one archives it while others support it and move it on: then either comes first.
    supporters
        Who said that they feel it too, and did not take it back.
    moved
        States it was moved to.
    revisions
        How many it must have: one of its report, and one of every change that was accepted.
    refused
        What was asked in vain, with the code of the answer.
    """

    id: str
    rivals: bool
    supporters: set[str] = field(default_factory=set)
    moved: list[str] = field(default_factory=list)
    revisions: int = 1
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def archived(self) -> bool:
        """It is out of lists and search."""
        return "Archived" in self.moved


@contextlib.asynccontextmanager
async def storm_clients(tree: Settings) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client of the machine, and one of each supporter."""
    async with contextlib.AsyncExitStack() as open_ones:
        yield {who: await open_ones.enter_async_context(http_client(tree, who)) for who in ("machine", *SUPPORTERS)}


async def live(
    clients: Mapping[str, httpx.AsyncClient], number: int, at: float, ledger: Ledger, lives: list[Life]
) -> None:
    """Report a tension at its time, and ask for each change of it until it is decided on."""
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    body = {
        "title": f"Tension number {number}: the line stops at shift {number % 3}",
        "detector": {"handle": f"giver{number % 7}"},
        "affectedProjects": [{"name": f"Project {number % 3}"}],
    }
    made = await answered(clients["machine"], "POST", "/v1/tensions", body, f"storm-{number}", ledger, _UNDECIDED)
    if made.status_code != 201:
        ledger.refused.append(f"{made.status_code} {made.text}")
        return
    life = Life(made.json()["id"], rivals=number % 2 == 0)
    lives.append(life)
    supports = [_support(clients[who], who, life, ledger, felt=True) for who in SUPPORTERS]
    if life.rivals:
        moves = [_move(clients["machine"], life, to, ledger) for to in ("UnderReview", "Archived")]
        await asyncio.gather(*supports, *moves)
        return
    await asyncio.gather(*supports, _move(clients["machine"], life, "UnderReview", ledger))
    await _move(clients["machine"], life, "Accepted", ledger)
    if number % 3 == 1:
        await _support(clients["bob"], "bob", life, ledger, felt=False)


async def _support(web: httpx.AsyncClient, who: str, life: Life, ledger: Ledger, *, felt: bool) -> None:
    if await _done(web, "PUT", life, "support", {"felt": felt}, f"{who}-{felt}", ledger):
        (life.supporters.add if felt else life.supporters.discard)(who)


async def _move(web: httpx.AsyncClient, life: Life, to: str, ledger: Ledger) -> None:
    if await _done(web, "POST", life, "transitions", {"to": to, "reason": "the storm"}, to, ledger):
        life.moved.append(to)


async def _done(
    web: httpx.AsyncClient, method: str, life: Life, what: str, body: dict[str, object], key: str, ledger: Ledger
) -> bool:
    """Whether a change was made; if not, its reason is kept."""
    path = f"/v1/tensions/{life.id}/{what}"
    answer = await answered(web, method, path, body, key, ledger, _UNDECIDED)
    if answer.status_code == 200:
        life.revisions += 1
        return True
    life.refused.append((key, answer.json().get("code", answer.text)))
    return False


async def untrue(clients: Mapping[str, httpx.AsyncClient], lives: Iterable[Life]) -> list[str]:
    """What of the tensions is not as their clients were told, in sentences."""
    people = {who: (await clients[who].get("/v1/me")).raise_for_status().json()["person"]["id"] for who in SUPPORTERS}
    found = [await _untrue(clients["machine"], life, people) for life in lives]
    return [f"{life}: {sentence}" for life, sentence in chain.from_iterable(found)]


async def _untrue(web: httpx.AsyncClient, life: Life, people: Mapping[str, str]) -> list[tuple[str, str]]:
    thing = (await web.get(f"/v1/tensions/{life.id}")).raise_for_status().json()
    history = (await web.get(f"/v1/tensions/{life.id}/history", params={"limit": 100})).raise_for_status().json()
    supporters = sorted(one["id"] for one in thing["supportedBy"])
    revisions = [one["rev"] for one in history["items"]]
    made = [one for one in history["items"] if one["madeBy"]["type"] != "TENSION_ANALYSED"]
    moves = life.moved or ["Open"]
    claims = {
        f"is {thing['status']}, was moved to {moves}": thing["status"] == moves[-1],
        f"is supported by {supporters}, {life.supporters} do": supporters == sorted(people[w] for w in life.supporters),
        f"has the revisions {revisions}": revisions == list(range(len(revisions), 0, -1)),
        f"was changed {len(made)} times by people, and {life.revisions} times": len(made) == life.revisions,
        "was judged more than once": len(revisions) - len(made) <= 1,
        f"refused {life.refused}": not life.refused or (life.rivals and {code for _, code in life.refused} <= _REASONS),
        f"was moved to {moves} by rivals": not life.rivals or len(moves) == 1,
    }
    return [(life.id, sentence) for sentence, true in claims.items() if not true]
