"""The sample organisation, and the requests that post it; every request has a fixed key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml

_FIRST_DAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
_DOMAIN = "ruongxanh.example"
_WORDS = ("title", "language", "kind", "facts", "currentState", "desiredState", "feeling", "need", "visibility")


@dataclass(frozen=True)
class Step:
    """What is done to a tension that stands in the graph.

    Parameters
    ----------
    method, path
        Of the request; the path is under the tension's own.
    key, body
        What makes it one request, and what it says.
    sender
        Who sends it: somebody of the local issuer, or the machine where it is empty.
    """

    method: str
    path: str
    key: str
    body: dict[str, Any]
    sender: str = ""


@dataclass(frozen=True)
class Wanted:
    """A thing that is to stand in the graph.

    Parameters
    ----------
    key, body
        Of its request.
    steps
        What is done to it afterwards: all of one group at once, one group after the other.
    """

    key: str
    body: dict[str, Any]
    steps: tuple[tuple[Step, ...], ...] = ()


def sample() -> dict[str, Any]:
    """The sample organisation."""
    return {**_read("organisation.yaml"), "tensions": _read("tensions.yaml")}


def people(organisation: dict[str, Any]) -> list[Wanted]:
    """Each person."""
    return [
        Wanted(f"seed/person/{person['handle']}", {**person, "email": f"{person['handle']}@{_DOMAIN}"})
        for person in organisation["people"]
    ]


def recognitions(organisation: dict[str, Any]) -> list[Wanted]:
    """Each recognition."""
    return [
        Wanted(f"seed/recognition/{number}", _recognition(number, said, organisation))
        for number, said in enumerate(organisation["recognitions"])
    ]


def tensions(organisation: dict[str, Any]) -> list[Wanted]:
    """Each tension, with what follows its report."""
    return [
        Wanted(key := f"seed/tension/{number}", _tension(number, said, organisation), tuple(_steps(key, said)))
        for number, said in enumerate(organisation["tensions"])
    ]


def _read(name: str) -> Any:
    return yaml.safe_load((files("cli") / "seed" / name).read_text(encoding="utf-8"))


def _recognition(number: int, said: list[Any], organisation: dict[str, Any]) -> dict[str, Any]:
    giver, receivers, project, content, values, kind = said
    return {
        "giver": {"handle": giver},
        "receivers": _people(receivers),
        "content": content,
        "type": kind,
        "values": values,
        "project": {"name": organisation["projects"][project]},
        "occurredAt": (_FIRST_DAY + timedelta(days=5 * number, minutes=37 * number)).isoformat(),
    }


def _tension(number: int, said: dict[str, Any], organisation: dict[str, Any]) -> dict[str, Any]:
    projects = [{"name": organisation["projects"][project]} for project in said.get("affectedProjects", [])]
    return {
        **{name: said[name] for name in _WORDS if name in said},
        "detector": {"handle": said["detector"]},
        "affectedPeople": _people(said.get("affectedPeople", [])),
        "affectedProjects": projects,
        "visibleTo": _people(said.get("visibleTo", [])),
        "occurredAt": (_FIRST_DAY + timedelta(days=14 * number, minutes=53 * number)).isoformat(),
    }


def _steps(key: str, said: dict[str, Any]) -> Iterator[tuple[Step, ...]]:
    """Who owns and supports it and what is said of it, in any order; then each next state."""
    owned = [Step("PATCH", "", f"{key}/owner", {"owner": {"handle": said["owner"]}})] if "owner" in said else []
    supported = [
        Step("PUT", "/support", f"{key}/support/{sender}", {"felt": True}, sender)
        for sender in said.get("supportedBy", [])
    ]
    commented = [
        Step("POST", "/comments", f"{key}/comment/{number}", {"author": {"handle": author}, "text": text})
        for number, (author, text) in enumerate(said.get("comments", []))
    ]
    yield (*owned, *supported, *commented)
    for state, reason in said.get("moves", []):
        yield (Step("POST", "/transitions", f"{key}/{state}", {"to": state, "reason": reason}),)


def _people(handles: list[str]) -> list[dict[str, str]]:
    return [{"handle": handle} for handle in handles]
