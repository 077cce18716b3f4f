"""Labelled texts: the product's own, and what any other set gives."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from runtime.text import fold

Part = Literal["train", "test"]


@dataclass(frozen=True)
class Labelled:
    """A text whose severity a human said.

    Parameters
    ----------
    text
        What a tension says.
    severity
        1 to 4.
    language
        ``en`` or ``vi`` where it is known.
    part
        What it is for; the test part is frozen, no model ever learns from it.
    """

    text: str
    severity: int
    language: str = ""
    part: Part = "train"


def digest(examples: Iterable[Labelled]) -> str:
    """What tells one set of labelled texts from another, whatever their order."""
    said = sorted(f"{one.severity} {one.text}" for one in examples)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


@lru_cache(maxsize=1)
def own() -> list[Labelled]:
    """The tensions that were written for the product, in mixed order."""
    lines = (files("scoring") / "tensions.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Labelled(
            text="\n".join(filter(None, (one["title"], one.get("facts")))),
            severity=one["severity"],
            language=one["language"],
            part=one["part"],
        )
        for one in map(json.loads, lines)
    ]


def part(name: Part) -> list[Labelled]:
    """The own tensions that are for something."""
    return [one for one in own() if one.part == name]


def taught(corrections: Iterable[Labelled]) -> list[Labelled]:
    """What a model is to learn from: the own train part, and what humans said since; the same in whatever order.

    Texts are the same where they are so without accents, case and spaces. What is in the test part is left out, of
    several that say the same the most severe one counts, as it does where labels of the own tensions disagree, and
    what the train part says already adds nothing.
    """
    known = {fold(one.text) for one in own()} | {""}
    new: dict[str, Labelled] = {}
    for one in sorted(corrections, key=lambda one: (one.severity, one.text, one.language)):
        if (said := fold(one.text)) not in known:
            new[said] = one
    return [*part("train"), *(new[said] for said in sorted(new))]
