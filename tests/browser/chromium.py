"""The Chromium of browser tests: a chosen one, the machine's, Playwright's own, or the one that comes by npm."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Playwright

from runtime.settings import settings
from stack import npm
from stack.parts import parts_directory
from stack.processes import node_executable

HERE = Path(__file__).parent

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_UNPACK = """
import chromium from '@sparticuz/chromium';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
const libraries = process.env.TMPDIR + '/al2023';
const path = await chromium.executablePath();
if (!existsSync(libraries + '/whole')) {
  mkdirSync(libraries, { recursive: true });
  const packed = readFileSync('node_modules/@sparticuz/chromium/bin/al2023.tar.br');
  writeFileSync(libraries + '.tar', brotliDecompressSync(packed));
  execFileSync('tar', ['xf', libraries + '.tar', '-C', libraries]);
  writeFileSync(libraries + '/whole', '');
}
console.log(path);
"""


@dataclass(frozen=True)
class Chromium:
    """How it is started.

    Parameters
    ----------
    path
        None: Playwright's own.
    environment
        What it needs beside the environment.
    """

    path: str | None
    environment: dict[str, str] = field(default_factory=dict)


async def find(playwright: Playwright) -> Chromium:
    """The first there is: ``E2E_CHROMIUM``, one on the path, Playwright's own, and else the one of npm."""
    chosen = os.environ.get("E2E_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if chosen:
        return Chromium(chosen)
    if Path(playwright.chromium.executable_path).exists():
        return Chromium(None)
    return _of_npm(await modules())


async def modules() -> Path:
    """Folder of the tests' npm modules, installed once per lock."""
    target = parts_directory(settings().stack) / "browser"
    await npm.install(HERE, target)
    return target


def _of_npm(folder: Path) -> Chromium:
    place = folder / "chromium"
    place.mkdir(exist_ok=True)
    unpacking = subprocess.run(
        [str(node_executable()), "--input-type=module", "-e", _UNPACK],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(place)},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    # Libraries that a bare machine lacks come with it.
    return Chromium(unpacking.stdout.strip(), {"LD_LIBRARY_PATH": str(place / "al2023" / "lib")})
