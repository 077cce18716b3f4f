"""The set-up with nothing but the system's Python."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stack import bootstrap
from stack.servers import CHECKOUT


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("ID=debian\n", "apt-get install python3-venv"),
        ('ID=ubuntu\nID_LIKE="debian"\n', "apt-get install python3-venv"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "dnf install python3-pip"),
        ("ID=alpine\n", "apk add py3-pip"),
        ("ID=unheard-of\n", "python3 -m ensurepip"),
    ],
)
def test_a_python_without_venv_and_pip_is_told_the_command_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, command: str
) -> None:
    path = tmp_path / "os-release"
    path.write_text(release, encoding="utf-8")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert bootstrap.complete_python(path) == command
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert bootstrap.complete_python(path) == (command if "ensurepip" in command else f"sudo {command}")
    assert bootstrap.complete_python(tmp_path / "absent") == "python3 -m ensurepip"


def test_a_pip_that_failed_is_not_taken_for_none() -> None:
    assert "neither venv nor pip" in bootstrap.why_no_uv("/usr/bin/python3: No module named pip")
    assert bootstrap.why_no_uv("a\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES").endswith("DO NOT MATCH THE HASHES")


def test_uv_is_checked_against_its_hash(tmp_path: Path) -> None:
    lock = (CHECKOUT / "requirements-uv.lock").read_text(encoding="utf-8")
    assert re.match(r"uv==[\d.]+ \\\n", lock)
    wrong = tmp_path / "wrong.lock"
    wrong.write_text(re.sub(r"sha256:\w+", f"sha256:{hashlib.sha256(b'').hexdigest()}", lock), encoding="utf-8")
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode:
        pip = [str(Path(sys.base_prefix) / "bin" / "python3"), "-m", "pip"]
    target = tmp_path / "target"
    argv = [*pip, "install", "-q", "--no-cache-dir", "--require-hashes", "-r", str(wrong), "--target", str(target)]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode != 0
    assert not (target / "bin" / "uv").exists()


def test_the_environment_names_the_checkout_in_ascii_whatever_its_folder_is_called() -> None:
    [path] = (CHECKOUT / ".venv").glob("lib/python*/site-packages/_editable_impl_trm_os.pth")
    named = path.read_text(encoding="utf-8").strip()
    assert named.isascii()
    assert not Path(named).is_absolute()
    assert (path.parent / named).resolve() == CHECKOUT.resolve()


@pytest.mark.parametrize("name", ["a;b", "a:b", "$HOME", 'quo"ted', "back`tick", "a#b", "[a]"])
def test_a_folder_whose_name_servers_misread_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path / name)
    with pytest.raises(bootstrap.SetupError, match="in its name, which servers misread"):
        bootstrap.set_up()
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["Bàn làm việc", "it's 100% & (c)!", "会議"])
def test_spaces_letters_and_other_signs_pass(tmp_path: Path, name: str) -> None:
    assert bootstrap.why_unusable(tmp_path / name) == ""


def test_two_set_ups_at_once_install_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "HOME", tmp_path)
    done: list[int] = []
    inside = threading.Event()

    def install() -> None:
        inside.set()
        done.append(1)

    monkeypatch.setattr(bootstrap, "install", install)
    monkeypatch.setattr(bootstrap, "is_set_up", lambda: bool(done))
    both = [threading.Thread(target=bootstrap.set_up) for _ in range(2)]
    with (tmp_path / "setup.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for one in both:
            one.start()
        assert not inside.is_set()
    for one in both:
        one.join(10)
    assert done == [1]


def test_an_old_python_is_told_before_it_reads_anything_new() -> None:
    [line] = re.findall(
        r"^\t@\$\(PYTHON\) -c '(.*)'$", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    code = "import sys; sys.version_info = (2, 7); sys.version = '2.7.18 of old'; " + line.removeprefix("import sys; ")
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("needs Python 3.11 or newer (PYTHON=python3.12 chooses one); this is 2.7.18")
