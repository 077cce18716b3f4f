"""Where a text has words: letters and digits, names as C#, emoji, and runs of letters that need no spaces."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # ideographs
)
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_MARKS = "".join(
    letter
    for letter in map(chr, range(0x0300, 0x20000))
    if unicodedata.category(letter) in {"Mn", "Mc"} and not re.match(f"[{_UNSPACED}\ufe00-\ufe0f]", letter)
)
"""Vowel signs, tones and points, which stand on a letter and belong to its word; not those that choose how an emoji
looks."""
_TOKEN = re.compile(
    r"(?P<sign>(?<![^\W_])[A-Za-z](?:\+\+|\#(?![^\W\d_])))"
    rf"|(?P<run>[{_UNSPACED}]+)"
    "|(?P<emoji>[\U0001f1e6-\U0001f1ff]{2}|[\U0001f000-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe])"
    rf"|(?P<word>(?:[^\W_{_UNSPACED}][{_MARKS}]*)+)"
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNSEEN = re.compile("[\u00ad\u061c\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Letters without a width that part no words: soft hyphens, joiners, directions."""


@dataclass(frozen=True)
class Token:
    """A word as it is written, and of what sort it is.

    Parameters
    ----------
    kind
        ``word``: letters and digits; ``sign``: a letter whose sign is part of its name (C++, C#); ``run``: letters of a
        script that puts no spaces between words; ``emoji``: one, whatever the colour of its skin.
    written
        As it stands in the text; a run is composed in one way (NFKC, no case).
    """

    kind: Literal["word", "sign", "run", "emoji"]
    written: str

    @property
    def parts(self) -> list[str]:
        """The words that a name such as NameNode is made of; none of a name that is one word."""
        parts = _HUMP.split(self.written) if self.kind == "word" else []
        return parts if len(parts) > 1 else []


def tokens(text: str) -> Iterator[Token]:
    """The words of a normalised text, in order."""
    for match in _TOKEN.finditer(_UNSEEN.sub("", text)):
        written = match[0]
        match match.lastgroup:
            case "run":
                yield Token("run", unicodedata.normalize("NFKC", written).casefold())
            case "sign":
                yield Token("sign", written)
            case "emoji":
                yield Token("emoji", written)
            case _:
                yield Token("word", written)


def pairs(run: str) -> list[str]:
    """Neighbours in a run of letters without spaces, which find the words inside it; a letter alone is itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def ideographs(run: str) -> list[str]:
    """Letters of a run that are words of their own."""
    return _IDEOGRAPH.findall(run)
