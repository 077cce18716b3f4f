"""``trm live``: what happens, line by line as it happens."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.text import Text

from cli.errors import plain_errors, say
from cli.foreign import shown as safe
from cli.identity import NoTokenError, caller_token, object_in
from runtime.clock import now
from runtime.errors import TrmError
from runtime.settings import Settings, settings

console = Console(soft_wrap=True)

_AGAIN = 1.0
"""Seconds before it connects again."""

Json = dict[str, Any]


class LiveRefusedError(TrmError):
    """The gateway does not tell; the message says why."""

    code = "notTold"


def live(
    types: Annotated[list[str] | None, typer.Option("--type", help="only events of this type; may be repeated")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="only what changes things of this label")] = None,
    about: Annotated[str, typer.Option("--id", help="only what changes this thing")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="only what leads to the caller")] = False,
    user: Annotated[str, typer.Option(help="listen as a person of the local issuer; default: the machine client")] = "",
    ago: Annotated[int, typer.Option(min=0, max=10_080, help="begin with what happened so many minutes ago")] = 0,
    count: Annotated[int, typer.Option(min=0, help="stop after so many events; 0: never")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="print each event as it came")] = False,
) -> None:
    """Follow what happens until Ctrl-C; a lost connection is made again where it broke off."""
    asked = {"type": types or [], "kind": kinds or [], **({"id": about} if about else {}), "mine": str(mine).lower()}
    with plain_errors():
        asyncio.run(_follow(settings(), asked, user, ago, count, as_json=as_json))


async def _follow(tree: Settings, asked: Json, user: str, ago: int, count: int, *, as_json: bool) -> None:
    shown = 0
    async for event in _events(tree, asked, user, ago):
        if as_json:
            print(json.dumps(event, ensure_ascii=False), flush=True)
        else:
            console.print(line(event))
        shown += 1
        if shown == count:
            return


async def _events(tree: Settings, asked: Json, user: str, ago: int) -> AsyncIterator[Json]:
    """What happened since some minutes, and then what happens; the stream is open before the past is asked for."""
    place, known = "", set[str]()
    async with httpx.AsyncClient(base_url=tree.api.public_url, timeout=httpx.Timeout(10.0, read=60.0)) as web:
        while True:
            try:
                token = await asyncio.to_thread(caller_token, tree, user)
                headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": place} if place else {})}
                async with web.stream("GET", "/v1/live", params=asked, headers=headers) as answer:
                    await _check(answer)
                    async for cursor, event in messages(answer.aiter_lines()):
                        if not place and ago:
                            for past in await _past(web, asked, headers, ago):
                                known.add(past["id"])
                                yield past
                        place = cursor or place
                        if event is not None and event["id"] not in known:
                            yield event
            except NoTokenError as error:
                raise LiveRefusedError(str(error)) from error
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                if not place and isinstance(error, httpx.TransportError):
                    said = f"the gateway {tree.api.public_url} does not answer: {error or type(error).__name__}"
                    raise LiveRefusedError(said) from error
                say("Nothing is told now; it is tried again:", error)
            await asyncio.sleep(_AGAIN)


async def _past(web: httpx.AsyncClient, asked: Json, headers: dict[str, str], ago: int) -> list[Json]:
    """What happened since some minutes, the oldest first."""
    since = (now() - timedelta(minutes=ago)).isoformat()
    found: list[Json] = []
    more = {"cursor": ""}
    while True:
        answer = await web.get("/v1/feed", params={**asked, "since": since, "limit": 100, **more}, headers=headers)
        await _check(answer)
        page = answer.json()
        found += page["items"]
        if "nextCursor" not in page:
            return found[::-1]
        more = {"cursor": page["nextCursor"]}


async def _check(answer: httpx.Response) -> None:
    """Pass an answer that tells; what is away now may tell later."""
    if answer.status_code == 503:
        answer.raise_for_status()
    if answer.is_error:
        await answer.aread()
        raise LiveRefusedError(str((object_in(answer) or {}).get("detail") or answer.text))


async def messages(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, Json | None]]:
    """Server-sent events: the id of each, and its event; None of a sign of life."""
    held: dict[str, str] = {}
    async for text in lines:
        name, _, value = text.partition(": ")
        if text:
            held[name] = value
            continue
        event = json.loads(held["data"]) if held.get("event") not in {"alive", "end", None} else None
        yield held.get("id", ""), event
        held = {}


def line(event: Json) -> Text:
    """An event in one line: when, what, of which thing, by whom."""
    said, moment = event["data"], datetime.fromisoformat(event["data"]["recordedAt"]).astimezone()
    subject, sender = said["subject"], said.get("sentBy") or {}
    shown = Text(moment.strftime("%H:%M:%S"), style="dim")
    shown.append(f"  {safe(event['type'])}", style="bold")
    shown.append(f"  {safe(subject['label'])} {safe(subject.get('name') or subject['id'])}")
    if by := sender.get("fullName") or said.get("agent"):
        shown.append(f"  {safe(by)}", style="dim")
    return shown
