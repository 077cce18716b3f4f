"""``trm import`` as somebody at a shell runs it."""

import asyncio
import re
import sys

_SUMMARY = re.compile(r"(\d+) written, (\d+) already there, (\d+) refused")


async def started(*arguments: str) -> asyncio.subprocess.Process:
    """The command, begun."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "import", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def imported(*arguments: str) -> tuple[int, str]:
    """Exit code and output, white space collapsed."""
    process = await started(*arguments)
    output, _ = await process.communicate()
    return process.returncode or 0, " ".join(output.decode().split())


def counts(said: str) -> tuple[int, ...]:
    """Rows written, already there and refused, as the command says."""
    found = _SUMMARY.search(said)
    assert found, said
    return tuple(int(number) for number in found.groups())
