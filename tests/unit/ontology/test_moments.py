"""One reader of moments for requests, events and files: variants are taken, what could be two is refused."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.moments import DateOrder, MomentAmbiguousError, MomentError, read_moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-02T09:15:00+07:00",
        "2026-02-02T09:15:00.0000001+07:00",
        "2026-02-02T02:15:00.000000999Z",
        "2026-02-02 02:15:00 UTC",
        "2026-02-02 02:15:00 GMT",
        "2026-02-02T09:15:00+0700",
        "2026-02-02T09:15:00+07",
        "2026-02-02T09:15+07:00",
        "2026-02-02t02:15:00z",
        "2026-02-02T02:15:00,000Z",
        "20260202T021500Z",
        "2026-02-02T09:15:00+07:00[Asia/Ho_Chi_Minh]",
        "2026-02-02 09:15:00 Asia/Ho_Chi_Minh",
        "2026-02-02 02:15:00.000000001 +0000 UTC m=+0.001",
        "2026-02-01T21:15:00\u221205:00",
        "2026/02/02 09:15 +07:00",
        "Mon, 02 Feb 2026 09:15:00 +0700",
        "02 Feb 2026 02:15:00 GMT",
        " 2026-02-02T02:15:00-00:00\n",
    ],
)
def test_every_way_to_write_a_moment_is_the_same_moment(text: str) -> None:
    assert read_moment(text) == datetime(2026, 2, 2, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-02", datetime(2026, 2, 2, tzinfo=UTC)),
        ("27/Nov/26 9:15 AM", datetime(2026, 11, 27, 9, 15, tzinfo=UTC)),
        ("05/Nov/26 12:00 AM", datetime(2026, 11, 5, tzinfo=UTC)),
        ("Nov 27, 2026 9:15 PM", datetime(2026, 11, 27, 21, 15, tzinfo=UTC)),
        ("27-Nov-2026", datetime(2026, 11, 27, tzinfo=UTC)),
        ("27/11/2026 09:15", datetime(2026, 11, 27, 9, 15, tzinfo=UTC)),
        ("11/27/2026", datetime(2026, 11, 27, tzinfo=UTC)),
        ("03/03/2026", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_with_a_zone_a_file_may_say_less(text: str, moment: datetime) -> None:
    assert read_moment(text, UTC) == moment


@pytest.mark.parametrize("text", ["02/03/2026", "2.3.2026", "02-03-2026 09:15", "01/02/26", "27/11/26", "26/11/27"])
def test_what_could_be_two_days_is_refused_as_ambiguous(text: str) -> None:
    with pytest.raises(MomentAmbiguousError, match="ambiguous"):
        read_moment(text, UTC)


@pytest.mark.parametrize(("order", "month"), [("day-first", 3), ("month-first", 2)])
def test_the_order_can_be_said(order: DateOrder, month: int) -> None:
    assert read_moment("02/03/2026", UTC, order).month == month
    assert read_moment("02/03/26 10:00", UTC, order).year == 2026


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "1767225600",
            "0.5",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-02-02T25:00Z",
            "2026-02-02T24:00Z",
        ),
        *("2026-02-02T09:15:60Z", "2026-02-02T09:15:00+25:00", "2026-02-02T09:15:00 EST", "2026-02-02T09:15:00x"),
        *("2026-02-02T", "2026-02-02 13:00 PM", "2026-02-02 10:00 Middle/Earth", "30/02/2026", "31/12/2026/1"),
        *("2026-02-02T09:15:00+07:00[../../etc/passwd]",),
    ],
)
def test_what_is_no_moment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(MomentError) as refused:
        read_moment(text, UTC)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["2026-02-02", "2026-02-02T09:15:00", "27/Nov/26 9:15 AM"])
def test_without_a_zone_an_offset_is_needed(text: str) -> None:
    with pytest.raises(MomentError):
        read_moment(text)


def test_a_plus_lost_in_an_address_is_named() -> None:
    with pytest.raises(MomentError, match="%2B"):
        read_moment("2026-03-01T00:00:00 07:00")


def test_a_zone_knows_its_summer() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert read_moment("2026-07-01 12:00", zone).astimezone(UTC).hour == 10
    assert read_moment("2026-01-01 12:00", zone).astimezone(UTC).hour == 11


@given(
    st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 12, 30)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60),
)
def test_what_is_written_by_rfc_3339_is_read_back(moment: datetime, minutes: int) -> None:
    offset = timezone(timedelta(minutes=minutes))
    assert read_moment(moment.replace(tzinfo=offset).isoformat()) == moment.replace(tzinfo=offset)


@given(st.text() | st.text(alphabet="0123456789-/:.T Z+[]ap", max_size=30))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = read_moment(text, UTC, "day-first")
    except MomentError:
        return
    assert moment.tzinfo is not None


@pytest.mark.parametrize(
    "zone",
    [
        *("America/New_York", "America/Argentina/Buenos_Aires", "Asia/Ho_Chi_Minh", "Atlantic/Azores", "PST8PDT/x"),
        *("Pacific/Auckland", "Antarctica/McMurdo", "Africa/Maputo", "Etc/GMT+7", "america/new_york", "AMERICA/LIMA"),
    ],
)
@pytest.mark.parametrize("between", [" ", "", "[", " ["])
def test_the_name_of_a_zone_is_never_taken_for_before_or_after_noon(zone: str, between: str) -> None:
    text = f"2026-03-01T09:00:00{between}{zone}{']' if '[' in between else ''}"
    try:
        moment = read_moment(text)
    except MomentError as error:
        assert repr(text) in str(error)  # noqa: PT017 - either is right
        return
    assert (moment.hour, moment.utcoffset()) == (9, ZoneInfo(zone).utcoffset(moment.replace(tzinfo=None)))


@pytest.mark.parametrize("zone", ["America/New_York", "Etc/GMT+5"])
def test_the_zone_behind_a_time_is_its_zone(zone: str) -> None:
    noon = datetime(2026, 3, 1, 14, tzinfo=UTC)
    assert read_moment(f"2026-03-01T09:00:00 {zone}") == read_moment(f"2026-03-01 9:00 AM {zone}") == noon


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-01 09:00 Amsterdam", "2026-03-01 09:00 amt", "2026-03-01 09:00 PMs", "2026-03-01 09:00 AM/PM"),
        *("27 Marmalade 2026", "27/Novice/26 9:15 AM", "Junk 27, 2026", "Monkey, 02 Feb 2026 09:15:00 +0700"),
    ],
)
def test_a_word_that_only_begins_like_a_known_one_is_refused(text: str) -> None:
    with pytest.raises(MomentError):
        read_moment(text, UTC)


@pytest.mark.parametrize("month", ["Sept", "Sep.", "September"])
def test_months_are_known_by_their_usual_names(month: str) -> None:
    assert read_moment(f"{month} 27, 2026", UTC) == datetime(2026, 9, 27, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01 00:00", "9999-12-31", "9999-12-31 23:59"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati"])
def test_what_lies_out_of_bounds_is_told_as_it_was_written(text: str, zone: str) -> None:
    with pytest.raises(MomentError, match=rf"^'{text}' is no moment: a moment lies in the years 2 to 9998$"):
        read_moment(text, ZoneInfo(zone))
