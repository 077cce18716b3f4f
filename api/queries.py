"""Moments in a query, also as clients send them that do not encode a plus, which then arrives as a space."""

import re
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator

from ontology.base import Timestamp

_LOST_PLUS = re.compile(r"(.*[Tt][0-9:.,]+) ([0-9]{2}:?[0-9]{2})")
_WITHOUT_COLON = re.compile(r"(.*[Tt][0-9:.,]+[+-][0-9]{2})([0-9]{2})")


def _as_meant(value: Any) -> Any:
    """The moment with the plus and the colon of its offset put back."""
    if not isinstance(value, str):
        return value
    if lost := _LOST_PLUS.fullmatch(value):
        value = "+".join(lost.groups())
    if bare := _WITHOUT_COLON.fullmatch(value):
        value = ":".join(bare.groups())
    if " " in value[len("2026-03-01 ") :]:
        raise ValueError("a moment is RFC 3339 text with an offset; a plus is written %2B in a query")
    return value


Moment = Annotated[Timestamp | None, BeforeValidator(_as_meant)]
Since = Annotated[Moment, Query(description="occurred at or after; a plus is written %2B")]
Until = Annotated[Moment, Query(description="occurred before; a plus is written %2B")]
