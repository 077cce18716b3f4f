"""Every error as a problem: those of ours by their family, the framework's, and whatever nobody expected."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem_codes import STATUS, ProblemCode, is_problem_code
from api.problems import MEDIA_TYPE, CandidateDTO, FieldError, ProblemDTO, ProblemError
from graph.errors import NameRefusedError
from runtime.errors import MisconfiguredError, RefusedError, TrmError, UnavailableError

log = logging.getLogger(__name__)

_TYPE = "urn:trm:problem:"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OF_FRAMEWORK: dict[int, ProblemCode] = {404: "notFound", 405: "methodNotAllowed", 413: "bodyTooLarge"}


def install(app: FastAPI, retry_after: int) -> None:
    """Answer every error of the application as a problem; call before other middleware is added around it."""

    async def unavailable(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, UnavailableError)
        log.warning("a server is away", extra={"code": error.code, "cause": str(error)})
        detail = "A server this request needs is away; try again."
        code = _listed(error, "unavailable")
        return _answer(request, code, detail, headers={"Retry-After": str(retry_after)})

    for kind, handler in (
        (ProblemError, _problem),
        (RefusedError, _refused),
        (MisconfiguredError, _misconfigured),
        (UnavailableError, unavailable),
        (RequestValidationError, _invalid),
        (HTTPException, _of_framework),
    ):
        app.add_exception_handler(kind, handler)
    app.add_middleware(UnexpectedErrors)


class UnexpectedErrors:
    """Answers what nobody expected from within, so that the layers around add to it what they add to any answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; once an answer has begun, the error goes on and ends the connection."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            log.exception("unexpected error")
            trace.get_current_span().record_exception(error)
            answer = _answer(Request(scope), "internal", "Something went wrong on our side.")
            await answer(scope, receive, send)


def refusal(connection: HTTPConnection, error: TrmError) -> JSONResponse:
    """How a connection that is no request is refused."""
    if isinstance(error, ProblemError):
        return _answer(connection, error.problem_code, str(error), error.pointer, error.headers)
    log.warning("a server is away", extra={"code": error.code, "cause": str(error)})
    return _answer(connection, _listed(error, "unavailable"), "A server this needs is away; try again.")


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    return _answer(request, error.problem_code, str(error), error.pointer, error.headers)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)
    code = _listed(error, "refused")
    return _answer(request, code, str(error), error.pointer, candidates=_candidates(error))


async def _misconfigured(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, MisconfiguredError)
    log.error("a server refuses us: mend its configuration", extra={"code": error.code, "cause": str(error)})
    detail = "A server this request needs is set up in a way that refuses us; repeating it will not help."
    return _answer(request, _listed(error, "misconfigured"), detail)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [FieldError(pointer=_pointer(item), detail=_detail(item)) for item in error.errors()]
    return _answer(request, "invalidRequest", "The request is not valid.", errors=errors)


async def _of_framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed(request))
    code = _OF_FRAMEWORK.get(error.status_code, "invalidRequest")  # what else it raises is a body it cannot parse
    return _answer(request, code, str(error.detail), "/" if code == "invalidRequest" else None, headers)


def _answer(
    request: HTTPConnection,
    code: ProblemCode,
    detail: str,
    pointer: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    errors: list[FieldError] | None = None,
    candidates: list[CandidateDTO] | None = None,
) -> JSONResponse:
    context = trace.get_current_span().get_span_context()
    body = ProblemDTO(
        type=_TYPE + code,
        title=_title(code),
        status=STATUS[code],
        code=code,
        detail=detail,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", None),
        trace_id=format(context.trace_id, "032x") if context.is_valid else None,
        errors=errors or ([FieldError(pointer=pointer, detail=detail)] if pointer else []),
        candidates=candidates or [],
    )
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, STATUS[code], headers=headers, media_type=MEDIA_TYPE)


def _listed(error: TrmError, otherwise: ProblemCode) -> ProblemCode:
    """The error's code; one that was forgotten in the list is answered by its family's."""
    return error.code if is_problem_code(error.code) else otherwise


def _allowed(request: Request) -> list[str]:
    """Every method a path has; the framework names those of the path's first route."""

    def fits(method: str) -> bool:
        scope = {**request.scope, "method": "GET" if method == "HEAD" else method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in _METHODS if fits(method)]


def _candidates(error: RefusedError) -> list[CandidateDTO]:
    if not isinstance(error, NameRefusedError):
        return []
    return [
        CandidateDTO(id=person.id, full_name=person.name, email=person.email, handle=person.handle)
        for person in error.candidates
    ]


def _pointer(item: dict[str, Any]) -> str:
    where, *rest = ("body",) if item["type"] == "json_invalid" else item["loc"]
    path = "/" + "/".join(str(part) for part in rest) if rest else ""
    return path or "/" if where == "body" else f"#{where}{path}"


def _detail(item: dict[str, Any]) -> str:
    if item["type"] != "json_invalid":
        return str(item["msg"]).removeprefix("Value error, ")
    return f"No JSON: {item['ctx']['error']} at character {item['loc'][1]}"


def _title(code: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in code)
    return words[:1].upper() + words[1:]
