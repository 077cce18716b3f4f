"""How one thing is sent: with a strong entity tag over the very bytes, so that it changes when anything sent does.

A thing's revision alone would not do: the names of people and projects stand in its representation too, and change
without it.
"""

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from starlette.responses import JSONResponse

from ontology.base import OntologyModel

_TAG = re.compile(r'(?:^|,)[ \t]*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?=,|$)')
_DIGITS = 20


def represent(
    request: Request, thing: OntologyModel, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The thing as JSON with its tag ``"<rev>.<digest>"``; 304 without a body for a reader who has it already.

    Parameters
    ----------
    request
        A conditional one is answered as RFC 9110, section 13.1.2, says; only reading is conditional.
    thing
        What is sent; without a revision of its own (an accepted write, for instance) it counts as revision 0.
    """
    answer = JSONResponse(thing.model_dump(mode="json", exclude_none=True), status, headers=headers)
    digest = hashlib.sha256(bytes(answer.body)).hexdigest()[:_DIGITS]
    tag = f'"{getattr(thing, "rev", None) or 0}.{digest}"'
    if request.method == "GET" and _is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    answer.headers["ETag"] = tag
    return answer


def _is_known(request: Request, tag: str) -> bool:
    """Weak comparison with each listed tag; ``*`` matches whatever is there."""
    said = ",".join(request.headers.getlist("if-none-match")).strip()
    return said == "*" or tag in _TAG.findall(said)


def _conditional(
    _tags: Annotated[
        str | None, Header(alias="If-None-Match", description="ETags you have; 304 if one is the newest")
    ] = None,
) -> None:
    """Declare the header; :func:`represent` reads it."""


Conditional = Depends(_conditional)
"""Dependency of a route that answers with :func:`represent`."""
