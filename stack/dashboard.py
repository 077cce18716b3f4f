"""``python -m stack.dashboard`` checks, tests and builds the dashboard; its modules are installed once per lock."""

import asyncio
import os
import subprocess
import sys

from stack import npm
from stack.parts import HERE
from stack.processes import PartError

FOLDER = HERE.parent / "ui"
_STEPS = ("check", "test", "build")


def main() -> int:
    """Run each step until one fails; its exit code."""
    try:
        asyncio.run(npm.install_within(FOLDER))
    except PartError as error:
        print(error, file=sys.stderr)
        return 1
    environment = {**os.environ, **npm.environment()}
    for step in _STEPS:
        command = npm.command("run", "--silent", step)
        if code := subprocess.run(command, cwd=FOLDER, env=environment, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
