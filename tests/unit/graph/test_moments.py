"""Moments are converted once, and as the driver converts them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from neo4j._codec.hydration.bolt.v2 import HydrationHandler, temporal

from graph.moments import convert_once

EAST = timezone(timedelta(hours=7))
DRIVERS: tuple[Any, Any] = (temporal.dehydrate_datetime, temporal.hydrate_datetime)


def test_equal_moments_keep_their_own_zones_and_are_converted_as_the_driver_does() -> None:
    convert_once()
    handler = HydrationHandler()
    write, read = handler.dehydration_hooks.exact_types[datetime], handler.struct_hydration_functions[b"I"]
    assert (write, read) != DRIVERS
    moments = [datetime(2026, 3, 1, 2, tzinfo=UTC), datetime(2026, 3, 1, 9, tzinfo=EAST)]
    drivers_write, drivers_read = DRIVERS
    assert [write(moment) for moment in moments] == [drivers_write(moment) for moment in moments]
    assert write(moments[0]) is write(datetime(2026, 3, 1, 2, tzinfo=UTC))
    for zone in (0, 7 * 3600, "Europe/Berlin", None):
        assert read(1_772_330_400, 123_456_000, zone) == drivers_read(1_772_330_400, 123_456_000, zone)
    assert read(1_772_330_400, 0, 0) is read(1_772_330_400, 0, 0)
