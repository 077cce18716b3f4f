"""Jars by a flat lock from a real HTTP server: what is wrong is refused, what is strange is removed."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stack.jars import install_jars, read_lock
from stack.parts import HERE, JAR_SERVERS
from stack.processes import PartError


@dataclass
class Repository:
    """Files by path, and what was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fail_first: int = 0


@pytest.fixture
def repository() -> Iterator[Repository]:
    held = Repository()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            body = held.files.get(self.path.lstrip("/"))
            busy = len(held.asked) <= held.fail_first
            self.send_response(503 if busy else 200 if body is not None else 404)
            self.end_headers()
            if body is not None and not busy:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path, repository: Repository) -> Path:
    for name in ("a", "b"):
        repository.files[f"org/{name}/{name}.jar"] = name.encode() * 1000
    lines = [f"{hashlib.sha256(body).hexdigest()} {path}" for path, body in repository.files.items()]
    path = tmp_path / "jars.lock"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def jars(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


async def test_every_file_of_the_lock_comes_into_place(tmp_path: Path, repository: Repository, lock: Path) -> None:
    counted: list[int] = []
    await install_jars(lock, tmp_path / "lib", repository.url, counted.append)
    assert jars(tmp_path / "lib") == {"a.jar", "b.jar"}
    assert sum(counted) == 2


async def test_a_warm_start_asks_for_nothing(tmp_path: Path, repository: Repository, lock: Path) -> None:
    await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)
    repository.asked.clear()
    counted: list[int] = []
    await install_jars(lock, tmp_path / "lib", repository.url, counted.append)
    assert repository.asked == []
    assert sum(counted) == 2


async def test_a_file_that_is_not_what_the_lock_says_is_refused(
    tmp_path: Path, repository: Repository, lock: Path
) -> None:
    repository.files["org/a/a.jar"] = b"changed"
    with pytest.raises(PartError, match=r"a\.jar is not what the lock says"):
        await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)
    assert "a.jar" not in jars(tmp_path / "lib")
    assert not [name for name in jars(tmp_path / "lib") if ".part" in name]
    assert not (tmp_path / "lib" / ".verified").exists()


async def test_a_missing_file_is_told_by_name(tmp_path: Path, repository: Repository, lock: Path) -> None:
    del repository.files["org/b/b.jar"]
    with pytest.raises(PartError, match=r"b\.jar could not be downloaded"):
        await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)


async def test_a_passing_refusal_is_tried_again(tmp_path: Path, repository: Repository, lock: Path) -> None:
    repository.fail_first = 1
    await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)
    assert jars(tmp_path / "lib") == {"a.jar", "b.jar"}


async def test_a_damaged_file_is_replaced_and_a_stray_removed(
    tmp_path: Path, repository: Repository, lock: Path
) -> None:
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "a.jar").write_bytes(b"half a downl")
    (lib / "old-a.jar").write_bytes(b"of an earlier lock")
    await install_jars(lock, lib, repository.url, lambda _: None)
    assert jars(lib) == {"a.jar", "b.jar"}
    assert (lib / "a.jar").read_bytes() == repository.files["org/a/a.jar"]


async def test_a_new_lock_is_followed(tmp_path: Path, repository: Repository, lock: Path) -> None:
    await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)
    lock.write_text(lock.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    await install_jars(lock, tmp_path / "lib", repository.url, lambda _: None)
    assert jars(tmp_path / "lib") == {"a.jar"}


@pytest.mark.parametrize("server", JAR_SERVERS)
def test_committed_locks_name_each_file_once_with_its_hash(server: str) -> None:
    found = read_lock(HERE / server / "jars.lock")
    assert len({jar.name for jar in found}) == len(found) > 0
    assert all(len(bytes.fromhex(jar.sha256)) == 32 and "://" not in jar.path for jar in found)
