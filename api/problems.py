"""RFC 9457 problems: one shape for every error, with a stable code and a pointer to the field at fault."""

from typing import Any
from uuid import UUID

from pydantic import Field

from api.problem_codes import STATUS, ProblemCode
from api.schemas import AnswerDTO
from runtime.errors import TrmError

MEDIA_TYPE = "application/problem+json"
CODES_OF_ROUTE = "x-codes"
"""Where a described answer carries its codes until the document says them in its schema."""


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
    code: ProblemCode = Field(description="stable name of the problem")
    detail: str
    instance: str | None = None
    request_id: str | None = None
    trace_id: str | None = None
    errors: list[FieldError] = []
    candidates: list[CandidateDTO] = Field(default=[], description="whom an ambiguous name could mean")


class ProblemError(TrmError):
    """An error that is answered with a code of the list, which has its status, and with headers."""

    code = "problem"

    def __init__(
        self,
        code: ProblemCode,
        detail: str,
        *,
        pointer: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail, pointer=pointer)
        self.problem_code = code
        self.headers = headers or {}

    @property
    def status(self) -> int:
        """HTTP status, which follows from the code."""
        return STATUS[self.problem_code]


def responses(*codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    """OpenAPI description of the problems a route may answer with, by status."""
    described: dict[int | str, dict[str, Any]] = {}
    for code in dict.fromkeys(codes):
        status = STATUS[code]
        answer = {"description": _DESCRIPTION[status], "model": ProblemDTO, CODES_OF_ROUTE: []}
        described.setdefault(status, answer)[CODES_OF_ROUTE].append(code)
    return dict(sorted(described.items(), key=lambda item: int(item[0])))


_DESCRIPTION = {
    400: "A header or parameter is missing or malformed",
    401: "The token is missing or not valid",
    403: "The token lacks a scope",
    404: "There is no such thing, or you may not see it",
    409: "Something else has this e-mail or handle",
    410: "The place is too long ago",
    412: "The thing has changed since you read it",
    413: "The body is too large",
    415: "The body is of another media type than the route reads",
    422: "The request is not valid",
    428: "If-Match is missing",
    429: "Too much at once",
    500: "Something is wrong on our side",
    503: "A server this request needs is away",
}
