"""Canonical JSON and its SHA-256: what makes two requests, or two graphs, the same."""

import hashlib
from typing import Any

import orjson
from pydantic import BaseModel


def canonical_json(value: Any) -> bytes:
    """Serialise JSON-ready data with sorted keys and no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def request_hash(value: BaseModel) -> str:
    """SHA-256, hexadecimal, of what a request says; fields that were not given do not count."""
    return hashlib.sha256(canonical_json(value.model_dump(mode="json", exclude_unset=True))).hexdigest()
