"""Moments on their way to Neo4j and back, each converted once: the driver takes 60 to 90 µs for one, which was two
fifths of an import, and what is written together has most of its moments in common.

The driver's converters are no part of its interface; a version that has them elsewhere fails here, as it is imported.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from neo4j._codec.hydration.bolt.v2 import temporal

_KEPT = 8192  # moments, each way

_dehydrate: Callable[[Any], Any] = temporal.dehydrate_datetime
_hydrated_once = lru_cache(_KEPT)(temporal.hydrate_datetime)


def convert_once() -> None:
    """Have every connection that is made from now on convert a moment once."""
    temporal.hydrate_datetime = _hydrated_once
    temporal.dehydrate_datetime = _dehydrated_once


def _dehydrated_once(value: Any) -> Any:
    return _dehydrated(value, value.tzinfo, value.fold) if type(value) is datetime else _dehydrate(value)


@lru_cache(_KEPT)
def _dehydrated(value: datetime, _zone: tzinfo | None, _fold: int) -> Any:
    """The same moment in another zone, or the hour that a clock strikes twice, is equal and yet is stored otherwise."""
    return _dehydrate(value)
