"""As whom PostgreSQL runs, and where its files may stand: it refuses root, so root starts it as an ordinary user.

That user cannot enter every folder root works in: root's own home, a temporary folder, a checkout made under a strict
umask. What it cannot reach stands in a folder outside instead, and a symbolic link in the usual place leads there.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from stack.processes import Account, PartError, as_account

OUTSIDE = (Path("/var/lib/trm-os"), Path("/var/tmp/trm-os"))  # noqa: S108 - made for its owner only, names are random
"""Where unreachable files go: the first of these that can be made."""

_NOBODY = "nobody"


def postgres_account() -> Account | None:
    """Whom PostgreSQL shall run as; None for us ourselves.

    Raises
    ------
    PartError
        It could not run: its programs look their user up by name, so there must be one.
    """
    if os.geteuid() != 0:
        _check_own_name()
        return None
    try:
        entry = pwd.getpwnam(_NOBODY)
    except KeyError:
        raise PartError(
            "PostgreSQL refuses to run as root, and this machine has no user `nobody` to run it as: add one "
            "(`useradd --system nobody`), or run this as an ordinary user"
        ) from None
    account = Account(entry.pw_uid, entry.pw_gid)
    if not _may_become(account):
        raise PartError(
            "PostgreSQL refuses to run as root, and this root may not become another user (CAP_SETUID and CAP_SETGID "
            "are missing): run this as an ordinary user"
        )
    return account


def place(usual: Path, account: Account | None, outside: Sequence[Path] = OUTSIDE) -> Path:
    """A folder that belongs to an account and that it can reach: the usual one, or one outside that a link leads to.

    Parameters
    ----------
    usual
        Where the folder stands when nothing is in the way.
    account
        Whose folder it is; None for our own.
    outside
        Candidates for the folder above one that has to stand elsewhere.

    Returns
    -------
    Path
        The folder itself, never the link.

    Raises
    ------
    PartError
        The usual folder holds files the account cannot reach any more, or nowhere is a place.
    """
    usual.parent.mkdir(parents=True, exist_ok=True)
    if usual.is_symlink():
        target = usual.parent / usual.readlink()
        if target.parent in outside:
            _check_mine(usual, target)
        return _owned(target, account)
    if account is None or can_enter(usual.parent, account):
        return _owned(usual, account)
    if usual.exists() and any(usual.iterdir()):
        user = pwd.getpwuid(account.uid).pw_name
        raise PartError(
            f"{usual} holds files that PostgreSQL, which runs as {user}, cannot reach: let it in (chmod o+x)"
        )
    chosen = _outside(outside, account) / f"{usual.name}-{secrets.token_hex(8)}"
    _owned(chosen, account)
    _note_of(chosen).write_text(str(usual), encoding="utf-8")
    if usual.exists():
        usual.rmdir()
    usual.symlink_to(chosen)
    return chosen


def remove(usual: Path, outside: Sequence[Path] = OUTSIDE) -> None:
    """Remove a folder made by :func:`place`, and what its link leads to when that was made for it.

    Raises
    ------
    OSError
        It is not ours to remove.
    """
    if not usual.is_symlink():
        if usual.exists():
            shutil.rmtree(usual)
        return
    target = usual.parent / usual.readlink()
    if target.parent in outside and _is_mine(usual, target):
        if target.exists():
            shutil.rmtree(target)
        _note_of(target).unlink(missing_ok=True)
    usual.unlink()


def can_enter(folder: Path, account: Account) -> bool:
    """Whether an account may pass through a folder and all above it; asked of the system, not computed."""
    argv = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder.absolute())]
    return subprocess.run(argv, cwd="/", check=False, capture_output=True, **as_account(account)).returncode == 0


def _check_own_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        uid = os.geteuid()
        raise PartError(
            f"PostgreSQL needs its user to have a name, and user id {uid} has none: add a line for it to /etc/passwd "
            f"(`echo trm:x:{uid}:{os.getegid()}::/tmp:/bin/sh >> /etc/passwd`), or run this as another user"
        ) from None


def _may_become(account: Account) -> bool:
    try:
        subprocess.run(["/bin/sh", "-c", ":"], cwd="/", check=True, capture_output=True, **as_account(account))
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _outside(candidates: Sequence[Path], account: Account) -> Path:
    for folder in candidates:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o755)  # whatever the umask says
        except OSError:
            continue
        if folder.stat().st_uid == os.geteuid() and can_enter(folder, account):
            return folder
    tried = " and ".join(map(str, candidates))
    raise PartError(
        f"PostgreSQL's user cannot enter the folder this stack stands in, and {tried} cannot be made for it"
    )


def _note_of(target: Path) -> Path:
    """File beside an outside folder that says which link it was made for."""
    return target.with_name(f"{target.name}.for")


def _is_mine(usual: Path, target: Path) -> bool:
    """Whether the folder was made for this link, or for one that has been moved here since."""
    try:
        other = Path(_note_of(target).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    return other == usual or not other.is_symlink()


def _check_mine(usual: Path, target: Path) -> None:
    if not _is_mine(usual, target):
        other = _note_of(target).read_text(encoding="utf-8")
        raise PartError(
            f"{usual} is a copy of {other} and leads to the same files: remove the copied link to begin anew"
        )
    _note_of(target).write_text(str(usual), encoding="utf-8")


def _owned(folder: Path, account: Account | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = account.uid if account else os.geteuid()
    found = folder.stat().st_uid
    if found not in {wanted, os.geteuid()} and any(folder.iterdir()):
        raise PartError(f"{folder} holds files of user id {found}: run this as that user, or choose another folder")
    if account is not None:
        own(folder, account)
    return folder


def own(path: Path, account: Account | None) -> None:
    """Give a path to an account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
