"""Pages of a list by keyset: what comes after the last thing that was read, in the order of an index."""

from datetime import UTC, datetime
from typing import LiteralString
from uuid import UUID

After = tuple[tuple[datetime, ...], UUID] | None
"""Moments and id of the last thing that was read; None at the beginning."""

_END = datetime.max.replace(tzinfo=UTC)


def newest_first(node: LiteralString) -> LiteralString:
    """Order of what was recorded: by createdAt and id, as an index has it."""
    return node + ".createdAt DESC, " + node + ".id DESC"


def older(node: LiteralString) -> LiteralString:
    """Condition on a node: in that order it comes after ``$after`` and ``$afterId``.

    It is one range and no alternative, so that an index is read from there.
    """
    return (
        node + ".createdAt <= $after AND " + node + ".id IS NOT NULL"
        " AND CASE WHEN " + node + ".createdAt = $after THEN " + node + ".id < $afterId ELSE true END"
    )  # fmt: skip


def position(after: After) -> dict[str, datetime | str]:
    """The two parameters of :func:`older`; at the beginning a moment after all others."""
    return {"after": after[0][0], "afterId": str(after[1])} if after else {"after": _END, "afterId": ""}
