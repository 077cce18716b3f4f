"""``python -m stack.lint`` checks the checkout's Markdown."""

import asyncio
import subprocess

from runtime.settings import settings
from stack import npm
from stack.parts import HERE, parts_directory
from stack.processes import node_executable


def main() -> int:
    """Install the tool once and run it."""
    target = parts_directory(settings().stack) / "lint"
    asyncio.run(npm.install(HERE / "lint", target))
    tool = target / "node_modules" / "markdownlint-cli2" / "markdownlint-cli2-bin.mjs"
    return subprocess.run([str(node_executable()), str(tool), "**/*.md"], cwd=HERE.parent, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
