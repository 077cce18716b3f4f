"""The API guide tells the truth: its examples run, and print what it says."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stack.session import StackSession

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "api.md"
MARK = "--- next example ---"

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the examples need curl and bash"),
]


def examples() -> list[tuple[str, list[str]]]:
    """Each example's commands, and the lines the guide shows of what they print."""
    found = re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [(commands, shown.splitlines()) for commands, shown in found]


def pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…"))


def test_examples_print_what_the_guide_shows(stack: StackSession, tmp_path: Path) -> None:
    wanted = examples()
    assert len(wanted) == GUIDE.read_text(encoding="utf-8").count("```sh")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    script = f"\necho; echo '{MARK}'\n".join(commands for commands, _ in wanted)
    environment = {**os.environ, **stack.environment}
    argv = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        argv, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout.replace("\r", "").split(MARK)
    for (commands, shown), output in zip(wanted, printed, strict=True):
        at_any_place = r"(?:.*\n)*?".join(rf"{pattern(line)}\n" for line in shown)
        assert re.search(rf"^{at_any_place}", output + "\n", re.MULTILINE), f"{commands}\n{output}"
