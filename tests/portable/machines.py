"""The machines that are tried: who runs it, from which folder, with which environment and Python."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEAD_PROXY = "http://127.0.0.1:9"
_CONTAINER = (  # the capabilities a container has when nobody asks for more
    "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,"
    "+sys_chroot,+mknod,+audit_write,+setfcap"
)
_NAMELESS = 54_321


@dataclass(frozen=True)
class Machine:
    """One kind of machine.

    Parameters
    ----------
    name
        What it is, as its line says.
    prefix
        Command that runs the rest as somebody else or with fewer rights.
    owner
        User and group id the checkout belongs to; None for ours.
    folder
        Path of the checkout below the work folder.
    closed
        Whether nobody but the owner may enter the folder above the checkout.
    environment, without
        Variables to set and to take away.
    when_set_up
        Variables to set once everything is installed, as a shell exports them.
    umask
        Mode bits that new files lack.
    python
        The Python it is set up with; None for the one that runs this.
    own_parts
        Whether parts stand in the checkout's own home, PostgreSQL to be unpacked there anew.
    own_uv
        Whether uv is installed anew, by hash, instead of found.
    sentence
        What it says instead of running; empty where it runs.
    """

    name: str
    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None
    folder: str = "checkout"
    closed: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    when_set_up: str = ""
    umask: int = 0o022
    python: Path | None = None
    own_parts: bool = False
    own_uv: bool = False
    sentence: str = ""


def machines(work: Path) -> list[Machine]:
    """All that can be tried here; who is not root tries fewer."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    proxies = " ".join([*(f"{name}={DEAD_PROXY}" for name in names), "all_proxy=socks5://127.0.0.1:9"])
    found = [
        Machine(
            "a folder with spaces and letters of any language, LC_ALL=C",
            folder="Bàn làm việc/trm os 会議",
            environment={"LC_ALL": "C"},
            without=("LANG", "LC_CTYPE"),
        ),
        Machine("proxies set and no_proxy not", when_set_up=proxies, without=("no_proxy", "NO_PROXY")),
        Machine("no HOME", without=("HOME",)),
        Machine("umask 077", umask=0o077, own_parts=True),
        _without_venv_and_pip(work),
        *(Machine(f"Python {version}", python=path) for version, path in _other_pythons().items()),
    ]
    return [*(_as_root() if os.geteuid() == 0 else [Machine("a normal user", own_uv=True)]), *found]


def _as_root() -> list[Machine]:
    nobody = pwd.getpwnam("nobody")
    container = ("setpriv", "--bounding-set", _CONTAINER, "--inh-caps", "-all")
    user = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    nameless = ("setpriv", f"--reuid={_NAMELESS}", f"--regid={_NAMELESS}", "--clear-groups")
    python = _python_for_all()
    return [
        Machine("root", own_uv=True),
        Machine("root, below a folder that only root may enter", closed=True, own_parts=True),
        Machine("root in a plain container", prefix=container, closed=True, own_parts=True),
        Machine("a normal user", user, (nobody.pw_uid, nobody.pw_gid), python=python),
        Machine(
            "a user id without a name",
            nameless,
            (_NAMELESS, _NAMELESS),
            without=("HOME",),
            python=python,
            sentence=rf"PostgreSQL needs its user to have a name, and user id {_NAMELESS} has none: add a line",
        ),
    ]


def _without_venv_and_pip(work: Path) -> Machine:
    """A Python as Debian's own: modules that are not there are shadowed by ones that say so."""
    shadows = work / "shadows"
    shadows.mkdir()
    for name in ("venv", "pip", "ensurepip"):
        text = f"raise ModuleNotFoundError('No module named {name}')\n"
        (shadows / f"{name}.py").write_text(text, encoding="utf-8")
    return Machine(
        "a Python without venv and pip",
        environment={"PYTHONPATH": str(shadows)},
        own_uv=True,
        sentence="This Python has neither venv nor pip, with which uv is installed: type `",
    )


def _python_for_all() -> Path | None:
    """A Python that users other than root may run: ours, unless it stands in root's home."""
    ours = Path(sys.executable).resolve()
    shut = any(not above.stat().st_mode & 0o005 for above in ours.parents)
    return Path("/usr/bin/python3") if shut else None


def _other_pythons() -> dict[str, Path]:
    """Version → executable of every other Python from 3.11 to 3.14 that is found here."""
    places = [Path(name) for minor in range(11, 15) if (name := shutil.which(f"python3.{minor}"))]
    places += sorted(Path("~/.pyenv/versions").expanduser().glob("3.1[1-4]*/bin/python3"))
    found: dict[str, Path] = {}
    for place in places:
        said = subprocess.run([place, "--version"], check=False, capture_output=True, text=True, encoding="utf-8")
        match = re.match(r"Python (3\.1[1-4])\.", said.stdout)
        if match and match[1] != f"3.{sys.version_info.minor}":
            found.setdefault(match[1], place)
    return found
