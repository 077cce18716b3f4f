"""The generated TypeScript client speaks with the real gateway."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.clients import CLIENT, workshop
from runtime.settings import Settings
from stack.processes import node_executable
from tests.clients import token_of

pytestmark = pytest.mark.servers


def test_example_runs(tree: Settings) -> None:
    environment = {**os.environ, "TRM_URL": tree.api.public_url, "TRM_TOKEN": token_of(tree, "alice")}
    argv = [str(node_executable()), "examples/recognise.ts"]
    with workshop(Path(__file__).parents[3]) as copy:
        done = subprocess.run(
            argv, cwd=copy / CLIENT, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
        )
    assert done.returncode == 0, done.stderr
    written, read, _found, refused = done.stdout.splitlines()
    assert written == "written by Alice Nguyễn"
    assert read == "read back as written"
    assert refused == "refused: idempotencyConflict"
