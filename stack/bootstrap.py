"""Sets up the environment with nothing but the system's Python: uv, locked dependencies, our own packages.

Runs before anything is installed, so it uses the standard library only. Repeating it costs a few milliseconds.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("TRM_HOME", ROOT / ".trm")).absolute()
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
UV_VERSION = "0.13.9"


def main() -> int:
    """Set up once per lock."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs on whatever Python is there
        print(f"TRM-OS needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / ".trm-lock"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and (VENV / "bin" / "trm").exists():
        return 0
    uv = find_uv()
    if uv is None:
        print("uv could not be installed: this Python has neither a working venv nor pip. Install uv or python3-venv.")
        return 1
    print("Installing locked dependencies …", flush=True)
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")}
    steps: list[list[str]] = (
        [] if (VENV / "bin" / "python").exists() else [[uv, "venv", "-q", "-p", sys.executable, str(VENV)]]
    )
    steps += [
        [uv, "pip", "sync", "-q", "--require-hashes", str(LOCK)],
        [uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            print(f"This step failed: {' '.join(step[1:])}")
            return done.returncode
    stamp.write_text(wanted, encoding="utf-8")
    return 0


def find_uv() -> str | None:
    """The machine's uv, or one of our own: from a private venv, or with pip into a folder where venv is missing."""
    found = shutil.which("uv")
    if found:
        return found
    private = HOME / "uv"
    candidates = [private / "bin" / "uv", private / "target" / "bin" / "uv"]
    for candidate in candidates:
        if candidate.exists():
            return str(candidate)
    print("Installing uv …", flush=True)
    # A venv is not the system's installation, so PEP 668 (externally managed) does not forbid it.
    attempts = [
        [[sys.executable, "-m", "venv", str(private)], [str(private / "bin" / "python"), "-m", "pip", "install", "-q"]],
        [[sys.executable, "-m", "pip", "install", "-q", "--target", str(private / "target")]],
    ]
    for *before, install in attempts:
        commands = [*before, [*install, f"uv=={UV_VERSION}"]]
        if all(subprocess.run(command, check=False, capture_output=True).returncode == 0 for command in commands):
            for candidate in candidates:
                if candidate.exists():
                    return str(candidate)
        shutil.rmtree(private, ignore_errors=True)
    return None


if __name__ == "__main__":
    raise SystemExit(main())
