"""Rules that a text may not be held to be less severe than: they raise a floor, and never lower anything."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain, product
from typing import Any

import yaml
from spacy.matcher import Matcher
from spacy.tokens import Doc

from ontology.enums import Severity
from ontology.judgement import RuleFired
from runtime.text import fold, is_bare, spelled
from scoring.words import pipeline, read

_NEAR = 4
"""Words within which a denial counts."""

_GAP = 6
"""Words that an ellipsis stands for at most."""

_ENDS = frozenset(".!?;:\n")
_PAUSES = _ENDS | {","}

_HARMLESS, _OVER = "harmless", "over"

_ONLY = frozenset({"only", "just", "chỉ", "chi"})
"""After a denial: "not only" denies nothing."""


@dataclass(frozen=True)
class Lexicon:
    """The rules, as one who matches accents and one who matches letters alone; and what makes them void.

    Parameters
    ----------
    denying
        Rules whose phrases are denials themselves.
    """

    spelled: Matcher
    folded: Matcher
    floors: dict[str, Severity]
    denied: frozenset[str]
    turns: frozenset[str]
    denying: frozenset[str]

    def fired(self, text: str) -> list[RuleFired]:
        """The rules that stand in a text, each once, most severe first."""
        bare = is_bare(text)
        document = read(text, fold if bare else spelled)
        said = [
            (document.vocab.strings[name], start, end)
            for name, start, end in (self.folded if bare else self.spelled)(document, as_spans=False)
        ]
        if any(rule == _HARMLESS for rule, _, _ in said):
            return []
        over = [(start, end) for rule, start, end in said if rule == _OVER]
        found: dict[str, str] = {}
        for rule, start, end in said:
            void = rule == _OVER or self._denied(document, rule, start, end)
            if not void and not any(self._ends(document, start, end, *one) for one in over):
                found.setdefault(rule, document[start:end].text)
        fired = [RuleFired(rule=rule, floor=self.floors[rule], words=words) for rule, words in found.items()]
        return sorted(fired, key=lambda one: -one.floor)

    def _denied(self, document: Doc, rule: str, start: int, end: int) -> bool:
        if rule not in self.denying and any(self._denies(document, at) for at in range(start, end)):
            return True
        for at in range(start - 1, max(0, start - _NEAR) - 1, -1):
            if document[at].text[-1] in _PAUSES:
                return False
            if self._denies(document, at):
                return True
        return False

    def _denies(self, document: Doc, at: int) -> bool:
        following = document[at + 1].norm_ if at + 1 < len(document) else ""
        return document[at].norm_ in self.denied and following not in _ONLY

    def _ends(self, document: Doc, start: int, end: int, over_start: int, over_end: int) -> bool:
        """Whether something that is over makes a match void: in one sentence, with no turn between."""
        between = document[end:over_start] if over_start >= end else document[over_end:start]
        return not any(token.text[-1] in _ENDS or token.norm_ in self.turns for token in between)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the product."""
    declared: Any = yaml.safe_load((files("scoring") / "lexicon.yaml").read_text(encoding="utf-8"))
    rules = {rule["rule"]: rule for rule in declared["rules"]}
    phrases = {name: rule["says"] for name, rule in rules.items()}
    phrases |= {name: declared[name] for name in (_HARMLESS, _OVER)}
    matchers = []
    for key in (spelled, fold):
        matcher = Matcher(pipeline().vocab)
        for name, says in phrases.items():
            meant = [phrase.removeprefix("=") for phrase in says if key is spelled or not phrase.startswith("=")]
            matcher.add(name, [pattern for phrase in meant for pattern in _patterns(phrase, key)])
        matchers.append(matcher)
    floors = {name: Severity(rule["floor"]) for name, rule in rules.items()}
    denied, turns = (_words(declared[name]) for name in ("denied", "turns"))
    said = {name: _words(re.split("[ |]", " ".join(rule["says"]))) for name, rule in rules.items()}
    denying = frozenset(name for name, words in said.items() if words & denied)
    return Lexicon(matchers[0], matchers[1], floors, denied, turns, denying)


def _words(written: Iterable[str]) -> frozenset[str]:
    return frozenset(key(word) for word in written for key in (spelled, fold))


def _patterns(phrase: str, key: Callable[[str], str]) -> Iterator[list[dict[str, Any]]]:
    """A phrase as spaCy's matcher takes it: a pattern for each way in which choices of several words may go."""
    for chosen in product(*(_choices(part, key) for part in phrase.split())):
        yield [*chain.from_iterable(chosen)]


def _choices(part: str, key: Callable[[str], str]) -> list[list[dict[str, Any]]]:
    if part == "…":
        return [[{"OP": "?"}] * _GAP]
    single: list[str] = []
    several: list[str] = []
    for choice in part.split("|"):
        (several if "_" in choice else single).append(choice)
    return [
        *([[_token(single, key)]] if single else []),
        *([_token([word], key) for word in choice.split("_")] for choice in several),
    ]


def _token(words: list[str], key: Callable[[str], str]) -> dict[str, Any]:
    if not any(word.endswith("*") for word in words):
        return {"NORM": {"IN": [key(word) for word in words]}}
    choices = "|".join(re.escape(key(word.rstrip("*"))) + ("" if word.endswith("*") else "$") for word in words)
    return {"NORM": {"REGEX": f"^(?:{choices})"}}
