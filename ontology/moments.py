"""The one reader of moments, for requests, events and files: RFC 3339 and what Java, Go, .NET and trackers write.

Nothing is guessed: a moment that could be two is refused as such, and one without an offset needs a zone from outside.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

DateOrder = Literal["", "day-first", "month-first"]
"""How a date in figures with its year behind is meant; empty: not known."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_ENDS = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "t(?:ember)?", "ober", "ember", "ember")
_MONTH = rf"(?P<month>{'|'.join(f'{name}(?:{end})?' for name, end in zip(_MONTHS, _MONTH_ENDS, strict=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})-(?P<figure>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<sign>[/.])(?P<figure>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<figure>\d{2})(?P<day>\d{2})(?=$|T)",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<sign>[-/ ]){_MONTH}(?P=sign)(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        rf"{_WEEKDAY}{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
    )
)
_FIGURES = re.compile(r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})(?!\d)")
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?(?:\s*(?P<half>[ap])\.?m\b\.?(?!/))?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*(?P<utc>Z|UTC|GMT)?\s*(?P<offset>(?P<sign>[+\-\u2212])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)?"
    r"(?:\s+UTC)?(?:\s+m=[+-][\d.]+)?\s*\[?(?P<region>[A-Z][A-Za-z_]+/[A-Za-z0-9_/+-]+|UTC)?\]?",
    re.IGNORECASE,
)
_LOST_PLUS = re.compile(r" \d{2}:?\d{2}")


class MomentError(ValueError):
    """A text is no moment; the message says why, and how to write it."""


class MomentAmbiguousError(MomentError):
    """A text could be two days."""


def read_moment(text: str, zone: tzinfo | None = None, order: DateOrder = "") -> datetime:
    """The moment a text says.

    Parameters
    ----------
    text
        RFC 3339, with any number of fractional digits (those beyond microseconds are cut off), a blank for the T,
        ``UTC`` or ``GMT`` for Z, no colon in the offset, or the name of the zone behind it; years before months with
        slashes or dots; months by their English names, as ``27/Nov/26 9:15 AM``.
    zone
        Of a text without an offset; with one, dates alone and times without seconds are moments as well.
    order
        Of a date in figures whose year stands behind.

    Raises
    ------
    MomentError
        It is none, could be two, or has no offset and there is no zone.
    """
    stripped = " ".join(text.split())
    if len(stripped) > _LONGEST:
        raise MomentError(f"{stripped[:20]!r}… is longer than any moment; {_HOW}")
    date, rest = _date(stripped, order)
    apart = re.match(r"(?:\s*[Tt]\s*|,?\s+|:(?=\d))", rest)
    time = _TIME.match(rest, apart.end()) if apart else None
    if rest and time is None:
        raise MomentError(f"{text!r} has no time of day that can be read; {_HOW}")
    behind = rest[time.end() :] if time else ""
    if zone is None and time is None:
        raise MomentError(f"{text!r} is a day, not a moment; {_HOW}")
    offset = _offset(stripped, behind) or zone
    if offset is None:
        raise MomentError(f"{text!r} has no offset from UTC; {_HOW}")
    try:
        moment = (date + _of_day(time)).replace(tzinfo=offset) if time else date.replace(tzinfo=offset)
        in_utc(moment)
    except (ValueError, OverflowError) as error:
        raise MomentError(f"{text!r} is no moment: {error}") from error
    return moment


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC.

    The outermost years are left free: PostgreSQL's driver takes their ends for infinity, and offsets lead beyond.

    Raises
    ------
    ValueError
        It lies in one of them.
    """
    try:
        same = moment.astimezone(UTC)
    except OverflowError:
        same = moment.replace(tzinfo=UTC)
    if not 1 < same.year < 9999 or not 1 < moment.year < 9999:
        raise ValueError("a moment lies in the years 2 to 9998")
    return same


_LONGEST = 100
_HOW = "write it as 2026-03-01T09:00:00+07:00"


def _date(text: str, order: DateOrder) -> tuple[datetime, str]:
    """The day, and what stands behind it."""
    for pattern in _DATES:
        if found := pattern.match(text):
            said = found.groupdict()
            name = said.get("month")
            month = _MONTHS.index(name[:3].lower()) + 1 if name else int(said["figure"])
            return _day(text, said["year"], month, int(said["day"])), text[found.end() :]
    if found := _FIGURES.match(text):
        return _in_figures(text, found, order), text[found.end() :]
    raise MomentError(f"{text!r} is not a date that can be read; write it as 2026-03-01 or 2026-03-01T09:00:00+07:00")


def _in_figures(text: str, found: re.Match[str], order: DateOrder) -> datetime:
    one, two, year = int(found["one"]), int(found["two"]), found["year"]
    if not order and len(year) == 2:
        raise MomentAmbiguousError(
            f"{text!r} is ambiguous: any of its figures could be the year; write it as 2026-03-01"
        )
    if not order and one != two and max(one, two) <= 12:
        dates = f"{year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}"
        raise MomentAmbiguousError(f"{text!r} is ambiguous: it could be {dates}; write which one")
    day, month = (two, one) if order == "month-first" or (not order and two > 12) else (one, two)
    return _day(text, year, month, day)


def _day(text: str, year: str, month: int, day: int) -> datetime:
    try:
        return datetime(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: DTZ001 - its offset comes later
    except ValueError as error:
        raise MomentError(f"{text!r} is no day of the calendar: {error}") from error


def _of_day(found: re.Match[str]) -> timedelta:
    """How far into the day a time is; a leap second is the second after it."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("hours before and after noon go from 1 to 12")
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    leap = second == 60 and minute == 59
    if hour > 23 or minute > 59 or (second > 59 and not leap):
        raise ValueError("a day has 24 hours of 60 minutes of 60 seconds")
    fraction = int((found["fraction"] or "")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def _offset(text: str, behind: str) -> tzinfo | None:
    if not behind.strip():
        return None
    if _LOST_PLUS.fullmatch(behind):
        raise MomentError(f"{text!r} has an offset without its sign; in an address a plus is written %2B")
    found = _ZONE.fullmatch(behind)
    if not found or not (found["utc"] or found["offset"] or found["region"]):
        raise MomentError(f"{text!r} ends in {behind.strip()!r}, which is no offset from UTC; {_HOW}")
    if found["offset"]:
        size = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if size >= timedelta(hours=24) or int(found["minutes"] or 0) > 59:
            raise MomentError(f"{text!r} has an offset of a day or more; {_HOW}")
        return timezone(size if found["sign"] == "+" else -size)
    if found["utc"] or found["region"].upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(found["region"])
    except (KeyError, ValueError, OSError) as error:
        raise MomentError(f"{text!r}: there is no time zone {found['region']!r}") from error
