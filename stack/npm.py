"""Modules from npm by a committed lock, installed with the Node of its wheel."""

import hashlib
import os
import shutil
from pathlib import Path

from runtime.settings import home
from stack.processes import finish, node_executable


async def install(source: Path, target: Path) -> None:
    """Install ``package-lock.json`` of ``source`` into ``target``, once per lock.

    Raises
    ------
    PartError
        npm failed; its integrity check is part of that.
    """
    stamp = target / ".verified"
    digest = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, target / name)
    node = node_executable()
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    chosen = any(name.lower() == "npm_config_cache" for name in os.environ)
    cache = {} if chosen else {"NPM_CONFIG_CACHE": str(home() / "cache" / "npm")}
    await finish([str(node), str(npm), "ci", "--no-audit", "--no-fund"], cwd=target, env={"PATH": path, **cache})
    stamp.write_text(digest, encoding="utf-8")
