"""The supervisor with small real programs: order, restarts, plain failures, and nothing left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from runtime import locks
from runtime.settings import StackSettings
from stack.processes import PartError
from stack.state import StackState, lock_path, read_state, write_state
from stack.supervisor import Probe, Server, Supervisor, _asks

LIVES = "import pathlib, signal, sys; pathlib.Path(sys.argv[1]).touch(); signal.pause()"


def exists(path: Path) -> Probe:
    async def ask() -> bool:
        return path.exists()

    return ask


def living(name: str, folder: Path, *needs: str) -> Server:
    mark = folder / f"{name}.mark"
    return Server(name, lambda: [sys.executable, "-c", LIVES, str(mark)], exists(mark), needs=needs)


def supervise(folder: Path, *servers: Server, ready_timeout: float = 20.0) -> Supervisor:
    settings = StackSettings(ready_timeout=ready_timeout, log_megabytes=1)
    return Supervisor(servers, folder / "logs", folder / "stack.json", settings)


async def until(condition: Callable[[], bool], limit: float = 15.0) -> None:
    async with asyncio.timeout(limit):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_server_starts_only_when_what_it_needs_is_ready(tmp_path: Path) -> None:
    seen: list[bool] = []

    async def look() -> None:
        seen.append((tmp_path / "first.mark").exists())

    first = living("first", tmp_path)
    mark = tmp_path / "second.mark"
    second = Server(
        "second", lambda: [sys.executable, "-c", LIVES, str(mark)], exists(mark), needs=("first",), prepare=look
    )
    supervisor = supervise(tmp_path, second, first)
    try:
        await supervisor.start()
        assert seen == [True]
    finally:
        await supervisor.stop()


async def test_the_state_file_says_ready_when_start_returns_and_is_gone_after_stop(tmp_path: Path) -> None:
    supervisor = supervise(tmp_path, living("only", tmp_path))
    with locks.exclusive(lock_path(tmp_path)):
        await supervisor.start()
        state = read_state(tmp_path / "stack.json")
        assert state is not None
        assert state.ready
        pid = state.server("only").pid
        await supervisor.stop()
        assert pid is not None
        assert not psutil.pid_exists(pid)
        assert read_state(tmp_path / "stack.json") is None


def test_a_stack_lives_as_long_as_its_lock_is_held_whoever_has_its_number(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    write_state(path, StackState(os.getpid(), ready=True))
    assert read_state(path) is None, "its file was left behind by one that was killed"
    with locks.exclusive(lock_path(tmp_path)):
        assert read_state(path) is not None
    assert read_state(path) is None


async def test_a_killed_server_comes_back(tmp_path: Path) -> None:
    supervisor = supervise(tmp_path, living("only", tmp_path))
    try:
        await supervisor.start()
        state = supervisor.states["only"]
        first = state.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: state.health == "ready" and state.pid != first)
        assert state.restarts == 1
    finally:
        await supervisor.stop()


async def test_a_start_that_fails_after_a_crash_is_tried_again(tmp_path: Path) -> None:
    tries = 0

    async def settle() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            raise ConnectionError("not yet")

    mark = tmp_path / "only.mark"
    server = Server("only", lambda: [sys.executable, "-c", LIVES, str(mark)], exists(mark), settle=settle)
    supervisor = supervise(tmp_path, server)
    try:
        await supervisor.start()
        state = supervisor.states["only"]
        assert state.pid is not None
        os.kill(state.pid, signal.SIGKILL)
        await until(lambda: tries == 3 and state.health == "ready")
        assert state.restarts == 2
    finally:
        await supervisor.stop()
    assert psutil.Process().children() == []


async def test_a_task_runs_once_and_its_dependents_follow(tmp_path: Path) -> None:
    done = tmp_path / "done"
    task = Server("task", lambda: [sys.executable, "-c", f"open({str(done)!r}, 'a').write('x')"])
    supervisor = supervise(tmp_path, living("after", tmp_path, "task"), task)
    try:
        await supervisor.start()
        assert done.read_text(encoding="utf-8") == "x"
        assert supervisor.states["task"].health == "done"
    finally:
        await supervisor.stop()


async def test_a_failed_task_is_told_with_its_last_lines_and_its_log(tmp_path: Path) -> None:
    task = Server("task", lambda: [sys.executable, "-c", "raise SystemExit('no such table')"])
    supervisor = supervise(tmp_path, living("after", tmp_path, "task"), task)
    try:
        with pytest.raises(PartError, match=r"task ended with exit code 1\n  no such table\nWhole log: .*task\.log"):
            await supervisor.start()
        assert not (tmp_path / "after.mark").exists()
    finally:
        await supervisor.stop()


async def test_a_server_that_never_answers_fails_the_start_by_name(tmp_path: Path) -> None:
    mute = Server("mute", lambda: [sys.executable, "-c", "import signal; signal.pause()"], exists(tmp_path / "never"))
    supervisor = supervise(tmp_path, mute, ready_timeout=1.0)
    try:
        with pytest.raises(PartError, match="mute did not become ready in 1 s"):
            await supervisor.start()
    finally:
        await supervisor.stop()
    assert psutil.Process().children() == []


async def test_a_program_that_ends_at_once_fails_the_start(tmp_path: Path) -> None:
    broken = Server("broken", lambda: [sys.executable, "-c", "print('bad flag'); exit(3)"], exists(tmp_path / "never"))
    supervisor = supervise(tmp_path, broken)
    try:
        with pytest.raises(PartError, match=r"broken ended with exit code 3\n  bad flag"):
            await supervisor.start()
    finally:
        await supervisor.stop()


async def test_a_missing_program_fails_the_start(tmp_path: Path) -> None:
    absent = Server("absent", lambda: [str(tmp_path / "absent")], exists(tmp_path / "never"))
    supervisor = supervise(tmp_path, absent)
    try:
        with pytest.raises(PartError, match="absent"):
            await supervisor.start()
    finally:
        await supervisor.stop()


async def test_what_ignores_the_stop_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    mark = tmp_path / "deaf.mark"
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); " + LIVES
    server = Server("deaf", lambda: [sys.executable, "-c", deaf, str(mark)], exists(mark), grace=0.2)
    supervisor = supervise(tmp_path, server)
    await supervisor.start()
    pid = supervisor.states["deaf"].pid
    await asyncio.wait_for(supervisor.stop(), 5)
    assert pid is not None
    assert not psutil.pid_exists(pid)


# A server that leaves two processes behind: one in its own group, one that made itself a session of its own.
LEAVES = """
import pathlib, subprocess, sys
mark, sleeper = pathlib.Path(sys.argv[1]), [sys.executable, "-c", "import time; time.sleep(300)"]
left = [subprocess.Popen(sleeper).pid, subprocess.Popen(sleeper, start_new_session=True).pid]
mark.with_suffix(".left").write_text(" ".join(map(str, left)), encoding="utf-8")
mark.touch()
"""


@pytest.mark.parametrize("how", ["stops", "crashes"])
async def test_what_a_server_left_running_does_not_outlive_it(tmp_path: Path, how: str) -> None:
    mark = tmp_path / "only.mark"
    waits = "import signal; signal.pause()"
    server = Server("only", lambda: [sys.executable, "-c", f"{LEAVES}\n{waits}", str(mark)], exists(mark))
    supervisor = supervise(tmp_path, server)
    try:
        await supervisor.start()
        left = [int(pid) for pid in mark.with_suffix(".left").read_text(encoding="utf-8").split()]
        assert all(psutil.pid_exists(pid) for pid in left)
        if how == "stops":
            await supervisor.stop()
        else:
            os.kill(supervisor.states["only"].pid or 0, signal.SIGKILL)
        await until(lambda: not any(psutil.pid_exists(pid) for pid in left))
    finally:
        await supervisor.stop()
    assert psutil.Process().children() == []


async def test_a_server_that_will_never_be_ready_is_told_at_once(tmp_path: Path) -> None:
    async def knows() -> bool:
        raise PartError("the password is another one")

    server = Server("only", lambda: [sys.executable, "-c", "import signal; signal.pause()"], knows)
    supervisor = supervise(tmp_path, server, ready_timeout=60.0)
    try:
        with pytest.raises(PartError, match="only the password is another one"):
            await asyncio.wait_for(supervisor.start(), 10)
    finally:
        await supervisor.stop()


async def test_a_full_disk_ends_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = supervise(tmp_path, living("only", tmp_path))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    try:
        await supervisor.start()
        pid = supervisor.states["only"].pid
        for name in ("write_state", "rotate"):
            monkeypatch.setattr(f"stack.supervisor.{name}", full)
        os.kill(pid or 0, signal.SIGKILL)
        await until(lambda: supervisor.states["only"].health == "ready" and supervisor.states["only"].pid != pid)
    finally:
        await supervisor.stop()


async def test_a_long_log_is_begun_anew_before_a_start(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "only.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * (2**20 + 1))
    supervisor = supervise(tmp_path, living("only", tmp_path))
    try:
        await supervisor.start()
        assert log.stat().st_size == 0
        assert log.with_name("only.log.1").stat().st_size == 2**20 + 1
    finally:
        await supervisor.stop()


async def test_dependents_stop_before_what_they_need(tmp_path: Path) -> None:
    order = tmp_path / "order"
    program = (
        "import pathlib, signal, sys\n"
        "def end(*_):\n    open(sys.argv[2], 'a').write(sys.argv[3]); sys.exit()\n"
        "signal.signal(15, end); pathlib.Path(sys.argv[1]).touch()\n"
        "while True: signal.pause()"
    )

    def noting(name: str, *needs: str) -> Server:
        mark = tmp_path / name
        argv = [sys.executable, "-c", program, str(mark), str(order), name]
        return Server(name, lambda: argv, exists(mark), needs=needs)

    supervisor = supervise(tmp_path, noting("a"), noting("b", "a"), noting("c", "b"))
    await supervisor.start()
    await supervisor.stop()
    assert order.read_text(encoding="utf-8") == "cba"


RUN = """
import asyncio, sys
from pathlib import Path
from runtime import locks
from stack.state import lock_path
from tests_supervisor import living, supervise

async def main():
    supervisor = supervise(Path(sys.argv[1]), living("one", Path(sys.argv[1])), living("two", Path(sys.argv[1]), "one"))
    with locks.exclusive(lock_path(Path(sys.argv[1]))):
        await supervisor.start()
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "tests_supervisor.py").write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
    try:
        await until(lambda: (state := read_state(tmp_path / "stack.json")) is not None and state.ready)
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) == 2
    finally:
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


async def test_asking_a_server_ends_when_it_shall_also_as_the_answer_comes() -> None:
    answered = asyncio.Event()

    async def probe() -> bool:
        await answered.wait()
        return True

    asking = asyncio.create_task(_asks(probe))
    for _ in range(3):
        await asyncio.sleep(0)
    answered.set()
    await asyncio.sleep(0)
    if not asking.done():
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
