"""What writes rows of each kind in bulk: its own recorder where a kind is not written as things are."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from graph.imports import RecorderMaker
from graph.person_writes import PersonRecorder
from graph.recording import ThingRecorder
from ontology.kinds import Kind

_OWN: Mapping[str, RecorderMaker[Any]] = {"Person": partial(PersonRecorder, changing=True)}
"""Label → recorder of a kind that is written in its own way: of people, many become known by the by."""


def recorder_of(kind: Kind) -> RecorderMaker[Any]:
    """What writes rows of a kind."""
    return _OWN.get(kind.label) or partial(ThingRecorder, kind)
