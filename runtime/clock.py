"""The one clock: the present moment in UTC, as the wire and the graph write it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Present moment in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Write a moment as RFC 3339 text in UTC with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
