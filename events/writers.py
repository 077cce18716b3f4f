r"""A writer's JSON Schema, which is foreign code: it reads nothing from outside, and what it may cost is bounded.

References are answered from the schemas that the registry keeps beside it, never by an address; patterns are read as
ECMA 262 means them (``\p{L}``), and neither a pattern nor a circle of references may run on for ever.
"""

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from threading import local
from typing import Any

import orjson
import regex
from jsonschema import Draft7Validator, FormatChecker, validators
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import DRAFT7

from events.errors import SchemaInvalidError, SchemaUnknownError

_SECONDS = 2.0
"""Computing time that one check of one value may take."""

_LONGEST_PATTERN = 5_000
_SHOWN = 300

_this_check = local()


class _TooSlowError(Exception):
    """A schema used up the time of a check."""


class _TooDeepError(Exception):
    """References lead deeper than any schema means them to."""


class WriterSchema:
    """A schema that another system wrote with, ready to check values.

    Parameters
    ----------
    name
        What messages call it.
    text
        The schema.
    others
        Name → text of the schemas it refers to, and those that they refer to.

    Raises
    ------
    SchemaUnknownError
        One of them is not a JSON Schema.
    """

    def __init__(self, name: str, text: str, others: Mapping[str, str]) -> None:
        self._name = name
        schema = _loaded(name, text)
        known = {other: Resource.from_contents(_loaded(name, said), DRAFT7) for other, said in others.items()}

        def retrieve(uri: str) -> Resource[Any]:
            fitting = [other for other in known if uri == other or uri.endswith("/" + other.removeprefix("./"))]
            if not fitting:
                raise NoSuchResource(uri)
            return known[max(fitting, key=len)]

        kind = _draft(schema)
        keywords = {keyword: _bounded(_OURS.get(keyword, check)) for keyword, check in kind.VALIDATORS.items()}
        bounded: Any = validators.extend(kind, keywords)  # type: ignore[no-untyped-call]
        registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # as its documentation shows
        self._validator = bounded(schema, registry=registry, format_checker=FormatChecker())

    def check(self, value: Any) -> None:
        """Check a value; blocks for up to some seconds, so call it off the event loop.

        Raises
        ------
        SchemaInvalidError
            It does not fit; the pointer names the place.
        SchemaUnknownError
            The schema cannot be carried out: a reference leads nowhere or in a circle, or it takes too long.
        """
        _this_check.ends = time.thread_time() + _SECONDS
        try:
            wrong = next(self._validator.iter_errors(value), None)
        except Unresolvable as error:
            detail = (
                f"{self._name} refers to {error.ref!r:.{_SHOWN}}, which is not among its references in the registry"
            )
            raise SchemaUnknownError(detail) from error
        except (_TooDeepError, RecursionError) as error:
            raise SchemaUnknownError(f"{self._name} or the value goes in circles, or too deep") from error
        except (_TooSlowError, TimeoutError) as error:
            raise SchemaUnknownError(f"{self._name} takes more than {_SECONDS:.0f} s to check this value") from error
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the library's compiled part panics, which is no Exception
            raise SchemaUnknownError(f"{self._name} cannot be carried out: {error!r:.{_SHOWN}}") from error
        if wrong is not None:
            pointer = "".join(f"/{part}" for part in wrong.absolute_path)[:_SHOWN]
            raise SchemaInvalidError(f"{pointer or 'the value'}: {wrong.message[:_SHOWN]}", pointer=pointer)


