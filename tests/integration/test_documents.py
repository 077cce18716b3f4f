"""README and API guide tell the truth: their examples run, and print what they say."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from cli.report import addresses_of
from runtime.settings import settings
from stack.session import StackSession

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCUMENTS = {"README": README, "API guide": ROOT / "docs" / "api.md"}
MARK = "--- next example ---"

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="the examples need curl and bash"),
]


def examples(text: str) -> list[tuple[str, list[str]]]:
    """Each example's commands, and the lines the document shows of what they print."""
    found = re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", text, re.DOTALL)
    return [(commands, shown.splitlines()) for commands, shown in found]


def pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_print_what_the_document_shows(stack: StackSession, tmp_path: Path, document: str) -> None:
    text = DOCUMENTS[document].read_text(encoding="utf-8")
    wanted = examples(text)
    assert len(wanted) == text.count("```sh") > 0
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    script = f"\necho; echo '{MARK}'\n".join(commands for commands, _ in wanted)
    environment = {**os.environ, **stack.environment, "COLUMNS": "150"}
    argv = ["bash", "-euo", "pipefail", "-c", script.replace("http://127.0.0.1:8000", settings().api.public_url)]
    done = subprocess.run(
        argv, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout.replace("\r", "").split(MARK)
    for (commands, shown), output in zip(wanted, printed, strict=True):
        at_any_place = r"(?:.*\n)*?".join(rf"{pattern(line)}\n" for line in shown)
        assert re.search(rf"^{at_any_place}", output + "\n", re.MULTILINE), f"{commands}\n{output}"


def test_the_readme_tells_what_each_printed_address_shows(stack: StackSession) -> None:
    [table] = re.findall(
        r"\| Address \| What it shows \|\n\| --- \| --- \|\n((?:\|.*\n)+)", README.read_text(encoding="utf-8")
    )
    told = [row.split("|")[1].strip() for row in table.splitlines()]
    printed = addresses_of(settings())
    assert told == list(printed)
    for name, address in printed.items():
        if address.startswith("http"):
            assert httpx.get(address, follow_redirects=True).status_code == 200, name
