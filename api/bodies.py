"""Which bodies can be read: JSON in UTF-8 as it stands, or a form where a file is sent.

Others are told what would be (RFC 9110, section 15.5.16).
"""

from email.message import Message

from fastapi import Request

from api.problems import ProblemError

_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


def check_readable(request: Request, *, form: bool = False) -> None:
    """Refuse a body whose headers say that it is something else; a ``form`` has parts, one of them a file.

    Raises
    ------
    ProblemError
        415: it is not JSON (or no form), in another character set, or compressed.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        detail = f"The content coding {coding!r} is not read; send the body as it is."
        raise ProblemError("mediaTypeUnsupported", detail, headers={"Accept-Encoding": "identity"})
    if "content-type" not in request.headers and not _has_body(request):
        return
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    subtype = said.get_content_subtype()
    if form:
        if said.get_content_type() != "multipart/form-data":
            detail = "Send a form with Content-Type: multipart/form-data."
            raise ProblemError("mediaTypeUnsupported", detail, headers={"Accept": "multipart/form-data"})
        return
    is_json = said.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))
    charset = said.get_content_charset("utf-8")
    if not is_json or charset not in _CHARSETS:
        detail = "Send JSON in UTF-8 with Content-Type: application/json."
        raise ProblemError("mediaTypeUnsupported", detail, headers={"Accept": "application/json"})


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"