def _loaded(name: str, text: str) -> Any:
    """A schema that fits the schema of schemas of the draft it names; a pattern that cannot be read is named."""
    try:
        schema = json.loads(text)
        _draft(schema).check_schema(schema, format_checker=_PATTERNS)
    except SchemaError as error:
        place = "".join(f"/{part}" for part in error.absolute_path)[:_SHOWN]
        pattern = f"the pattern {error.instance!r:.{_SHOWN}} at " if error.validator == "format" else ""
        cause = f"{pattern}{place or '/'}: {error.cause or error.message!s:.{_SHOWN}}"
        raise SchemaUnknownError(f"{name} is not a JSON Schema: {cause}") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the library's compiled part panics, which is no Exception
        raise SchemaUnknownError(f"{name} is not a JSON Schema: {error!r:.{_SHOWN}}") from error
    return schema


def _draft(schema: Any) -> Any:
    named = isinstance(schema, dict) and isinstance(schema.get("$schema"), str)
    return validators.validator_for(schema, default=Draft7Validator) if named else Draft7Validator


_PATTERNS = FormatChecker(formats=())


@_PATTERNS.checks("regex", raises=(regex.error, ValueError, RecursionError, OverflowError))
def _is_pattern(text: object) -> bool:
    if isinstance(text, str):
        if len(text) > _LONGEST_PATTERN:
            raise ValueError(f"it has more than {_LONGEST_PATTERN} characters")
        regex.compile(_python(text))
    return True


def _python(pattern: str) -> str:
    """An ECMA 262 pattern as the library writes it."""
    return re.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda found: rf"\U{int(found[1], 16):08X}", pattern)


def _found(pattern: str, text: str) -> bool:
    return regex.search(_python(pattern), text, timeout=max(_left(), 0.001)) is not None


def _left() -> float:
    left: float = _this_check.ends - time.thread_time()
    if left <= 0:
        raise _TooSlowError
    return left


def _refuse_depth() -> None:
    """Well before the end of the stack: there the library's compiled part panics and writes its own trace."""
    try:
        sys._getframe(sys.getrecursionlimit() // 2)
    except ValueError:
        return
    raise _TooDeepError


def _pattern(validator: Any, pattern: str, value: Any, _: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and not _found(pattern, value):
        yield ValidationError(f"{value!r:.{_SHOWN}} does not match {pattern!r:.{_SHOWN}}")


def _pattern_properties(validator: Any, patterns: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if not validator.is_type(value, "object"):
        return
    for pattern, schema in patterns.items():
        for name, said in value.items():
            if _found(pattern, name):
                yield from validator.descend(said, schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, allowed: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not validator.is_type(value, "object"):
        return
    listed, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value:
        if name in listed or any(_found(pattern, name) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError(f"Additional properties are not allowed ({name!r:.{_SHOWN}} was unexpected)")
        else:
            yield from validator.descend(value[name], allowed, path=name)


def _unique(validator: Any, wanted: bool, value: Any, _: Any) -> Iterator[ValidationError]:
    """By what the items say; the library compares each with each where they have no order."""
    if not wanted or not validator.is_type(value, "array"):
        return
    said = {orjson.dumps(_number(item), option=orjson.OPT_SORT_KEYS) for item in value}
    if len(said) < len(value):
        yield ValidationError("an item stands there more than once")


def _multiple_of(validator: Any, step: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    """In decimals, as the numbers are written: as binary fractions 19.99 is no multiple of 0.01."""
    if validator.is_type(value, "number") and (_exactly(value) / _exactly(step)).denominator != 1:
        yield ValidationError(f"{value!r:.{_SHOWN}} is not a multiple of {step!r:.{_SHOWN}}")


def _exactly(number: float) -> Fraction:
    return Fraction(repr(number))


def _number(item: Any) -> Any:
    """1.0 is 1 in JSON Schema."""
    return int(item) if isinstance(item, float) and item.is_integer() else item


def _bounded(keyword: Any) -> Any:
    """A keyword that looks at the clock and the stack first."""

    def check(validator: Any, said: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        _left()
        _refuse_depth()
        yield from keyword(validator, said, value, schema) or ()

    return check


_OURS: dict[str, Any] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique,
    "multipleOf": _multiple_of,
    "divisibleBy": _multiple_of,
}
