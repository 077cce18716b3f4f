"""How much memory may still be used here: the machine's, or what a container's limit leaves of it."""

from pathlib import Path

import psutil

_CGROUPS = Path("/sys/fs/cgroup")


def available(cgroups: Path = _CGROUPS, membership: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes that are free or can be freed without swapping."""
    limits = [left for folder in _folders(cgroups, membership) if (left := _left(folder)) is not None]
    return min([psutil.virtual_memory().available, *limits])


def _folders(cgroups: Path, membership: Path) -> list[Path]:
    """Our control group and all above it, of cgroups 2; the memory group of cgroups 1."""
    try:
        lines = [line.split(":", 2) for line in membership.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return []
    found = []
    for _, controllers, path in lines:
        if controllers in {"", "memory"}:
            top = cgroups / controllers
            here = top / path.strip("/")
            found += [folder for folder in (here, *here.parents) if folder.is_relative_to(top)]
    return found


def _left(folder: Path) -> int | None:
    """What a group's limit leaves: its limit less what it uses, cached files aside; None without a limit."""
    for limit, usage in (
        ("memory.max", "memory.current"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        try:
            allowed = int((folder / limit).read_text(encoding="utf-8"))
            used = int((folder / usage).read_text(encoding="utf-8"))
            statistics = (folder / "memory.stat").read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):  # absent, or `max`
            continue
        counted = dict(line.split() for line in statistics)
        cached = int(counted.get("total_inactive_file", counted.get("inactive_file", "0")))
        return max(allowed - used + cached, 0)
    return None
