"""WINs: what projects were worth, scored by an agent from evidence alone and published by humans."""

from collections.abc import Mapping, Sequence
from typing import Any

from ontology.base import LONGEST_TEXT, Digest, OntologyModel, Timestamp
from ontology.events import EventType
from ontology.kinds.kind import Kind
from ontology.nodes import Win
from ontology.scopes import Scope


class WinEvaluated(OntologyModel):
    """What a score is, as its node has it.

    Attributes
    ----------
    inputs, evidence
        The six inputs, and all that they rest on; JSON as text.
    evaluated_at
        Of which moment the evidence is.
    """

    score: float
    score_low: float
    score_high: float
    wisdom: float
    intelligence: float
    networking: float
    rubric_version: str
    inputs_hash: Digest
    inputs: str
    evidence: str
    evaluated_at: Timestamp


WIN = Kind(
    name="win",
    plural="wins",
    entity=Win,
    content=WinEvaluated,
    recorded=EventType.WIN_SCORED,
    changed=EventType.WIN_SUBMITTED,
    told=(EventType.WIN_PUBLISHED, EventType.WIN_REJECTED),
    reads=Scope.READ_WIN,
    writes=Scope.WRITE_WIN,
    by_agents=True,
)

_WORDS = {
    "en": (
        "“{name}” was worth {score:.0f} of 100.",
        "What it was for: {goal}",
        "What was felt: {felt}",
        "Done: {done}",
    ),
    "vi": (
        "“{name}” đáng giá {score:.0f} trên 100.",
        "Mục tiêu: {goal}",
        "Điều đã được cảm nhận: {felt}",
        "Đã làm: {done}",
    ),
}


def learnt(project: Mapping[str, Any], felt: Sequence[str], done: Sequence[str], score: float) -> str:
    """What a project teaches, from facts alone, in its language where that is known, else in English.

    Parameters
    ----------
    project
        Its properties.
    felt, done
        Titles of the tensions that it resolved, and of its tasks that were done.
    score
        What it was worth.
    """
    worth, goal, feelings, tasks = _WORDS.get(str(project.get("language")), _WORDS["en"])
    lines = [worth.format(name=project["name"], score=score)]
    lines += [goal.format(goal=project["goal"])] if project.get("goal") else []
    lines += [feelings.format(felt="; ".join(felt))] if felt else []
    lines += [tasks.format(done="; ".join(done))] if done else []
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + "…"
