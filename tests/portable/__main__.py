"""Tries each machine: set up, start, three recognitions, stop; a line for each, exit code 0 when all are right."""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console

from runtime.settings import settings
from stack.accounts import OUTSIDE
from stack.addresses import free_addresses
from stack.parts import count_all, install_all
from stack.servers import CHECKOUT
from tests.portable.machines import Machine, machines

console = Console(soft_wrap=True, highlight=False)

_LIMIT = 600
OTHERS = {
    f"{name}, Python {python}": (platform, python)
    for name, platform in (("Linux arm64", "aarch64-manylinux_2_35"), ("macOS 14 on arm64", "aarch64-apple-darwin"))
    for python in ("3.11", "3.14")
} | {"Linux x86-64, Python 3.14": ("x86_64-manylinux_2_35", "3.14")}
"""Machines that cannot be tried here → how uv calls them; that their parts are to be had can be."""
_STEPS = """
make --no-print-directory setup || exit 1
[ -z "$WHEN_SET_UP" ] || export $WHEN_SET_UP
.venv/bin/trm stack up --detach && .venv/bin/python -m tests.portable.visit &&
  .venv/bin/trm stack stop && .venv/bin/trm stack up --detach --only postgres,kafka,temporal
code=$?
.venv/bin/trm stack stop && .venv/bin/trm stack clean $CLEAN || exit 1
exit $code
"""


def main() -> int:
    """Try them all, or those whose name holds a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a word of the machine's name")
    only = parser.parse_args().only
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what a machine started is ended on the way out
    parts = _parts()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="trm-portable-", dir="/var/tmp") as folder:
        work = Path(folder)
        work.chmod(0o755)
        _share(work, parts)
        tries = {machine.name: partial(_try, machine, work) for machine in machines(work)}
        tries |= {f"wheels of every part for {name}": partial(_wheels, work, *other) for name, other in OTHERS.items()}
        for name, attempt in tries.items():
            if only in name:
                began = time.monotonic()
                with console.status(name):
                    trouble = attempt()
                failed += bool(trouble)
                verdict = "[red]FAILED[/]" if trouble else "ok    "
                console.print(f"{verdict} {name}  {time.monotonic() - began:.0f} s")
                console.print(trouble, markup=False, end="")
    if not any(only in name for name in tries):
        console.print(f"no machine's name holds {only!r}: {', '.join(tries)}")
        return 2
    return 1 if failed else 0


def _wheels(work: Path, platform: str, python: str) -> str:
    """Whether the lock can be installed on another kind of machine without building anything; what is missing."""
    argv = [str(work / "bin" / "uv"), "pip", "install", "--dry-run", "--quiet", "--only-binary", ":all:"]
    argv += ["--python-platform", platform, "--python-version", python, "--target", str(work / "none")]
    lock = str(CHECKOUT / "requirements-dev.lock")
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    done = subprocess.run(
        [*argv, "--require-hashes", "-r", lock], env=environment, check=False, capture_output=True, timeout=_LIMIT
    )
    return "" if done.returncode == 0 else done.stderr.decode(errors="replace")


def _parts() -> Path:
    """Download what is missing, once for all machines."""
    with console.status(f"{count_all()} parts"):
        return asyncio.run(install_all(settings().stack, lambda _: None))


def _share(work: Path, parts: Path) -> None:
    """Put what every machine uses where every user can read it: parts, uv, and homes."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(parts), str(work / "parts")], check=True)
    for name in ("clients", "lint"):
        shutil.rmtree(work / "parts" / name, ignore_errors=True)
    (work / "bin").mkdir()
    uv = shutil.which("uv") or next(path for path in (CHECKOUT / ".trm" / "uv").glob("*bin/uv") if path.exists())
    shutil.copy2(uv, work / "bin" / "uv")


