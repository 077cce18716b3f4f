"""How often the right one is found when a text mentions somebody: sentences made from frames whose meaning is known.

Run by ``python -m tests.load.mentions``. A sentence is a frame of ``mentions.yaml`` with people and projects in its
slots; half are English, a fifth of the Vietnamese ones have no accents. Every third frame is kept apart: nobody looks
at those while mending. Intervals hold 95 % of a bootstrap over frames, since sentences of one frame stand together.
"""

import argparse
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from runtime.text import exact, fold, is_bare
from scoring.entities import Entities, Known

_SLOT = re.compile(r"\{(!?)(\w+)(?:@(\w+))?\}")
_WHOLE = re.compile(r"^\{@(\w+)\}")
_RESAMPLES = 2000


def _without_accents(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


FORMS: dict[str | None, Callable[[str], str]] = {
    None: str,
    "upper": str.upper,
    "lower": str.lower,
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "bare": _without_accents,
}


@dataclass(frozen=True)
class Someone:
    """A person of the organisation, and the ways a sentence may call them."""

    known: Known
    language: str

    @cached_property
    def words(self) -> list[str]:
        """The words of the full name."""
        return self.known.full_name.split()

    @property
    def given(self) -> str:
        """What friends say."""
        return self.words[-1] if self.language == "vi" else self.words[0]


class Gold(NamedTuple):
    """Where a sentence means somebody, and whom it may mean."""

    start: int
    end: int
    ids: frozenset[str]


@dataclass(frozen=True)
class Sentence:
    """A text and what it mentions."""

    text: str
    gold: tuple[Gold, ...]
    frame: str
    apart: bool
    language: str


class Organisation:
    """Who and what is known, and the sentences about them."""

    def __init__(self) -> None:
        read: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
        self.frames: dict[str, list[str]] = read["frames"]
        self._words = set(read["words"])
        named = [(language, name, more) for language in read["people"] for name, more in read["people"][language]]
        self.people = [
            Someone(
                Known(f"p{number}", "Person", name, tuple(_some(more, "alias")), tuple(_some(more, "handle"))), language
            )
            for number, (language, name, more) in enumerate(named)
        ]
        listed = [(kind, name) for kind, names in read["projects"].items() for name in names]
        self.projects = [(kind, Known(f"j{number}", "Project", name)) for number, (kind, name) in enumerate(listed)]

    @property
    def known(self) -> list[Known]:
        """Everybody and everything."""
        return [*(one.known for one in self.people), *(project for _, project in self.projects)]

    def sentences(self, count: int, seed: int) -> list[Sentence]:
        """Sentences, half of them English; the same for the same seed."""
        chooser = random.Random(seed)
        made = []
        for number in range(count):
            language = ("en", "vi")[number % 2]
            place = number // 2 % len(self.frames[language])
            bare = language == "vi" and (number // 2 // len(self.frames[language]) + place) % 5 == 0
            made.append(self._sentence(chooser, self.frames[language][place], language, place % 3 == 2, bare))
        return made

    def _sentence(self, chooser: random.Random, frame: str, language: str, apart: bool, bare: bool) -> Sentence:
        whole = _WHOLE.match(frame)
        form = "bare" if bare else whole[1] if whole else None
        rest = frame[whole.end() :] if whole else frame
        text, gold, used, place = "", [], set[str](), 0
        for slot in _SLOT.finditer(rest):
            text += FORMS[form](rest[place : slot.start()])
            place = slot.end()
            written, ids = self._slot(chooser, slot[2], language, bare, used)
            words = FORMS[form](FORMS[slot[3]](written))
            if not slot[1]:
                gold.append(Gold(len(text), len(text) + len(words), frozenset(ids)))
            text += words
        return Sentence(text + FORMS[form](rest[place:]), tuple(gold), frame, apart, language)

    def _slot(
        self, chooser: random.Random, slot: str, language: str, bare: bool, used: set[str]
    ) -> tuple[str, Iterable[str]]:
        """Words for a slot, of nobody whom the sentence has named, and whom they may mean."""
        among = [
            (words, ids)
            for words, ids in self._fillings(slot, language, bare)
            if not used & set(ids) and not used & set(words.split())
        ]
        words, ids = chooser.choice(among)
        used.update(ids, words.split())
        return words, ids

    @cache  # noqa: B019 - there is one organisation
    def _fillings(self, slot: str, language: str, bare: bool) -> list[tuple[str, list[str]]]:
        if slot in {"single", "project"}:
            kinds = {"single"} if slot == "single" else {language}
            return [(one.full_name, [one.id]) for kind, one in self.projects if kind in kinds]
        of = "vi" if slot == "plain" else language
        return [
            (words, ids)
            for one in self.people
            if one.language == of
            for words, ids in self._called(one, slot, bare or language == "en")
        ]

    def _called(self, one: Someone, slot: str, letters: bool) -> list[tuple[str, list[str]]]:
        """How a slot calls a person, with everybody whom that fits."""
        name, [*handles], words = one.known.full_name, one.known.handles, one.words
        several = [other.known.id for other in self.people if _same(name, other.known.full_name, letters)]
        givens = [other.known.id for other in self.people if _same(one.given, other.given, letters)]
        first, last = (words[-1], words[0]) if one.language == "vi" else (words[0], words[-1])
        match slot:
            case "full":
                return [(name, several)] if not self._homonym(name) else []
            case "plain":
                alike = [other.known.id for other in self.people if _same(fold(name), other.known.full_name, True)]
                return [(_without_accents(name), alike)]
            case "homonym":
                return [(name, several)] if self._homonym(name) else []
            case "given":
                return [(one.given, givens)] if len(givens) == 1 and one.given not in self._words else []
            case "word":
                return [(one.given, givens)] if one.given in self._words else []
            case "shared":
                return [(one.given, givens)] if len(givens) > 1 and one.given != "Anh" else []
            case "alias":
                return [(alias, [one.known.id]) for alias in one.known.aliases]
            case "handle":
                return [(f"@{handle}", [one.known.id]) for handle in handles if "@" not in handle]
            case "mail":
                return [(handle, [one.known.id]) for handle in handles if "@" in handle]
            case "pair" | "swap" if len(words) == 3 and not self._homonym(name):
                called = (last, first) if (slot == "pair") == (one.language == "vi") else (first, last)
                alike = [
                    o.known.id for o in self.people if {fold(last), fold(first)} <= set(fold(o.known.full_name).split())
                ]
                return [(" ".join(called), alike)] if len(alike) == 1 else []
        return []

    def _homonym(self, name: str) -> bool:
        return sum(one.known.full_name == name for one in self.people) > 1


def _some(more: dict[str, str], key: str) -> list[str]:
    return [more[key]] if key in more else []


def _same(written: str, name: str, letters: bool) -> bool:
    """Whether written words fit a name; ``letters``: where nobody writes accents, bare words fit by letters."""
    return exact(written) == exact(name) or (
        letters and is_bare(_without_accents(written)) and fold(written) == fold(name)
    )


class Counts(NamedTuple):
    """What came of one sentence."""

    linked: int
    right: int
    gold: int
    asked_instead: int
    ambiguous: int
    asked_right: int


def judged(entities: Entities, sentence: Sentence) -> tuple[Counts, list[str]]:
    """What came of a sentence, and what went wrong in it."""
    found = entities.mentions(sentence.text)
    gold = {(one.start, one.end): one.ids for one in sentence.gold}
    single = {place: ids for place, ids in gold.items() if len(ids) == 1}
    linked = {(one.start, one.end): frozenset(one.ids) for one in found if one.linked}
    asked = {(one.start, one.end): frozenset(one.ids) for one in found if not one.linked}
    right = [place for place, ids in linked.items() if gold.get(place) == ids]
    counts = Counts(
        linked=len(linked),
        right=len(right),
        gold=len(single),
        asked_instead=sum(place in asked and ids <= asked[place] for place, ids in single.items()),
        ambiguous=len(gold) - len(single),
        asked_right=sum(asked.get(place) == ids for place, ids in gold.items() if len(ids) > 1),
    )
    wrong = [f"WRONG {sentence.text[a:b]!r}" for a, b in linked if (a, b) not in right]
    wrong += [f"lost {sentence.text[a:b]!r}" for a, b in single if (a, b) not in linked]
    return counts, [f"{what} | {sentence.text}" for what in wrong]


def shares(counts: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float, float, float]:
    """Precision, recall, share of the unambiguous that are asked, share of the ambiguous that are asked rightly."""
    linked, right, gold, instead, ambiguous, asked = counts.sum(axis=0)
    return right / max(linked, 1), right / max(gold, 1), instead / max(gold, 1), asked / max(ambiguous, 1)


def intervals(sentences: Sequence[Sentence], counts: Sequence[Counts]) -> list[tuple[float, float, float]]:
    """Each share with the bounds of its 95 % interval."""
    frames = sorted({one.frame for one in sentences})
    sums = np.zeros((len(frames), len(Counts._fields)))
    places = {frame: place for place, frame in enumerate(frames)}
    for sentence, count in zip(sentences, counts, strict=True):
        sums[places[sentence.frame]] += count
    drawn = np.random.default_rng(7).integers(len(frames), size=(_RESAMPLES, len(frames)))
    low, high = np.percentile([shares(sums[draw]) for draw in drawn], [2.5, 97.5], axis=0)
    return list(zip(shares(sums), low, high, strict=True))


def run(count: int, seed: int, show: bool) -> None:
    """Make sentences, read them, print."""
    organisation = Organisation()
    entities = Entities(organisation.known)
    sentences = organisation.sentences(count, seed)
    outcomes = [judged(entities, sentence) for sentence in sentences]
    parts: dict[str, Callable[[Sentence], bool]] = {
        "all": lambda _: True,
        "mended by": lambda one: not one.apart,
        "kept apart": lambda one: one.apart,
        "English": lambda one: one.language == "en",
        "Vietnamese": lambda one: one.language == "vi",
    }
    table = Table("part", "sentences", "precision", "recall", "asked instead", "ambiguous asked", title="mentions")
    for part, fits in parts.items():
        chosen = [(one, counts) for one, (counts, _) in zip(sentences, outcomes, strict=True) if fits(one)]
        figures = intervals([one for one, _ in chosen], [counts for _, counts in chosen])
        table.add_row(
            part, f"{len(chosen):,}", *(f"{share:.3f} ({low:.3f}–{high:.3f})" for share, low, high in figures)
        )
    console = Console()
    if show:
        for line in sorted(
            {line for one, (_, wrong) in zip(sentences, outcomes, strict=True) if not one.apart for line in wrong}
        ):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", action="store_true", help="what went wrong in frames that are not kept apart")
    chosen = parser.parse_args()
    run(chosen.count, chosen.seed, chosen.show)
