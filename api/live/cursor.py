"""Where somebody is in what happens: the offset of the next change record in each partition of their topic."""

import base64
import binascii
from collections.abc import Mapping

import orjson

from api.problems import ProblemError

_LONGEST = 4_000
_MOST = 2**63 - 1


def written(offsets: Mapping[int, int]) -> str:
    """The place as clients keep it: opaque to them."""
    text = orjson.dumps([[partition, offset] for partition, offset in sorted(offsets.items())])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read(cursor: str | None) -> dict[int, int] | None:
    """The place that a client kept; None where it gives none.

    Raises
    ------
    ProblemError
        400: it is no cursor of ours.
    """
    if not cursor:
        return None
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        pairs = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        offsets = {partition: offset for partition, offset in pairs}
        numbers = [*offsets, *offsets.values()]
        if not pairs or not all(type(number) is int and 0 <= number <= _MOST for number in numbers):
            raise ValueError("not of offsets")
    except (ValueError, TypeError, binascii.Error) as error:
        raise invalid("The cursor is not valid.") from error
    return offsets


def invalid(detail: str) -> ProblemError:
    """400: what a cursor that leads nowhere is answered."""
    return ProblemError("cursorInvalid", detail, pointer="#query/cursor")
