"""Modules from npm are installed once per lock, beside it or elsewhere; npm itself is not run here."""

from pathlib import Path
from typing import Any

import pytest

from stack import npm
from stack.processes import PartError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    (source / "package.json").write_text("{}", encoding="utf-8")
    (source / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    return source


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders in which npm ran."""
    folders: list[Path] = []

    async def finish(argv: list[str], *, cwd: Path, env: dict[str, str]) -> str:
        assert argv[2] == "ci"
        assert env["PATH"].startswith(str(Path(argv[0]).parent))
        (cwd / "node_modules").mkdir(exist_ok=True)
        folders.append(cwd)
        return ""

    monkeypatch.setattr(npm, "finish", finish)
    return folders


async def test_modules_stand_beside_their_lock_once(folder: Path, ran: list[Path]) -> None:
    await npm.install_within(folder)
    await npm.install_within(folder)
    assert ran == [folder]
    (folder / "package-lock.json").write_text("{}", encoding="utf-8")
    await npm.install_within(folder)
    assert ran == [folder, folder]


async def test_modules_stand_elsewhere_once(folder: Path, tmp_path: Path, ran: list[Path]) -> None:
    target = tmp_path / "target"
    await npm.install(folder, target)
    await npm.install(folder, target)
    assert ran == [target]
    assert not (folder / "node_modules").exists()


async def test_what_failed_is_tried_again(folder: Path, ran: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: Any, **__: Any) -> str:
        raise PartError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(npm, "finish", failing)
        with pytest.raises(PartError):
            await npm.install_within(folder)
    await npm.install_within(folder)
    assert ran == [folder]
