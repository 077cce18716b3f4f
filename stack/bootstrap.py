"""Sets up the environment with nothing but the system's Python: uv, locked dependencies, our own packages.

Runs before anything is installed, so it uses the standard library only. Repeating it costs a few milliseconds.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("TRM_HOME", ROOT / ".trm")).absolute()
VENV = ROOT / ".venv"
STAMP = VENV / ".trm-lock"
LOCK = ROOT / "requirements-dev.lock"
UV_LOCK = ROOT / "requirements-uv.lock"

UNREADABLE = '`$"\\:;#?*[]{}<>|\n'
"""Characters of a folder's name that a server takes for the end of it, or for a command."""

PACKAGES = {
    "debian": "apt-get install python3-venv",
    "fedora": "dnf install python3-pip",
    "rhel": "dnf install python3-pip",
    "suse": "zypper install python3-pip",
    "arch": "pacman -S python-pip",
    "alpine": "apk add py3-pip",
}
"""Kind of system, as os-release names it → command that completes its Python."""


class SetupError(Exception):
    """The environment cannot be set up; the message says why and what helps."""


def main() -> int:
    """Set up once per lock."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may know few letters
    try:
        set_up()
    except SetupError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.")
        return 130
    except OSError as error:
        print(f"{error.filename or ROOT} cannot be written ({error.strerror}): make it writable and free some space.")
        return 1
    return 0


def set_up() -> None:
    """Bring the checkout's environment to what the lock says.

    Raises
    ------
    SetupError
        A tool is missing, or a step failed.
    """
    for folder in (ROOT, HOME):
        reason = why_unusable(folder)
        if reason:
            raise SetupError(reason)
    if is_set_up():
        return
    for folder in (ROOT, HOME):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink(missing_ok=True)
    with (HOME / "setup.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two may be asked for at once; the second finds everything done
        if not is_set_up():
            install()


def why_unusable(folder: Path) -> str:
    """What to say of a folder whose name some server cannot read; empty when all can."""
    odd = sorted(set(str(folder)) & set(UNREADABLE))
    return f"{folder} has {' '.join(odd)} in its name, which servers misread: choose another name" if odd else ""


def wanted() -> str:
    """What the environment was made from and for, once everything is installed."""
    lock = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{lock} {ROOT}"  # installed programs name their environment's folder: a moved one is made anew


def made_from() -> str:
    """What it was made from; empty when it never was."""
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""


def is_set_up() -> bool:
    """Whether nothing is left to do."""
    return made_from() == wanted() and (VENV / "bin" / "trm").exists()


def install() -> None:
    """Make the environment.

    Raises
    ------
    SetupError
        A tool is missing, or a step failed.
    """
    uv = find_uv()
    print("Installing locked dependencies …", flush=True)
    if not (VENV / "bin" / "python").exists() or not made_from().endswith(f" {ROOT}"):
        run(uv, "venv", "-q", "--clear", "-p", sys.executable, str(VENV))
    run(uv, "pip", "sync", "-q", "--require-hashes", str(LOCK))
    run(uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    point_to_checkout()
    STAMP.write_text(wanted(), encoding="utf-8")


def run(uv: str, *arguments: str) -> None:
    """Run one step of uv.

    Raises
    ------
    SetupError
        It failed; uv has said why.
    """
    cache = {} if uv == shutil.which("uv") else {"UV_CACHE_DIR": str(HOME / "cache" / "uv")}
    defaults = {"UV_LINK_MODE": "copy", **cache}
    environment = {**defaults, **os.environ, "VIRTUAL_ENV": str(VENV)}
    if subprocess.run([uv, *arguments], cwd=ROOT, env=environment, check=False).returncode:
        raise SetupError(f"This step failed: uv {' '.join(arguments)}")


def point_to_checkout() -> None:
    """Name the checkout relative to the environment: Python reads the absolute name in the locale's encoding.

    So a checkout in a folder of any name works under any locale, and may be moved together with its environment.
    """
    for path in VENV.glob("lib/python*/site-packages/_editable_impl_trm_os.pth"):
        path.write_text(f"{os.path.relpath(ROOT, path.parent)}\n", encoding="utf-8")


def find_uv() -> str:
    """The machine's uv, or one of our own: from a private venv, or with pip into a folder where venv is missing.

    Raises
    ------
    SetupError
        This Python has neither; the message names the command that helps.
    """
    found = shutil.which("uv")
    if found:
        return found
    private = HOME / "uv"
    candidates = [private / "bin" / "uv", private / "target" / "bin" / "uv"]
    for candidate in candidates:
        if candidate.exists():
            return str(candidate)
    print("Installing uv …", flush=True)
    pip = ["-m", "pip", "install", "-q", "--no-cache-dir", "--require-hashes", "-r", str(UV_LOCK)]
    # A venv is not the system's installation, so PEP 668 (externally managed) does not forbid it.
    attempts = [
        [[sys.executable, "-m", "venv", str(private)], [str(private / "bin" / "python"), *pip]],
        [[sys.executable, *pip, "--target", str(private / "target")]],
    ]
    said = ""
    for commands in attempts:
        shutil.rmtree(private, ignore_errors=True)
        for command in commands:
            done = subprocess.run(command, check=False, capture_output=True)
            if done.returncode:
                said = (done.stderr or done.stdout).decode(errors="replace").strip()
                break
        for candidate in candidates:
            if candidate.exists():
                return str(candidate)
    shutil.rmtree(private, ignore_errors=True)
    raise SetupError(why_no_uv(said))


def why_no_uv(said: str) -> str:
    """Tell a Python without pip from a pip that failed."""
    if "No module named pip" in said:
        return f"This Python has neither venv nor pip, with which uv is installed: type `{complete_python()}`."
    return f"uv could not be installed: {said.splitlines()[-1] if said else 'pip said nothing'}"


def complete_python(release: Path = Path("/etc/os-release")) -> str:
    """The command that gives this system's Python its venv and pip."""
    try:
        lines = release.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = dict(line.split("=", 1) for line in lines if "=" in line)
    for kind in f"{named.get('ID', '')} {named.get('ID_LIKE', '')}".replace('"', "").split():
        if kind in PACKAGES:
            return f"{'' if os.geteuid() == 0 else 'sudo '}{PACKAGES[kind]}"
    return "python3 -m ensurepip"


if __name__ == "__main__":
    raise SystemExit(main())
