"""Opaque, signed cursors: a page's end with the filters it belongs to; a client cannot forge one."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
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
        body = orjson.dumps([[rfc3339(moment) for moment in moments], node_id, _digest(filters)])
        return base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

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
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(body)):
                raise ValueError("forged")
            told, node_id, digest = orjson.loads(body)
            if not isinstance(told, list) or len(told) != moments:
                raise ValueError("of a list in another order")
        except (ValueError, binascii.Error) as error:
            raise ProblemError("cursorInvalid", "The cursor is not valid.", pointer="#query/cursor") from error
        if digest != _digest(filters):
            detail = "The cursor belongs to a list with other filters."
            raise ProblemError("cursorInvalid", detail, pointer="#query/cursor")
        return tuple(datetime.fromisoformat(moment) for moment in told), UUID(node_id)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:_MAC_BYTES]


def _digest(filters: dict[str, str | None]) -> str:
    return hashlib.sha256(canonical_json(filters)).hexdigest()[:16]
