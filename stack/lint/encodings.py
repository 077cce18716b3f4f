"""Finds text that is read or written in the locale's encoding; Ruff's own rule sees few of the calls."""

import ast
import re
from pathlib import Path

_TEXT_METHODS = {"read_text", "write_text"}
_OPENERS = {"open", "NamedTemporaryFile", "TemporaryFile"}
_TEXT_FLAGS = {"text", "universal_newlines"}
_BINARY_OWNERS = {"bz2", "gzip", "lzma", "os", "tarfile", "tempfile", "zipfile"}
"""Modules whose openers yield bytes unless their mode says text."""
_MODE = re.compile("[rwaxbt+]+")


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
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _TEXT_METHODS:
        return True
    if name in _OPENERS:
        return not any("b" in mode for mode in _modes(call))
    return any(word.arg in _TEXT_FLAGS and getattr(word.value, "value", None) is True for word in call.keywords)


def _modes(call: ast.Call) -> list[str]:
    """String constants that look like a mode, or the opener's own default."""
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    texts = [value.value for value in given if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    binary = isinstance(owner, ast.Name) and owner.id in _BINARY_OWNERS
    return [text for text in texts if _MODE.fullmatch(text)] or ["b" if binary else "r"]


def _names_encoding(call: ast.Call) -> bool:
    return any(word.arg in {"encoding", None} for word in call.keywords)
