"""Rules that a text may not be held to be less severe than: they raise a floor, and never lower anything."""

import re
from collections.abc import Callable, Iterator
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

_HARMLESS = "harmless"


@dataclass(frozen=True)
class Lexicon:
    """The rules, as one who matches accents and one who matches letters alone; and what makes them void."""

    spelled: Matcher
    folded: Matcher
    floors: dict[str, Severity]
    denied: frozenset[str]

    def fired(self, text: str) -> list[RuleFired]:
        """The rules that stand in a text, each once, most severe first."""
        bare = is_bare(text)
        document = read(text, fold if bare else spelled)
        found: dict[str, str] = {}
        for name, start, end in (self.folded if bare else self.spelled)(document, as_spans=False):
            rule = document.vocab.strings[name]
            if rule == _HARMLESS:
                return []
            if not self._denied(document, start):
                found.setdefault(rule, document[start:end].text)
        fired = [RuleFired(rule=rule, floor=self.floors[rule], words=words) for rule, words in found.items()]
        return sorted(fired, key=lambda one: -one.floor)

    def _denied(self, document: Doc, start: int) -> bool:
        for token in reversed(document[max(0, start - _NEAR) : start]):
            if token.text[-1] in _ENDS:
                return False
            if token.norm_ in self.denied:
                return True
        return False


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the product."""
    declared: Any = yaml.safe_load((files("scoring") / "lexicon.yaml").read_text(encoding="utf-8"))
    rules = {rule["rule"]: rule for rule in declared["rules"]}
    phrases = {name: rule["says"] for name, rule in rules.items()} | {_HARMLESS: declared[_HARMLESS]}
    matchers = []
    for key in (spelled, fold):
        matcher = Matcher(pipeline().vocab)
        for name, says in phrases.items():
            matcher.add(name, [pattern for phrase in says for pattern in _patterns(phrase, key)])
        matchers.append(matcher)
    floors = {name: Severity(rule["floor"]) for name, rule in rules.items()}
    denied = frozenset(key(word) for word in declared["denied"] for key in (spelled, fold))
    return Lexicon(matchers[0], matchers[1], floors, denied)


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
