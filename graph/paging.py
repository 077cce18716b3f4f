"""Pages of a list by keyset: what comes after the last thing that was read, in the order of an index."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

After = tuple[tuple[datetime, ...], UUID] | None
"""Moments and id of the last thing that was read; None at the beginning."""

_END = datetime.max.replace(tzinfo=UTC)


Restriction = tuple[LiteralString, str, Any]
"""A condition, the parameter that it takes, and that parameter's value; None does not restrict."""


def restrictions(asked: Iterable[Restriction]) -> tuple[list[LiteralString], dict[str, Any]]:
    """Conditions and parameters of what restricts a list: a query that holds no others is planned for what it asks."""
    said = [one for one in asked if one[2] is not None]
    return [condition for condition, _, _ in said], {name: value for _, name, value in said}


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


def latest_first(node: LiteralString) -> LiteralString:
    """Order of what happened: by occurredAt; what happened at one moment by when it was recorded, and id."""
    return node + ".occurredAt DESC, " + newest_first(node)


def earlier(node: LiteralString) -> LiteralString:
    """Condition on a node: in that order it comes after ``$after``, ``$afterCreated`` and ``$afterId``."""
    return (
        node + ".occurredAt <= $after AND CASE"
        " WHEN " + node + ".occurredAt < $after THEN true"
        " WHEN " + node + ".createdAt = $afterCreated THEN " + node + ".id < $afterId"
        " ELSE " + node + ".createdAt < $afterCreated END"
    )  # fmt: skip


def position(after: After) -> dict[str, datetime | str]:
    """The parameters of :func:`older` and :func:`earlier`; at the beginning a moment after all others."""
    moments, node_id = after or ((_END,), "")
    return {"after": moments[0], "afterCreated": moments[-1], "afterId": str(node_id)}
