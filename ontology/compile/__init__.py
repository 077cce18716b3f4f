"""Generates every contract from the ontology, and tells when a committed one no longer fits."""

from collections.abc import Callable
from pathlib import Path

from ontology.compile import asyncapi, cypher, diagram, jsonschema, snowflake

Generated = dict[str, str]

GENERATORS: tuple[Callable[[], Generated], ...] = (
    cypher.generate,
    jsonschema.generate,
    asyncapi.generate,
    diagram.generate,
    snowflake.generate,
)
"""Each gives path in the checkout → content."""


def generate() -> Generated:
    """Every generated file."""
    return {path: text for generator in GENERATORS for path, text in generator().items()}


def compile_all(root: Path) -> list[str]:
    """Write what differs below ``root``; returns the paths written."""
    changed = drift(root)
    files = generate()
    for path in changed:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")
    return changed


def drift(root: Path) -> list[str]:
    """Paths whose committed content is not what the ontology says."""
    return [path for path, text in generate().items() if not _same(root / path, text)]


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
