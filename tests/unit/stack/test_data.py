"""A data folder belongs to one stack at a time, and cleaning takes only what a stack made."""

from pathlib import Path

import pytest

from runtime import locks
from runtime.settings import Settings
from stack import data
from stack.native import clean_home
from stack.processes import PartError, StackRunsError
from stack.state import lock_path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRM_STACK__DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TRM_STACK__PARTS", raising=False)  # parts that others use are none to try removal on
    (tmp_path / "home").mkdir()
    return Settings(_env_file=None)


def used(folder: Path) -> Path:
    """A data folder as a stack leaves it."""
    with data.claimed(folder):
        for name in ("kafka", "logs"):
            (folder / name).mkdir()
            (folder / name / "file").touch()
    return folder


def test_cleaning_removes_what_a_stack_made_and_the_empty_folder(tree: Settings) -> None:
    folder = used(data.data_folder(tree))
    clean_home(tree, parts=False)
    assert not folder.exists()


def test_cleaning_leaves_other_files_and_their_folder(tree: Settings) -> None:
    folder = used(data.data_folder(tree))
    (folder / "thesis.txt").touch()
    clean_home(tree, parts=False)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_a_folder_with_other_peoples_files_is_neither_used_nor_cleaned(tree: Settings) -> None:
    folder = data.data_folder(tree)
    (folder / "photos").mkdir(parents=True)
    with pytest.raises(PartError, match=r"holds files that no stack made \(photos\)"), data.claimed(folder):
        pass
    with pytest.raises(PartError, match="photos"):
        clean_home(tree, parts=False)
    assert (folder / "photos").is_dir()


def test_a_folder_of_an_earlier_version_is_ours(tree: Settings) -> None:
    folder = data.data_folder(tree)
    (folder / "neo4j" / "conf").mkdir(parents=True)
    (folder / "neo4j" / "conf" / "neo4j.conf").touch()
    with data.claimed(folder):
        assert (folder / data.MARKER).exists()


def test_a_foreign_folder_with_names_like_ours_is_neither_used_nor_cleaned(tree: Settings) -> None:
    folder = data.data_folder(tree)
    for name in ("logs", "postgres"):
        (folder / name).mkdir(parents=True)
        (folder / name / "dump.sql").touch()
    with pytest.raises(PartError, match="no stack made"):
        clean_home(tree, parts=False)
    assert (folder / "postgres" / "dump.sql").exists()


def test_an_empty_folder_is_left_as_it_is(tree: Settings) -> None:
    data.data_folder(tree).mkdir()
    clean_home(tree, parts=False)
    assert data.data_folder(tree).is_dir()


def test_what_cannot_be_removed_whole_is_not_begun(tree: Settings, tmp_path: Path) -> None:
    folder = used(data.data_folder(tree))
    parts = tmp_path / "home" / "parts"
    parts.mkdir()
    with locks.shared(parts / "in-use.lock"), pytest.raises(StackRunsError, match="a stack uses the parts"):
        clean_home(tree, parts=True)
    assert (folder / "kafka" / "file").exists()


def test_a_running_stack_is_not_cleaned(tree: Settings, tmp_path: Path) -> None:
    folder = used(data.data_folder(tree))
    with locks.exclusive(lock_path(tmp_path / "home")), pytest.raises(StackRunsError, match="already runs"):
        clean_home(tree, parts=False)
    with data.claimed(folder), pytest.raises(StackRunsError, match="another stack runs on"):
        clean_home(tree, parts=False)
    assert (folder / "kafka" / "file").exists()


def test_two_homes_do_not_share_one_data_folder(tree: Settings) -> None:
    folder = data.data_folder(tree)
    with data.claimed(folder), pytest.raises(StackRunsError, match="TRM_STACK__DATA"), data.claimed(folder):
        pass


def test_parts_are_removed_when_asked_for_but_not_under_a_running_stack(tree: Settings, tmp_path: Path) -> None:
    parts = tmp_path / "home" / "parts"
    for name in ("kafka-0123456789ab", "zipkin-ba9876543210", "mine"):
        (parts / name).mkdir(parents=True)
    with locks.shared(parts / "in-use.lock"), pytest.raises(StackRunsError, match="a stack uses the parts"):
        clean_home(tree, parts=True)
    clean_home(tree, parts=True)
    assert {path.name for path in parts.iterdir() if path.is_dir()} == {"mine"}
