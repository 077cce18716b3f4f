"""``/ws/live``, ``/v1/live`` and ``/v1/liveTickets``: what happens, as it happens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Header, Query, Request, Response, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.websockets import WebSocketDisconnect

from api.error_answers import refusal
from api.live import cursor as cursors
from api.live.asked import Asked, asked_by
from api.live.hub import Listener
from api.live.schemas import FeedEventDTO
from api.live.streams import End, SignOfLife, sent
from api.problem_codes import AUTHENTICATES, STREAMS
from api.problems import ProblemError, responses
from api.schemas import AnswerDTO
from api.security import GuardedRoute, Principal, ReadsSomething, missing_scope
from api.services import Services
from api.things import Reach
from graph.feed import FeedFilters
from ontology.base import Timestamp
from ontology.scopes import Scope
from runtime.errors import TrmError

router = APIRouter(tags=["feed"], route_class=GuardedRoute)

_ENDS = {"tooSlow": 1013, "tokenExpired": 4401, "goingAway": 1012}
"""Why a stream ends → close code of its socket; RFC 6455 and the registry it made, from 4000 on ours."""

_CLOSED_IN = 2.0
"""Seconds in which the reason may be taken; then the connection ends without."""

_REFUSED = 1008
_MOST_MISTAKES = 100
_LONGEST_TICKET = 100

_MESSAGE = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
    "required": ["event", "data"],
}
_DESCRIPTION = "One event per message, as `/v1/feed` has it; `id` is the cursor, `event` the type"


class LiveTicketDTO(AnswerDTO):
    """A ticket for one socket."""

    ticket: str = Field(description="to be sent once, as `/ws/live?ticket=…`")
    expires_at: Timestamp


@router.post(
    "/v1/liveTickets",
    status_code=201,
    responses=responses(*AUTHENTICATES, "knowledgeUnavailable"),
    summary="Get a ticket to listen with",
)
async def make_ticket(principal: ReadsSomething, services: Reach) -> LiveTicketDTO:
    """A ticket lets one socket in, within seconds, as whoever asked for it, for as long as their token is valid."""
    ticket, until = await services.tickets.make(principal)
    return LiveTicketDTO(ticket=ticket, expires_at=until)


@router.get(
    "/v1/live",
    response_class=StreamingResponse,
    responses={
        200: {"description": _DESCRIPTION, "content": {"text/event-stream": {"schema": _MESSAGE}}},
        **responses(*STREAMS),
    },
    summary="Follow what happens",
)
async def stream(
    request: Request,
    principal: ReadsSomething,
    services: Reach,
    filters: Asked,
    cursor: Annotated[str | None, Query(max_length=4_000, description="go on after this place; default: now")] = None,
    last_event_id: Annotated[str | None, Header(max_length=4_000, description="goes before `cursor`")] = None,
) -> Response:
    """What happens from now or a place on, as server-sent events; an event comes once, and none is left out."""
    if request.state.silent:
        return Response(media_type="text/event-stream")
    stack = contextlib.AsyncExitStack()
    place = cursors.read(last_event_id or cursor)
    listener, missed = await stack.enter_async_context(services.live.listen(principal, filters, place))

    async def body() -> AsyncIterator[bytes]:
        async with stack, contextlib.aclosing(_sent(services, listener, missed)) as stream:
            async for one in stream:
                yield _as_message(one)

    return StreamingResponse(body(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.websocket("/ws/live")
async def socket(websocket: WebSocket) -> None:
    """What happens, as frames: an event each, or a control; the client may change what it asks for."""
    services: Services = websocket.app.state.services
    async with contextlib.AsyncExitStack() as stack:
        try:
            _check_origin(websocket, services)
            principal = await _principal(websocket, services)
            filters = asked_by(_query(websocket))
            place = cursors.read(websocket.query_params.get("cursor"))
            listener, missed = await stack.enter_async_context(services.live.listen(principal, filters, place))
        except TrmError as error:
            await websocket.send_denial_response(refusal(websocket, error))
            return
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await _served(websocket, services, listener, missed)


async def _served(
    websocket: WebSocket, services: Services, listener: Listener, missed: AsyncIterator[FeedEventDTO]
) -> None:
    """Send and read side by side until either ends."""
    sending = asyncio.create_task(_send(websocket, services, listener, missed))
    reading = asyncio.create_task(_read(websocket, listener))
    try:
        done, _ = await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
        code, why = next(iter(done)).result()
        if code is not None:
            with contextlib.suppress(TimeoutError):  # who reads nothing does not take the reason either
                async with asyncio.timeout(_CLOSED_IN):
                    await websocket.close(code, why)
    finally:
        for task in (sending, reading):
            task.cancel()
        await asyncio.gather(sending, reading, return_exceptions=True)


async def _send(
    websocket: WebSocket, services: Services, listener: Listener, missed: AsyncIterator[FeedEventDTO]
) -> tuple[int | None, str]:
    ended = asyncio.create_task(_when_ended(listener))
    try:
        async with contextlib.aclosing(_sent(services, listener, missed)) as stream:
            async for one in stream:
                if isinstance(one, End):
                    return _ENDS[one.why], one.why
                sending = asyncio.create_task(websocket.send_text(_as_frame(one)))
                await asyncio.wait({sending, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not sending.done():  # it reads nothing: nobody waits for it to take the reason either
                    sending.cancel()
                    return _ENDS[listener.ended.result()], listener.ended.result()
                sending.result()
        return None, ""
    finally:
        ended.cancel()


async def _when_ended(listener: Listener) -> None:
    await asyncio.shield(listener.ended)


async def _read(websocket: WebSocket, listener: Listener) -> tuple[int | None, str]:
    """Take what the client says; gives how to close it, which is not at all when it is gone."""
    mistakes = 0
    while mistakes < _MOST_MISTAKES:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None, ""
        try:
            listener.filters = _said(message.get("text"))
        except ProblemError as error:
            mistakes += 1
            answer = {"control": "problem", "code": error.problem_code, "detail": str(error)}
        else:
            answer = {"control": "filtered"}
        await websocket.send_text(orjson.dumps(answer).decode())
    return _REFUSED, "tooManyMistakes"


def _said(text: str | None) -> FeedFilters:
    """What a frame asks for.

    Raises
    ------
    ProblemError
        422: it is not understood.
    """
    try:
        said = orjson.loads(text or "")
    except orjson.JSONDecodeError as error:
        raise ProblemError("invalidRequest", "A frame is JSON text.") from error
    if not isinstance(said, dict) or said.keys() != {"filters"} or not isinstance(said["filters"], dict):
        raise ProblemError("invalidRequest", 'A frame is {"filters": {…}}.')
    return asked_by(said["filters"])


def _sent(services: Services, listener: Listener, missed: AsyncIterator[FeedEventDTO]) -> Any:
    return sent(services.live, listener, missed, services.settings.live.heartbeat)


def _as_frame(one: FeedEventDTO | SignOfLife) -> str:
    if isinstance(one, SignOfLife):
        return orjson.dumps({"control": "alive", "cursor": one.cursor}).decode()
    return one.model_dump_json(exclude_none=True)


def _as_message(one: FeedEventDTO | SignOfLife | End) -> bytes:
    match one:
        case End():
            return f"event: end\ndata: {one.why}\n\n".encode()
        case SignOfLife():
            return f"id: {one.cursor}\nevent: alive\ndata: {{}}\n\n".encode()
        case _:
            return f"id: {one.cursor}\nevent: {one.type}\ndata: {one.model_dump_json(exclude_none=True)}\n\n".encode()


async def _principal(websocket: WebSocket, services: Services) -> Principal:
    """Who connects: by their token in the header, or a ticket.

    Raises
    ------
    ProblemError
        401: neither is valid; 403: it reads nothing.
    """
    scheme, _, token = websocket.headers.get("authorization", "").partition(" ")
    ticket = websocket.query_params.get("ticket")
    if token and scheme.lower() == "bearer":
        principal = await services.tokens.principal(token.strip())
    elif ticket:
        found = await services.tickets.take(ticket[:_LONGEST_TICKET])
        if found is None:
            detail = "The ticket is unknown, used, or too old; get another from `/v1/liveTickets`."
            raise ProblemError("ticketInvalid", detail, headers={"WWW-Authenticate": "Bearer"})
        principal = found
    else:
        detail = "A bearer token is needed, or a ticket from `/v1/liveTickets`."
        raise ProblemError("tokenMissing", detail, headers={"WWW-Authenticate": "Bearer"})
    if not principal.reads:
        raise missing_scope(Scope.READ_RECOGNITION)
    return principal


def _check_origin(websocket: WebSocket, services: Services) -> None:
    """Pass unless a page of another origin opens the socket: a browser lets any page do so.

    Raises
    ------
    ProblemError
        403: it is not one of ours.
    """
    origin = websocket.headers.get("origin")
    own = urlsplit(services.settings.api.public_url)
    if origin is not None and origin not in {*services.settings.origins, f"{own.scheme}://{own.netloc}"}:
        raise ProblemError("originRefused", f"Pages of {origin[:200]} may not listen here.")


def _query(websocket: WebSocket) -> dict[str, Any]:
    """The filters in the address, as a frame would give them."""
    given = websocket.query_params
    lists = {name: given.getlist(name) for name in ("type", "kind") if name in given}
    return {**lists, **{name: given[name] for name in ("id", "mine") if name in given}}
