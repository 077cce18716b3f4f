"""Finds text that is read or written in the locale's encoding; Ruff's own rule sees few of the calls."""

import ast
from pathlib import Path

_TEXT_METHODS = {"read_text", "write_text"}
_OPENERS = {"open", "fdopen", "NamedTemporaryFile", "TemporaryFile"}
_TEXT_FLAGS = {"text", "universal_newlines"}
_ENCODING_AT = {"read_text": 0, "write_text": 1}
"""Method → place of its encoding among the positional arguments."""
_TEXT_MODULES = {"io", "os", "codecs"}
_BINARY_OWNERS = {"bz2", "gzip", "lzma", "tarfile", "tempfile", "zipfile"}
"""Modules whose openers yield bytes unless their mode says text."""
_DESCRIPTORS = {"os"}
"""Modules whose ``open`` yields a number, not text."""
_OF_THE_LOCALE = {None, "locale"}
"""Encodings that mean the locale's."""
_MODE_AT = {"NamedTemporaryFile": 0, "TemporaryFile": 0}
"""Opener → place of its mode among the positional arguments; of a method of a path it is the first, else the second."""


def implicit_encodings(source: str) -> list[int]:
    """Lines of calls that handle text and name no encoding.

    Parameters
    ----------
    source
        Text of a Python module.
    """
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sorted(call.lineno for call in calls if _handles_text(call) and not _names_encoding(call))


def check(root: Path) -> list[str]:
    """``path:line`` of each such call in the Python files below a folder; hidden folders are skipped."""
    found = []
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if not any(part.startswith(".") or part == "node_modules" for part in inside.parts):
            found += [f"{inside}:{line}" for line in implicit_encodings(path.read_text(encoding="utf-8"))]
    return found


def _handles_text(call: ast.Call) -> bool:
    name, owner = _called(call)
    if name in _TEXT_METHODS:
        return True
    if name in _OPENERS:
        mode = _mode(call)
        return not (name == "open" and owner in _DESCRIPTORS) and "b" not in mode
    return any(word.arg in _TEXT_FLAGS and _is_set(word.value) for word in call.keywords) or _replaces_errors(call)


def _called(call: ast.Call) -> tuple[str, str]:
    """Name of what is called, and of the module or value before it."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr, getattr(call.func.value, "id", "")
    return getattr(call.func, "id", ""), ""


def _mode(call: ast.Call) -> str:
    """The mode an opener is given, or its own default; one that is computed counts as text."""
    name, owner = _called(call)
    default = "b" if owner in _BINARY_OWNERS else "r"
    named = [word.value for word in call.keywords if word.arg == "mode"]
    of_path = isinstance(call.func, ast.Attribute) and owner not in {*_BINARY_OWNERS, *_TEXT_MODULES}
    place = _MODE_AT.get(name, 0 if of_path else 1)
    given = named or call.args[place : place + 1]
    if not given:
        return default
    return str(given[0].value) if isinstance(given[0], ast.Constant) else "r"


def _is_set(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == 1


def _replaces_errors(call: ast.Call) -> bool:
    """``subprocess`` reads text as soon as it is told how to treat wrong bytes."""
    _, owner = _called(call)
    return owner == "subprocess" and any(word.arg == "errors" for word in call.keywords)


def _names_encoding(call: ast.Call) -> bool:
    name, _ = _called(call)
    place = _ENCODING_AT.get(name)
    named = [word.value for word in call.keywords if word.arg == "encoding"]
    given = named or (call.args[place : place + 1] if place is not None else [])
    if given:
        return not (isinstance(given[0], ast.Constant) and given[0].value in _OF_THE_LOCALE)
    return any(word.arg is None for word in call.keywords)
