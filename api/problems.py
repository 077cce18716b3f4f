"""RFC 9457 problems: one shape for every error, with a stable code and a pointer to the field at fault."""

import logging
from typing import Any, ClassVar
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.schemas import AnswerDTO
from graph.errors import NameRefusedError, PersonExistsError
from runtime.errors import MisconfiguredError, RefusedError, TrmError, UnavailableError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:trm:problem:"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class FieldError(AnswerDTO):
    """What is wrong with one field."""

    pointer: str = Field(description="JSON pointer into the body, or #query/name, #header/name")
    detail: str


class CandidateDTO(AnswerDTO):
    """A person or project a bare name could mean."""

    id: UUID
    full_name: str
    email: str | None = None
    handle: str | None = None


class ProblemDTO(AnswerDTO):
    """An error, RFC 9457."""

    type: str
    title: str
    status: int
    code: str = Field(description="stable name of the problem")
    detail: str
    instance: str | None = None
    request_id: str | None = None
    trace_id: str | None = None
    errors: list[FieldError] = []
    candidates: list[CandidateDTO] = Field(default=[], description="whom an ambiguous name could mean")


class ProblemError(TrmError):
    """An error with its HTTP status and headers."""

    code: ClassVar[str] = "problem"

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail, pointer=pointer)
        self.status = status
        self.problem_code = code
        self.headers = headers or {}


def install(app: FastAPI, retry_after: int) -> None:
    """Answer every error of the application as a problem."""

    async def problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)
        return _answer(request, error.status, error.problem_code, str(error), error.pointer, error.headers)

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RefusedError)
        status = 409 if isinstance(error, PersonExistsError) else 422
        return _answer(request, status, error.code, str(error), error.pointer, candidates=_candidates(error))

    async def unavailable(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, UnavailableError)
        log.warning("a server is away", extra={"code": error.code, "cause": str(error)})
        detail = "A server this request needs is away; try again."
        return _answer(request, 503, error.code, detail, headers={"Retry-After": str(retry_after)})

    async def misconfigured(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, MisconfiguredError)
        log.error("a server refuses us: mend its configuration", extra={"code": error.code, "cause": str(error)})
        detail = "A server this request needs is set up in a way that refuses us; repeating it will not help."
        return _answer(request, 500, error.code, detail)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [FieldError(pointer=_pointer(item["loc"]), detail=item["msg"]) for item in error.errors()]
        return _answer(request, 422, "invalidRequest", "The request is not valid.", errors=errors)

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_allowed(request))
        codes = {400: "invalidRequest", 404: "notFound", 405: "methodNotAllowed", 413: "bodyTooLarge"}
        code = codes.get(error.status_code, "httpError")
        return _answer(request, error.status_code, code, str(error.detail), headers=headers)

    async def bug(request: Request, error: Exception) -> JSONResponse:
        log.exception("unexpected error", exc_info=error)
        return _answer(request, 500, "internal", "Something went wrong on our side.")

    for kind, handler in (
        (ProblemError, problem),
        (RefusedError, refused),
        (MisconfiguredError, misconfigured),
        (UnavailableError, unavailable),
        (RequestValidationError, invalid),
        (HTTPException, http),
        (Exception, bug),
    ):
        app.add_exception_handler(kind, handler)


def _answer(
    request: Request,
    status: int,
    code: str,
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
        status=status,
        code=code,
        detail=detail,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", None),
        trace_id=format(context.trace_id, "032x") if context.is_valid else None,
        errors=errors or ([FieldError(pointer=pointer, detail=detail)] if pointer else []),
        candidates=candidates or [],
    )
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, status, headers=headers, media_type=MEDIA_TYPE)


def _allowed(request: Request) -> list[str]:
    """Every method a path has; the framework names those of the path's first route."""

    def fits(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in _METHODS if fits(method)]


def _candidates(error: RefusedError) -> list[CandidateDTO]:
    if not isinstance(error, NameRefusedError):
        return []
    return [
        CandidateDTO(id=person.id, full_name=person.name, email=person.email, handle=person.handle)
        for person in error.candidates
    ]


def _pointer(location: tuple[str | int, ...]) -> str:
    where, *rest = location
    path = "/" + "/".join(str(part) for part in rest) if rest else ""
    return path or "/" if where == "body" else f"#{where}{path}"


def _title(code: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in code)
    return words[:1].upper() + words[1:]


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI description of the problems a route may answer with."""
    return {status: {"description": _DESCRIPTION[status], "model": ProblemDTO} for status in statuses}


_DESCRIPTION = {
    400: "A header or parameter is missing or malformed",
    401: "The token is missing or not valid",
    403: "The token lacks a scope",
    404: "There is no such thing, or you may not see it",
    409: "Something else has this e-mail or handle",
    413: "The body is too large",
    422: "The request is not valid",
    503: "A server this request needs is away",
}
