"""``python -m stack.lint`` checks the checkout's Markdown, and that no text depends on the locale."""

import asyncio
import subprocess
import sys

from runtime.settings import settings
from stack import npm
from stack.lint import encodings
from stack.parts import HERE, parts_directory
from stack.processes import node_executable


def main() -> int:
    """Run our own rule, install the Markdown tool once, and run it."""
    implicit = encodings.check(HERE.parent)
    for place in implicit:
        print(f'{place}: name the encoding, encoding="utf-8"', file=sys.stderr)
    return markdown() or bool(implicit)


def markdown() -> int:
    """Exit code of the Markdown tool."""
    target = parts_directory(settings().stack) / "lint"
    asyncio.run(npm.install(HERE / "lint", target))
    tool = target / "node_modules" / "markdownlint-cli2" / "markdownlint-cli2-bin.mjs"
    return subprocess.run([str(node_executable()), str(tool), "**/*.md"], cwd=HERE.parent, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
