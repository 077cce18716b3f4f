"""Remembers which passwords a data folder was made with, so that another one is told at once.

Neo4j and PostgreSQL keep the password they were first started with; a wrong one would otherwise show only after the
server is up. What is kept is a salted scrypt digest.
"""

import hashlib
import json
import secrets
from pathlib import Path

from pydantic import SecretStr

from stack.processes import PartError

SETTINGS = {"postgres": "TRM_KNOWLEDGE__PASSWORD", "neo4j": "TRM_GRAPH__PASSWORD"}
"""Server → setting of its password."""

_COST = {"n": 2**14, "r": 8, "p": 1}


def path_in(data: Path) -> Path:
    """Where the digests of a data folder stand."""
    return data / "passwords.json"


def remember(data: Path, server: str, password: SecretStr) -> None:
    """Keep the digest of the password a server has just accepted."""
    known = _read(data)
    if server in known and _fits(known[server], password):
        return
    salt = secrets.token_hex(16)
    path = path_in(data)
    path.touch(mode=0o600)
    path.write_text(json.dumps({**known, server: f"{salt}${_digest(salt, password)}"}), encoding="utf-8")


def check(data: Path, server: str, password: SecretStr) -> None:
    """Pass when nothing says that a server has another password.

    Raises
    ------
    PartError
        Its data were made with another one.
    """
    known = _read(data).get(server)
    if known is not None and not _fits(known, password):
        raise PartError(
            f"{server} {refusal(server)}. Whoever changed it inside {server} removes {path_in(data)} and starts again"
        )


def refusal(server: str) -> str:
    """What to say when a server's data have another password than the settings."""
    return (
        f"has data that were made with another password: set {SETTINGS[server]} to that one, "
        "or remove the data with `make clean`"
    )


def _read(data: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(path_in(data).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return known


def _fits(kept: str, password: SecretStr) -> bool:
    salt, _, digest = kept.partition("$")
    return secrets.compare_digest(digest, _digest(salt, password))


def _digest(salt: str, password: SecretStr) -> str:
    return hashlib.scrypt(password.get_secret_value().encode(), salt=bytes.fromhex(salt), **_COST).hex()
