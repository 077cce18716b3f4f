"""What somebody looks for, in words: the terms that count, and the phrases that must stand in a text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.text import MARK, forms, is_stop_word, normalise
from knowledge.tokens import Token, pairs, tokens
from runtime.text import fold, is_bare, spelled

_QUOTED = re.compile(r'(?<!\d)"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|「([^「」]*)」|『([^『』]*)』')
"""Phrases; after a digit, the straight one is an inch."""

_NEVER_LAST = frozenset("a an and i or our so the their your".split())  # noqa: SIM905 - as in knowledge.text
"""Stop words with which nothing ends that somebody says: there they are names (nguyen van an, World War I)."""


@dataclass(frozen=True)
class Phrase:
    """Words that must stand in a text one after another.

    Parameters
    ----------
    tokens
        The words. Accents count when one of them has any: who types none may have none to type.
    """

    tokens: tuple[Token, ...]

    @property
    def terms(self) -> list[str]:
        """Terms that a text with the phrase has."""
        whole = (replace(token, written=token.written.lower()) for token in self.tokens)
        return [term for token in whole for term in _looked_for(token) if not term.startswith(MARK)]

    def stands_in(self, content: str) -> bool:
        """Whether a text has the phrase."""
        bare = _are_bare(self.tokens)
        return _line(self.tokens, bare) in _line(tokens(normalise(content)), bare)


@dataclass(frozen=True)
class Query:
    """A query in words.

    Parameters
    ----------
    terms
        Search terms, each with how it is shown.
    phrases
        What must stand in a hit; quoted, or the whole of a query of nothing but stop words.
    by_meaning
        Whether it says enough to look for texts that are near.
    """

    terms: dict[str, str]
    phrases: tuple[Phrase, ...]
    by_meaning: bool

    @property
    def required(self) -> list[str]:
        """Terms without which no text has every phrase."""
        return list(dict.fromkeys(term for phrase in self.phrases for term in phrase.terms))

    def stands_in(self, content: str) -> bool:
        """Whether a text has every phrase."""
        return all(phrase.stands_in(content) for phrase in self.phrases)

    def shown(self, found: Sequence[str]) -> tuple[str, ...]:
        """The words behind terms that were found, in their order; with its accents where they matched too."""
        spelled_out = {fold(self.terms[term]) for term in found if term.startswith(MARK)}
        left = (term for term in found if term.startswith(MARK) or term not in spelled_out)
        return tuple(self.terms.get(term, term) for term in left)


def read_query(text: str) -> Query:
    """A query as it is typed: ``"…"`` is a phrase, the rest are words; stop words count only where all are such."""
    text = normalise(text)
    quoted = [tuple(tokens(next(filter(None, match), ""))) for match in _QUOTED.findall(text)]
    phrases = tuple(Phrase(words) for words in quoted if words)
    loose = list(tokens(_QUOTED.sub(" ", text)))
    said = [*loose, *(token for phrase in phrases for token in phrase.tokens)]
    meaningful = not all(map(is_stop_word, said))
    if not meaningful and loose:
        phrases = (*phrases, Phrase(tuple(loose)))
    counted = {term: None for phrase in phrases for token in phrase.tokens for term in _looked_for(token)}
    if meaningful:
        counted |= dict.fromkeys(_in_company(loose, _are_bare(said)))
    shown = {term: _display(term, said) for term in counted}
    return Query(shown, phrases, meaningful)


def _in_company(words: Sequence[Token], bare: bool) -> Iterable[str]:
    """Terms of loose words; English stop words are left out of bare text, but for what is written like a name."""
    shouted = all(token.written.isupper() for token in words if token.kind == "word")
    last = len(words) - 1
    for place, token in enumerate(words):
        terms = _looked_for(token)
        as_written = [term for term in terms if term.startswith(MARK)]
        if not bare or not is_stop_word(token):
            yield from terms
        elif as_written and not shouted and (place or _begins_a_name(words)):
            yield from as_written
        elif place == last and token.written.casefold() in _NEVER_LAST:
            yield from terms


def _begins_a_name(words: Sequence[Token]) -> bool:
    """Whether the first word, a stop word with a capital, is a name: IT, or An in "An Nguyen", not in "An apple"."""
    shouted = len(words[0].written) > 1 and words[0].written.isupper()
    return shouted or (len(words) > 1 and words[1].written.istitle() and not is_stop_word(words[1]))


def _looked_for(token: Token) -> list[str]:
    match token.kind:
        case "word":
            return [term for word in (token.written, *token.parts) for term in forms(word) if term]
        case "run":
            return pairs(token.written)
        case _:
            return [token.written.casefold()]


def _display(term: str, said: Iterable[Token]) -> str:
    if not term.startswith(MARK):
        return term
    return next((token.written for token in said if token.kind == "word" and forms(token.written)[1] == term), term)


def _are_bare(words: Iterable[Token]) -> bool:
    return all(is_bare(token.written) for token in words if token.kind == "word")


def _line(words: Iterable[Token], bare: bool) -> str:
    """The words with a space on either side, so that whole words match; every letter of a run is one."""
    parts: list[str] = []
    for token in words:
        match token.kind:
            case "word":
                parts.append(fold(token.written) if bare else spelled(token.written))
            case "run":
                parts += token.written
            case _:
                parts.append(token.written.casefold())
    return f" {' '.join(parts)} "
