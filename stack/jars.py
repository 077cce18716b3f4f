"""Jars from Maven Central by a flat lock.

Every file is checked against its SHA-256 and put in place atomically; what the lock does not name is removed, since
a stray jar on a class path changes a server silently.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from stack.processes import PartError, first_failure

_VERIFIED = ".verified"
_PARALLEL = 16
_TRIES = 3

Progress = Callable[[int], None]
"""Is told the number of files that are in place since the last call."""


@dataclass(frozen=True)
class Jar:
    """One line of a lock: SHA-256 and path in a Maven repository."""

    sha256: str
    path: str

    @property
    def name(self) -> str:
        """File name."""
        return self.path.rpartition("/")[2]


def read_lock(path: Path) -> list[Jar]:
    """Jars of a lock file."""
    return [Jar(*line.split()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


async def install_jars(
    lock: Path, target: Path, repository: str, progress: Progress, client: httpx.AsyncClient | None = None
) -> None:
    """Bring a folder to exactly what its lock says; a folder that was checked before is not hashed again.

    Raises
    ------
    PartError
        A file cannot be had, or is not what the lock says.
    """
    jars = read_lock(lock)
    if verified(lock, target):
        progress(len(jars))
        return
    target.mkdir(parents=True, exist_ok=True)
    _drop_strays(target, {jar.name for jar in jars})
    places = asyncio.Semaphore(_PARALLEL)
    timeout = httpx.Timeout(60.0)
    async with client or httpx.AsyncClient(timeout=timeout, follow_redirects=True) as web:

        async def fetch(jar: Jar) -> None:
            async with places:
                await _install_jar(web, repository, jar, target)
                progress(1)

        try:
            async with asyncio.TaskGroup() as group:
                for jar in jars:
                    group.create_task(fetch(jar))
        except ExceptionGroup as failed:
            raise first_failure(failed) from failed
    (target / _VERIFIED).write_text(_lock_digest(lock), encoding="utf-8")


def verified(lock: Path, target: Path) -> bool:
    """Whether a folder was brought to what its lock says, and no file is gone since."""
    stamp = target / _VERIFIED
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != _lock_digest(lock):
        return False
    return all((target / jar.name).exists() for jar in read_lock(lock))


async def _install_jar(web: httpx.AsyncClient, repository: str, jar: Jar, target: Path) -> None:
    place = target / jar.name
    if place.exists() and await asyncio.to_thread(_sha256, place) == jar.sha256:
        return
    waiting = place.with_suffix(f".part{os.getpid()}")
    try:
        await _download(web, f"{repository}/{jar.path}", waiting)
        found = await asyncio.to_thread(_sha256, waiting)
        if found != jar.sha256:
            raise PartError(f"{jar.name} is not what the lock says: SHA-256 {found}, expected {jar.sha256}")
        waiting.replace(place)
    except httpx.HTTPError as error:
        raise PartError(f"{jar.name} could not be downloaded: {error!r}") from error
    finally:
        waiting.unlink(missing_ok=True)


async def _download(web: httpx.AsyncClient, url: str, place: Path) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            async with web.stream("GET", url) as answer:
                answer.raise_for_status()
                with place.open("wb") as file:
                    async for chunk in answer.aiter_bytes(1 << 16):
                        file.write(chunk)
            return
        except httpx.HTTPError:
            if attempt == _TRIES:
                raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop_strays(target: Path, wanted: set[str]) -> None:
    for path in target.iterdir():
        if path.is_file() and path.name not in wanted:
            path.unlink()


def _lock_digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
