"""Opaque, signed cursors: a page's end with the filters it belongs to; a client cannot forge one."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from api.problems import ProblemError
from runtime.clock import rfc3339
from runtime.hashing import canonical_json

_MAC_BYTES = 16


class Cursors:
    """Makes and reads cursors under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def after(self, moments: Sequence[datetime], node_id: str, filters: dict[str, str | None]) -> str:
        """Cursor of what comes after an item under the given filters, in a list that is ordered by these moments."""
        return self._sealed([[rfc3339(moment) for moment in moments], node_id, _digest(filters)])

    def at(self, place: bytes, filters: Mapping[str, str | None]) -> str:
        """Cursor of a place that another server names, under the given filters."""
        return self._sealed([base64.b64encode(place).decode(), _digest(filters)])

    def place(self, cursor: str | None, filters: Mapping[str, str | None]) -> bytes:
        """The place that :meth:`at` made a cursor of; empty for the first page.

        Raises
        ------
        ProblemError
            400: the cursor is not ours, or belongs to other filters.
        """
        if not cursor:
            return b""
        try:
            place, digest = self._opened(cursor)
            found = base64.b64decode(place, validate=True)
        except (ValueError, TypeError) as error:
            raise _invalid() from error
        if digest != _digest(filters):
            raise _of_others()
        return found

    def read(
        self, cursor: str | None, filters: dict[str, str | None], *, moments: int = 1
    ) -> tuple[tuple[datetime, ...], UUID] | None:
        """Where a page begins: so many moments and the id of the item before it; None for the first,
        which an empty cursor asks for too.

        Raises
        ------
        ProblemError
            400: the cursor is not ours, or belongs to other filters.
        """
        if not cursor:
            return None
        try:
            told, node_id, digest = self._opened(cursor)
            if not isinstance(told, list) or len(told) != moments:
                raise ValueError("of a list in another order")
        except ValueError as error:
            raise _invalid() from error
        if digest != _digest(filters):
            raise _of_others()
        return tuple(datetime.fromisoformat(moment) for moment in told), UUID(node_id)

    def _sealed(self, said: list[Any]) -> str:
        body = orjson.dumps(said)
        return base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def _opened(self, cursor: str) -> list[Any]:
        """What stands in a cursor of ours; ``ValueError`` where it is none."""
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise ValueError("forged")
        said: list[Any] = orjson.loads(body)
        return said

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:_MAC_BYTES]


def _invalid() -> ProblemError:
    return ProblemError("cursorInvalid", "The cursor is not valid.", pointer="#query/cursor")


def _of_others() -> ProblemError:
    return ProblemError("cursorInvalid", "The cursor belongs to a list with other filters.", pointer="#query/cursor")


def _digest(filters: Mapping[str, str | None]) -> str:
    return hashlib.sha256(canonical_json(dict(filters))).hexdigest()[:16]
