"""What a node holds for look-ups alone: made of its other properties whenever they are written, and told to nobody.

Neither states nor change records have it, so that a graph that is made again from records derives it anew.
"""

from collections.abc import Collection, Mapping
from typing import Any

from runtime.text import fold

DERIVED = frozenset({"foldedText", "foldedLong"})
"""Names of such properties."""

LONG = "\u0001long"
"""Stands as ``foldedText`` where the text is too long for an index, and stands as ``foldedLong``."""

_INDEXED_BYTES = 32_000
"""A text index refuses a value of more than 32,766 bytes, and with it the write."""

SOURCES: Mapping[str, tuple[str, ...]] = {"Tension": ("title", "facts")}
"""Label → properties whose text a part is looked for in."""


def derived(label: str, properties: Mapping[str, Any], changed: Collection[str] | None = None) -> dict[str, Any]:
    """What a node of a label holds besides; None takes a property away.

    Parameters
    ----------
    label, properties
        What the node is.
    changed
        Names of what a write changes; nothing is derived where that is made of none of them.
    """
    sources = SOURCES.get(label, ())
    if not sources or (changed is not None and not set(sources) & set(changed)):
        return {}
    text = "\n".join(fold(properties[name]) for name in sources if properties.get(name))
    if len(text.encode()) <= _INDEXED_BYTES:
        return {"foldedText": text, "foldedLong": None}
    return {"foldedText": LONG, "foldedLong": text}
