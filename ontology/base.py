"""The base of every declared model: camelCase on the wire and in the graph, PEP 8 in Python, closed and immutable."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from ontology.moments import in_utc, read_moment
from ontology.wording import clean_address, composed, on_one_line, storable, trimmed, visible


class OntologyModel(BaseModel):
    """A closed, frozen model whose wire names are camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
    )


def _written_out(value: Any) -> Any:
    """Pydantic would take a number, also as text, for seconds or milliseconds since 1970; the contract does not."""
    if isinstance(value, str):
        return read_moment(value)
    if isinstance(value, datetime):
        return value
    raise ValueError("a moment is RFC 3339 text with an offset")


def _before(clean: Callable[[str], str]) -> BeforeValidator:
    """Clean a text before it is measured; what is no text is left to be refused as such."""
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


def _exact(number: int) -> int:
    if abs(number) > MAX_INTEGER:
        raise ValueError(f"an integer lies within {MAX_INTEGER}")
    return number


MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader reads exactly (RFC 7493, I-JSON)."""

Timestamp = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(in_utc)]
"""A moment with its offset, RFC 3339 on the wire, kept in UTC."""

# What the validators below refuse is not said in the JSON Schemas: a registry takes a narrower schema for a break.

Integer = Annotated[int, AfterValidator(_exact)]
"""A whole number, of at most 2⁵³ − 1."""

_TRIMMED = _before(lambda text: composed(trimmed(text)))
_SHOWN = (AfterValidator(storable), AfterValidator(visible))

LONGEST_TEXT = 10_000
"""Characters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), *_SHOWN]
"""Free text a person wrote: something to see, at most 10,000 characters."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    *_SHOWN,
    AfterValidator(on_one_line),
    _TRIMMED,
]
"""A short name or title, its letters composed (NFC)."""

LONGEST_TITLE = 255
"""Characters."""

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    *_SHOWN,
    AfterValidator(on_one_line),
    _TRIMMED,
]
"""What something is about, on one line: as long as trackers let it be."""

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), *_SHOWN, _TRIMMED]
"""A value or tag, its letters composed (NFC)."""

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    _before(clean_address),
]
"""An e-mail address without what sticks to a copied one, compared in lower case."""

Handle = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$"),
    _before(trimmed),
]
"""A person's short name, without the @, compared in lower case."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""An ISO 639 code, for instance ``en`` or ``vi``."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""

TraceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""A trace's id as W3C Trace Context writes it."""
