"""What keeps a stack from starting is told before anything starts."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.settings import Settings, StackSettings
from stack import memory, passwords, preflight
from stack.addresses import free_addresses
from stack.processes import PartError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRM_HOME", str(tmp_path / "home"))
    for name, port in free_addresses().items():  # a stack may run beside the tests
        monkeypatch.setenv(name, port)
    return Settings(_env_file=None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte, where a test may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def moved(tree: Settings, **stack: object) -> Settings:
    return tree.model_copy(update={"stack": tree.stack.model_copy(update=stack)})


def test_folders_with_room_pass(tree: Settings) -> None:
    preflight.check_folders(moved(tree, data_space=1, parts_space=1))


def test_a_disk_without_room_is_told_with_the_setting_that_moves_the_folder(tree: Settings, small_disk: Path) -> None:
    with pytest.raises(PartError, match=r"disk has 1 MB left and 500 MB are needed.* TRM_STACK__DATA"):
        preflight.check_folders(moved(tree, data=small_disk, parts_space=1))


def test_a_full_disk_is_told(tree: Settings, small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "all").write_bytes(b"x" * 2**21)
    with pytest.raises(PartError, match=f"the disk of {small_disk}.* is full|has 0 MB left"):
        preflight.check_folders(moved(tree, data=small_disk / "data", parts_space=1))
    with pytest.raises(PartError, match="is full"), preflight.plain_disk_errors(small_disk):
        (small_disk / "more").write_bytes(b"x" * 2**20)


def test_a_read_only_folder_is_told(tree: Settings, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(PartError, match=rf"{small_disk}/data cannot be written \(Read-only file system\).*STACK__DATA"):
        preflight.check_folders(moved(tree, data=small_disk / "data", parts_space=1))


def test_a_file_in_a_folders_place_is_told(tree: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PartError, match=r"file/data cannot be a folder.* TRM_STACK__DATA"):
        preflight.check_folders(moved(tree, data=tmp_path / "file" / "data", parts_space=1))


def test_a_folder_that_cannot_be_made_is_told(tree: Settings) -> None:
    with pytest.raises(PartError, match=r"/proc/x cannot be made \(No such file .* TRM_STACK__DATA"):
        preflight.check_folders(moved(tree, data=Path("/proc/x"), parts_space=1))


def test_a_folder_with_a_name_that_servers_misread_is_told(tree: Settings, tmp_path: Path) -> None:
    with pytest.raises(PartError, match=r"in its name, which servers misread: .* TRM_STACK__PARTS"):
        preflight.check_folders(moved(tree, parts=tmp_path / "a:b", data_space=1))


def test_a_tilde_is_the_users_own_folder() -> None:
    assert Settings(_env_file=None, stack=StackSettings(data=Path("~/x"))).stack.data == Path.home() / "x"


def test_other_errors_of_the_system_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(InterruptedError), preflight.plain_disk_errors(tmp_path):
        raise OSError(errno.EINTR, "interrupted")


def test_too_little_memory_is_told_and_may_be_overruled(tree: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 700 << 20)
    names = ["postgres", "neo4j", "kafka"]
    with pytest.raises(PartError, match=r"970 MB of memory are needed and 700 MB are free.*MEMORY_SHARE=0"):
        preflight.check_servers(tree, names)
    preflight.check_servers(tree, ["postgres", "neo4j"])
    preflight.check_servers(moved(tree, memory_share=0.5), names)
    preflight.check_servers(moved(tree, memory_share=0), names)


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({"memory.max": "max", "memory.current": "5"}, None),
        ({"memory.max": "1000", "memory.current": "900", "memory.stat": "anon 1\ninactive_file 300"}, 400),
        ({"memory.max": "1000", "memory.current": "1200", "memory.stat": "inactive_file 0"}, 0),
    ],
)
def test_a_containers_limit_counts(tmp_path: Path, files: dict[str, str], left: int | None) -> None:
    group = tmp_path / "groups" / "outer" / "inner"
    group.mkdir(parents=True)
    for name, text in files.items():
        (group.parent / name).write_text(text, encoding="utf-8")
    membership = tmp_path / "cgroup"
    membership.write_text("0::/outer/inner\n", encoding="utf-8")
    found = memory.available(tmp_path / "groups", membership)
    assert found == left if left is not None else found > 2**20


def test_an_old_control_group_counts_too(tmp_path: Path) -> None:
    group = tmp_path / "groups" / "memory" / "box"
    group.mkdir(parents=True)
    numbers = {"memory.limit_in_bytes": "5000", "memory.usage_in_bytes": "4000", "memory.stat": "total_inactive_file 7"}
    for name, text in numbers.items():
        (group / name).write_text(text, encoding="utf-8")
    membership = tmp_path / "cgroup"
    membership.write_text("4:memory:/box\n1:cpu:/box\n", encoding="utf-8")
    assert memory.available(tmp_path / "groups", membership) == 1007


def test_another_password_than_the_datas_is_told_with_what_helps(tmp_path: Path) -> None:
    passwords.check(tmp_path, "neo4j", SecretStr("anything"))
    passwords.remember(tmp_path, "neo4j", SecretStr("first"))
    passwords.remember(tmp_path, "postgres", SecretStr("other"))
    passwords.check(tmp_path, "neo4j", SecretStr("first"))
    with pytest.raises(
        PartError, match=r"neo4j has data that were made with another password: set TRM_GRAPH__PASSWORD .*make clean"
    ):
        passwords.check(tmp_path, "neo4j", SecretStr("second"))
    assert "first" not in passwords.path_in(tmp_path).read_text(encoding="utf-8")
    assert passwords.path_in(tmp_path).stat().st_mode & 0o077 == 0
