"""The ``Prefer`` header of RFC 7240: how long a client would wait for the result of a write."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 - a token of RFC 9110
_QUOTED = r'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"'
_PAIR = rf"{_TOKEN}(?:[ \t]*=[ \t]*(?:{_TOKEN}|{_QUOTED}))?"
_PREFERENCE = re.compile(rf"[ \t]*(?P<pair>{_PAIR})(?:[ \t]*;(?:[ \t]*{_PAIR})?)*[ \t]*")
_PIECE = re.compile(rf'{_QUOTED}|,|[^,"]+|"')
_SECONDS = re.compile(r"[0-9]+")
_LONGEST = 9
_LONGEST_HEADER = 1000


@dataclass(frozen=True)
class Preferences:
    """What a client prefers.

    Parameters
    ----------
    wait
        Seconds it would wait for the result; None when it does not say.
    respond_async
        Whether it would rather be answered before the write is done.
    """

    wait: int | None = None
    respond_async: bool = False

    def applied(self, limit: float, *, accepted: bool) -> dict[str, str]:
        """``Preference-Applied``: how long was waited at most, and whether the answer only accepts."""
        said = ["respond-async"] if self.respond_async and accepted else []
        said += [f"wait={min(self.wait, int(limit))}"] if self.wait else []
        return {"Preference-Applied": ", ".join(said)} if said else {}


def parse(values: list[str]) -> Preferences:
    """Preferences of all ``Prefer`` headers together; what is malformed or unknown is as if it were not said.

    Names are compared without case, the first of several of one name counts, and a value may be quoted.
    """
    found: dict[str, str] = {}
    text = ",".join(values)
    for part in _elements(text) if len(text) <= _LONGEST_HEADER else ():
        match = _PREFERENCE.fullmatch(part)
        if match:
            name, _, value = match["pair"].partition("=")
            found.setdefault(name.strip().lower(), _unquoted(value.strip()))
    return Preferences(_seconds(found.get("wait", "")), found.get("respond-async") == "")


def preferences(
    request: Request,
    _prefer: Annotated[
        str | None,
        Header(alias="Prefer", description="RFC 7240; wait=N: answer when written, or after N seconds"),
    ] = None,
) -> Preferences:
    """Dependency: what the client prefers."""
    return parse(request.headers.getlist("prefer"))


Preferred = Annotated[Preferences, Depends(preferences)]


def _elements(text: str) -> list[str]:
    """Elements of a list, separated by commas that are not within quotation marks."""
    elements = [""]
    for piece in _PIECE.findall(text):
        if piece == ",":
            elements.append("")
        else:
            elements[-1] += piece
    return elements


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


def _seconds(value: str) -> int | None:
    if not _SECONDS.fullmatch(value):
        return None
    digits = value.lstrip("0")
    return int(digits or "0") if len(digits) <= _LONGEST else 10**_LONGEST
