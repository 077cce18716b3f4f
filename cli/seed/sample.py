"""The sample organisation, and the requests that post it; every request has a fixed key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml

from ontology.enums import ProjectStatus

_FIRST_DAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
_DOMAIN = "ruongxanh.example"
FOUNDER = "olga"
"""Who approves projects and moves them on: a founder and moderator of the local issuer."""

_WORDS = ("title", "language", "kind", "facts", "currentState", "desiredState", "feeling", "need", "visibility")


@dataclass(frozen=True)
class Step:
    """What is done to a thing that stands in the graph.

    Parameters
    ----------
    method, path
        Of the request; the path is under the thing's own.
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
    return {**_read("organisation.yaml"), "tensions": _read("tensions.yaml"), "stories": _read("projects.yaml")}


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


def projects(organisation: dict[str, Any]) -> list[Wanted]:
    """Each project's proposal, with what follows its approval: who takes part, then how its work begins."""
    return [
        Wanted(key := f"seed/project/{number}", _project(number, said, organisation), tuple(_beginning(key, said)))
        for number, said in enumerate(organisation["stories"])
    ]


def tasks(organisation: dict[str, Any], number: int, project: str) -> list[Wanted]:
    """Each task of a project under way, with how far it came."""
    return [
        Wanted(key := f"seed/project/{number}/task/{place}", _task(said, project), tuple(_progress(key, said)))
        for place, said in enumerate(organisation["stories"][number].get("tasks", []))
    ]


def resolutions(organisation: dict[str, Any], number: int, tensions: list[str]) -> list[Step]:
    """The tensions that a project resolves; ``tensions`` are the ids of the sample's."""
    key, said = f"seed/project/{number}", organisation["stories"][number]
    return [
        Step("POST", "/tensions", f"{key}/tension/{one}", {"tensionId": tensions[one]}, FOUNDER)
        for one in said["resolves"]
    ]


def endings(organisation: dict[str, Any], number: int) -> list[Step]:
    """How a project goes on once its tasks are as they are."""
    return [_move(f"seed/project/{number}", *one) for one in organisation["stories"][number].get("moves", [])[1:]]


def thanks(organisation: dict[str, Any], number: int, tasks: list[str], tensions: list[str]) -> list[Wanted]:
    """What people are recognised for in a project: tied to it, to a task and to the tension that it resolves."""
    story = organisation["stories"][number]
    return [
        Wanted(
            f"seed/project/{number}/thanks/{place}",
            {
                "giver": {"handle": giver},
                "receivers": _people(receivers),
                "content": content,
                "type": kind,
                "values": values,
                "language": story["language"],
                "project": {"name": organisation["projects"][number]},
                "taskId": tasks[task],
                "tensionId": tensions[story["resolves"][0]],
            },
        )
        for place, (giver, receivers, task, content, values, kind) in enumerate(story.get("thanks", []))
    ]


def _project(number: int, said: dict[str, Any], organisation: dict[str, Any]) -> dict[str, Any]:
    days = zip(("plannedStartAt", "plannedEndAt"), said.get("planned", ()), strict=False)
    return {
        "name": organisation["projects"][number],
        "goal": said["goal"],
        "language": said["language"],
        "proposer": {"handle": said["proposer"]},
        **{name: datetime.combine(day, _FIRST_DAY.timetz()).isoformat() for name, day in days},
    }


def _beginning(key: str, said: dict[str, Any]) -> Iterator[tuple[Step, ...]]:
    """Who takes part, its managers last: from then on it is theirs; then the first state after its approval."""
    parts = [
        (role, Step("POST", "/participants", f"{key}/participant/{handle}", _part(handle, role), FOUNDER))
        for handle, role in said.get("participants", [])
    ]
    yield tuple(step for role, step in parts if role != "Manager")
    yield tuple(step for role, step in parts if role == "Manager")
    yield tuple(_move(key, *one) for one in said.get("moves", [])[:1])


def _part(handle: str, role: str) -> dict[str, Any]:
    return {"person": {"handle": handle}, "role": role}


def _move(key: str, state: str, reason: str) -> Step:
    return Step("POST", "/transitions", f"{key}/{state}", {"to": state, "reason": reason}, FOUNDER)


def _task(said: dict[str, Any], project: str) -> dict[str, Any]:
    return {
        "projectId": project,
        "title": said["title"],
        "owner": {"handle": said["owner"]},
        "critical": said.get("critical", False),
    }


def _progress(key: str, said: dict[str, Any]) -> Iterator[tuple[Step, ...]]:
    for state in {"Open": (), "InProgress": ("InProgress",), "Done": ("InProgress", "Done")}[said["state"]]:
        yield (Step("POST", "/transitions", f"{key}/{state}", {"to": state}, FOUNDER),)
    if "progress" in said:
        yield (Step("PATCH", "", f"{key}/progress", {"progress": said["progress"]}, FOUNDER),)


def publishes(organisation: dict[str, Any], number: int) -> bool:
    """Whether what a project was worth is approved; that of the last waits, so that there is something to decide."""
    told = [place for place, story in enumerate(organisation["stories"]) if _completes(story)]
    return number in told[:-1]


def _completes(story: dict[str, Any]) -> bool:
    return [state for state, _ in story.get("moves", [])][-1:] == [ProjectStatus.COMPLETED]


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
