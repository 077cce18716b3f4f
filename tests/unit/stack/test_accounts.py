"""Whom PostgreSQL runs as, and where its files go when that user cannot enter the usual folder."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from stack import accounts
from stack.processes import Account, PartError, finish

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place its user can enter, though it stands below pytest's own closed folders: xdist makes another."""
    folder = tmp_path_factory.mktemp("outside")
    for path in (folder, *folder.parents):
        if Path(tempfile.gettempdir()) in path.parents:
            path.chmod(0o711)
    return folder / "trm-os"


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


def nobody() -> Account:
    account = accounts.postgres_account()
    assert account is not None
    return account


def test_our_own_folder_is_the_usual_one(closed: Path) -> None:
    assert accounts.place(closed / "postgres", None) == closed / "postgres"


@root_only
def test_a_reachable_folder_is_used_and_belongs_to_the_account(outside: Path) -> None:
    usual = outside / "data" / "postgres"
    assert accounts.place(usual, nobody()) == usual
    assert usual.stat().st_uid == nobody().uid


@root_only
async def test_below_a_closed_folder_the_files_stand_outside_and_a_link_leads_there(
    closed: Path, outside: Path
) -> None:
    usual = closed / "postgres"
    found = accounts.place(usual, nobody(), [outside])
    assert found.parent == outside
    assert usual.readlink() == found
    assert accounts.place(usual, nobody(), [outside]) == found, "the next start finds them again"
    await finish(["/bin/sh", "-c", f"echo kept > {found}/file"], account=nobody(), cwd=Path("/"))
    assert (usual / "file").read_text(encoding="utf-8") == "kept\n"
    accounts.remove(usual, [outside])
    assert not usual.is_symlink()
    assert list(outside.iterdir()) == []


@root_only
def test_a_copied_checkout_neither_uses_nor_removes_the_originals_files(closed: Path, outside: Path) -> None:
    usual, copy = closed / "postgres", closed / "copy"
    found = accounts.place(usual, nobody(), [outside])
    (found / "file").touch()
    copy.symlink_to(usual.readlink())
    with pytest.raises(PartError, match="is a copy of"):
        accounts.place(copy, nobody(), [outside])
    accounts.remove(copy, [outside])
    assert (found / "file").exists()
    moved = closed / "moved"
    usual.rename(moved)
    assert accounts.place(moved, nobody(), [outside]) == found, "a moved checkout keeps its data"
    accounts.remove(moved, [outside])
    assert list(outside.iterdir()) == []


@root_only
def test_files_of_another_user_are_told_not_taken(outside: Path) -> None:
    folder = outside / "postgres"
    folder.mkdir(parents=True)
    (folder / "file").touch()
    os.chown(folder, 4321, 4321)
    with pytest.raises(PartError, match="holds files of user id 4321"):
        accounts.place(folder, nobody())


@root_only
def test_a_strict_umask_closes_nothing_to_the_account(closed: Path, outside: Path) -> None:
    before = os.umask(0o077)
    try:
        found = accounts.place(closed / "postgres", nobody(), [outside])
    finally:
        os.umask(before)
    assert accounts.can_enter(found, nobody())


@root_only
def test_the_next_candidate_is_taken_where_the_first_cannot_be_made(closed: Path, outside: Path) -> None:
    (closed / "file").touch()
    assert accounts.place(closed / "postgres", nobody(), [closed / "file" / "x", outside]).parent == outside
    with pytest.raises(PartError, match="cannot be made for it"):
        accounts.place(closed / "other", nobody(), [closed / "inside"])


@root_only
def test_data_that_can_no_longer_be_reached_is_told_not_replaced(closed: Path, outside: Path) -> None:
    (closed / "postgres").mkdir()
    (closed / "postgres" / "PG_VERSION").touch()
    with pytest.raises(PartError, match=r"cannot reach: let it in \(chmod o\+x\)"):
        accounts.place(closed / "postgres", nobody(), [outside])


@root_only
def test_a_link_to_somewhere_else_is_removed_and_what_it_leads_to_stays(tmp_path: Path, outside: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "file").touch()
    (tmp_path / "postgres").symlink_to(foreign)
    accounts.remove(tmp_path / "postgres", [outside])
    assert (foreign / "file").exists()
    assert not (tmp_path / "postgres").is_symlink()


def test_a_user_without_a_name_is_told_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 2_123_456)
    with pytest.raises(PartError, match=r"user id 2123456 has none: add a line for it to /etc/passwd"):
        accounts.postgres_account()


@root_only
def test_a_root_that_may_not_change_its_user_is_told_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(PartError, match="run this as an ordinary user"):
        accounts.postgres_account()
