"""What a node holds for look-ups alone: made of its other properties whenever they are written, and told to nobody.

Neither states nor change records have it, so that a graph that is made again from records derives it anew.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from runtime.text import fold

_FILL = "\u0002"
_WORDS_OF_ONE_LETTER = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
"""Kana and Han: a text index knows where three letters follow each other, and a word of these has one or two."""

DERIVED = frozenset({"foldedText", "foldedLong"})
"""Names of such properties."""

LONG = "\u0001long"
"""Stands as ``foldedText`` where the text is too long for an index, and stands as ``foldedLong``."""

_INDEXED_BYTES = 32_000
"""A text index refuses a value of more than 32,766 bytes, and with it the write."""

SOURCES: Mapping[str, tuple[str, ...]] = {"Tension": ("title", "facts")}
"""Label → properties whose text a part is looked for in."""


def searchable(text: str) -> str:
    """A text as parts are looked for in it, and a part as it is looked for: folded, words of one letter filled up."""
    return _WORDS_OF_ONE_LETTER.sub(rf"\g<0>{_FILL}{_FILL}", fold(text.replace(_FILL, "")))


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
    text = "\n".join(searchable(properties[name]) for name in sources if properties.get(name))
    if len(text.encode()) <= _INDEXED_BYTES:
        return {"foldedText": text, "foldedLong": None}
    return {"foldedText": LONG, "foldedLong": text}
