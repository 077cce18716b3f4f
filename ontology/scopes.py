"""The scopes of an access token: what its bearer may read (``r_``) and read and write (``rw_``)."""

from enum import StrEnum


class Scope(StrEnum):
    """One right; a write scope includes its read scope."""

    READ_RECOGNITION = "r_recognition"
    WRITE_RECOGNITION = "rw_recognition"
    RECOGNITION_ON_BEHALF = "rw_recognition_onbehalf"
    READ_PERSON = "r_person"
    WRITE_PERSON = "rw_person"
    READ_KNOWLEDGE = "r_knowledge"
    WRITE_KNOWLEDGE = "rw_knowledge"
    READ_TENSION = "r_tension"
    WRITE_TENSION = "rw_tension"
    READ_PROJECT = "r_project"
    WRITE_PROJECT = "rw_project"
    READ_WIN = "r_win"
    WRITE_WIN = "rw_win"
    READ_DECISION = "r_decision"
    WRITE_DECISION = "rw_decision"
    READ_RUN = "r_run"
    WRITE_RUN = "rw_run"


SCOPE_MEANING: dict[Scope, str] = {
    Scope.READ_RECOGNITION: "read recognitions",
    Scope.WRITE_RECOGNITION: "give recognitions",
    Scope.RECOGNITION_ON_BEHALF: "record what someone else gave or wrote",
    Scope.READ_PERSON: "read people",
    Scope.WRITE_PERSON: "record people",
    Scope.READ_KNOWLEDGE: "search and read knowledge",
    Scope.WRITE_KNOWLEDGE: "record knowledge snippets",
    Scope.READ_TENSION: "read tensions",
    Scope.WRITE_TENSION: "report and change tensions",
    Scope.READ_PROJECT: "read projects and tasks",
    Scope.WRITE_PROJECT: "propose and change projects and tasks",
    Scope.READ_WIN: "read WINs",
    Scope.WRITE_WIN: "evaluate WINs",
    Scope.READ_DECISION: "read decisions",
    Scope.WRITE_DECISION: "ask for decisions and take them",
    Scope.READ_RUN: "see agent runs",
    Scope.WRITE_RUN: "retry and cancel agent runs",
}

READ_SCOPES: dict[str, Scope] = {
    "Identity": Scope.READ_PERSON,
    "WIN": Scope.READ_WIN,
}
"""Label of an entity that is no kind of its own yet → the scope that reads it.

States and events are read with what they belong to.
"""


def grants(held: frozenset[str], wanted: Scope) -> bool:
    """Whether the ``held`` scopes include ``wanted``; ``rw_x`` includes ``r_x``."""
    return wanted in held or (wanted.startswith("r_") and "rw_" + wanted.removeprefix("r_") in held)
