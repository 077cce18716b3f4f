"""The parts the stack is made of: jars from Maven Central by a flat lock, the issuer's modules from npm, PostgreSQL.

Every file is checked against its SHA-256 and put in place atomically; what the lock does not name is removed, since
a stray jar on a class path changes a server silently.
"""

import asyncio
import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import httpx
from jgo.constants import MAVEN_CENTRAL_URL

from runtime.settings import StackSettings, home
from stack import npm, postgres
from stack.processes import PartError

HERE = Path(str(files("stack")))

JAR_SERVERS = ("kafka", "neo4j", "apicurio", "zipkin")
"""Servers that come as jars; each has ``stack/<server>/jars.lock``."""

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


def parts_directory(settings: StackSettings) -> Path:
    """Where parts are kept; may be shared by several stacks."""
    return (settings.parts or home() / "parts").absolute()


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
    stamp = target / ".verified"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if (
        stamp.exists()
        and stamp.read_text(encoding="utf-8") == digest
        and all((target / jar.name).exists() for jar in jars)
    ):
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
            raise _first(failed) from failed
    stamp.write_text(digest, encoding="utf-8")


async def install_all(settings: StackSettings, progress: Progress) -> Path:
    """Install every part; returns their directory.

    Raises
    ------
    PartError
        One of them cannot be had.
    """
    parts = parts_directory(settings)
    repository = (settings.maven_mirror or MAVEN_CENTRAL_URL).rstrip("/")
    try:
        async with asyncio.TaskGroup() as group:
            for server in JAR_SERVERS:
                group.create_task(install_jars(HERE / server / "jars.lock", parts / server, repository, progress))
            group.create_task(_install_issuer(parts / "issuer", progress))
            group.create_task(_install_postgres(parts / "postgres", progress))
    except ExceptionGroup as failed:
        raise _first(failed) from failed
    await asyncio.to_thread(_unpack_registry, parts / "apicurio")
    return parts


def count_all() -> int:
    """Number of progress steps of :func:`install_all`."""
    return sum(len(read_lock(HERE / server / "jars.lock")) for server in JAR_SERVERS) + 2


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


def _first(failed: ExceptionGroup[Exception]) -> Exception:
    """The first single failure of a group."""
    error: Exception = failed
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop_strays(target: Path, wanted: set[str]) -> None:
    for path in target.iterdir():
        if path.is_file() and path.name not in wanted:
            path.unlink()


def _unpack_registry(folder: Path) -> None:
    """Unpack Apicurio's archive once; a half-unpacked folder is never used."""
    place = folder / "unpacked"
    if (place / "quarkus-run.jar").exists():
        return
    waiting = folder / f"unpacking{os.getpid()}"
    [archive] = folder.glob("*-all.tar.gz")
    with tarfile.open(archive) as tar:
        # An attribute, since Python before 3.11.4 has neither the argument nor the filter.
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        tar.extractall(waiting)  # noqa: S202 - its hash was verified
    shutil.rmtree(place, ignore_errors=True)
    waiting.rename(place)


async def _install_issuer(target: Path, progress: Progress) -> None:
    source = HERE / "issuer"
    await npm.install(source, target)
    for name in ("server.mjs", "seed.json"):
        shutil.copy(source / name, target / name)
    progress(1)


async def _install_postgres(target: Path, progress: Progress) -> None:
    await postgres.unpack(target)
    progress(1)
