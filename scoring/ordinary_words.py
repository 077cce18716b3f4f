"""What stands around names, and words that are names and something else, read once from ``ordinary_words.yaml``."""

from dataclasses import dataclass
from importlib.resources import files

import regex
import yaml

from runtime.text import fold, spelled

_SYLLABLE = regex.compile(
    r"(ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(ng|nh|ch|[cmnpt])?", regex.ASCII
)
LONGEST_PHRASE = 3


@dataclass(frozen=True)
class Phrases:
    """Phrases of one to three words, to be compared as they are spelled or by their letters."""

    spelled: frozenset[str]
    letters: frozenset[str]

    def have(self, words: str, *, letters: bool) -> bool:
        """Whether words are one of them."""
        return words in (self.letters if letters else self.spelled)


@dataclass(frozen=True)
class Words:
    """The lists of the file; its comments say what each is for."""

    surnames: frozenset[str]
    titles: Phrases
    formal: Phrases
    addresses: Phrases
    calls: Phrases
    speech: Phrases
    before_projects: Phrases
    after_projects: Phrases
    things: Phrases
    particles: Phrases
    places: Phrases
    prepositions: Phrases
    pronouns: Phrases
    ordinary: Phrases
    never: Phrases

    def is_ordinary(self, letters: str) -> bool:
        """Whether a word may be something else than a name: it is listed, or could be a Vietnamese syllable."""
        return self.ordinary.have(letters, letters=True) or _SYLLABLE.fullmatch(letters) is not None


def _read() -> Words:
    read = yaml.safe_load((files("scoring") / "ordinary_words.yaml").read_text(encoding="utf-8"))
    lists = {name: listed.split(", ") for name, listed in read.items()}
    surnames = frozenset(fold(one) for one in lists.pop("surnames"))
    phrases = {name: Phrases(frozenset(map(spelled, some)), frozenset(map(fold, some))) for name, some in lists.items()}
    return Words(surnames=surnames, **phrases)


WORDS = _read()