def _try(machine: Machine, work: Path) -> str:
    """Run one machine; returns what is wrong, empty when nothing is."""
    checkout = work / machine.folder if not machine.closed else work / "closed" / machine.folder
    before, top = _outside(), {path.name for path in work.iterdir()}
    try:
        _check_out(machine, work, checkout)
        code, said = _run(machine, work, checkout)
    finally:
        left = _ended(checkout)
        shutil.rmtree(work / checkout.relative_to(work).parts[0])
    problems = []
    if machine.sentence:
        if code == 0 or not re.search(machine.sentence, said):
            problems.append(f"exit code {code}, and not the sentence: {machine.sentence}")
    elif code != 0:
        problems.append(f"exit code {code}")
    if "Traceback" in said:
        problems.append("a traceback")
    if left:
        problems.append(f"left running: {left}")
    strays = {path.name for path in work.iterdir() if not path.name.startswith("cache-of-")} - top
    if strays:
        problems.append(f"made beside the checkout: {sorted(strays)}")
    if new := _outside() - before:
        problems.append(f"left behind: {sorted(map(str, new))}")
    return "".join(f"       {problem}\n" for problem in problems) + (f"{said[-3000:]}\n" if problems else "")


def _check_out(machine: Machine, work: Path, checkout: Path) -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=CHECKOUT, check=True, capture_output=True).stdout
    checkout.mkdir(parents=True)
    subprocess.run(["xargs", "-0", "cp", "--parents", "-t", str(checkout)], cwd=CHECKOUT, input=names, check=True)
    if machine.own_parts:
        own = checkout / ".trm" / "parts"
        own.mkdir(parents=True)
        for part in (work / "parts").iterdir():
            if not part.name.startswith("postgres-"):
                subprocess.run(["cp", "-al", str(part), str(own / part.name)], check=True)
    if machine.owner:
        subprocess.run(["chown", "-R", f"{machine.owner[0]}:{machine.owner[1]}", str(checkout)], check=True)
    if machine.closed:
        checkout.parent.chmod(0o700)


def _run(machine: Machine, work: Path, checkout: Path) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRM_", "UV_"))}
    path = [] if machine.own_uv else [str(work / "bin")]
    path += [part for part in kept["PATH"].split(os.pathsep) if not (Path(part) / "uv").exists()]
    cache = {} if machine.own_uv else {"UV_CACHE_DIR": str(_cache(machine, work))}
    python = {"PYTHON": str(machine.python or _base_python())}
    parts = {"CLEAN": "--parts"} if machine.own_parts else {"TRM_STACK__PARTS": str(work / "parts")}
    chosen = {
        **free_addresses(),
        **cache,
        **python,
        **parts,
        "WHEN_SET_UP": machine.when_set_up,
        **machine.environment,
        "PATH": os.pathsep.join(path),
    }
    environment = {name: value for name, value in {**kept, **chosen}.items() if name not in machine.without}
    argv = [*machine.prefix, "/bin/sh", "-c", f"umask {machine.umask:03o}\n{_STEPS}"]
    try:
        done = subprocess.run(
            argv,
            cwd=checkout,
            env=environment,
            timeout=_LIMIT,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired as error:
        return 124, (error.stdout or b"").decode(errors="replace")
    return done.returncode, done.stdout.decode(errors="replace")


def _cache(machine: Machine, work: Path) -> Path:
    """A folder of uv's for each user, so that each package is downloaded once."""
    folder = work / f"cache-of-{machine.owner[0] if machine.owner else os.geteuid()}"
    if not folder.exists():
        folder.mkdir()
        if machine.owner:
            os.chown(folder, *machine.owner)
    return folder


def _base_python() -> Path:
    """The Python this one's environment was made with, by its own name."""
    return Path(sys.base_prefix) / "bin" / "python3"


def _outside() -> set[Path]:
    return {path for folder in OUTSIDE if folder.is_dir() for path in folder.iterdir()}


def _ended(checkout: Path) -> list[int]:
    """End what still runs from a checkout; returns the process ids."""
    found = _processes_of(checkout)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return [process.pid for process in found]


def _processes_of(checkout: Path) -> list[psutil.Process]:
    def of(process: psutil.Process) -> bool:
        try:
            return any(str(checkout) in part for part in process.cmdline())
        except psutil.Error:
            return False

    return [process for process in psutil.process_iter() if of(process)]


if __name__ == "__main__":
    raise SystemExit(main())
