"""What sticks to texts, names and addresses that were copied, and what no text may have; one rule for every door."""

import re
import unicodedata

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs that show nothing."""

_FULL_STOP = "\u3002"
"""The ideographic one, which stands for a dot in domains (UTS 46)."""

_SIGNS_OF_ADDRESSES = str.maketrans("\uff20\ufe6b\uff1c\uff1e\ufe64\ufe65", "@@<><>")
_WRAPPED = re.compile(r"[^<>]*<([^<>]*)>")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_STICKS = "\"'`“”‘’„;,. \t\r\n\u00a0"
_LOCAL = re.compile(r"[^\s@<>()\[\]:;,\\\"]+(?<!\.)")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


def visible(text: str) -> str:
    """A text that shows something.

    Raises
    ------
    ValueError
        It consists of blanks, marks and characters that nobody sees.
    """
    if not any(unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK_LETTERS for letter in text):
        if any(unicodedata.category(letter) == "Co" for letter in text):
            return text
        raise ValueError("text has no visible character")
    return text


def storable(text: str) -> str:
    """A text every store keeps: PostgreSQL has no NUL, and a write with one would be tried for ever.

    Raises
    ------
    ValueError
        It has one.
    """
    if "\0" in text:
        raise ValueError("text has no NUL character; take it out")
    return text


def on_one_line(text: str) -> str:
    """A name, which has no line break and no other control character.

    Raises
    ------
    ValueError
        It has one: several lines are several things.
    """
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in text):
        raise ValueError("a name stands on one line, without control characters; take them out")
    return text


def composed(text: str) -> str:
    """The text with letters and their marks in one character each (NFC), so that the same name is the same text."""
    return unicodedata.normalize("NFC", text)


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it, as copied names have them."""
    first, last = 0, len(text)
    while first < last and _sticks(text[first]):
        first += 1
    while last > first and _sticks(text[last - 1]):
        last -= 1
    return text[first:last]


def with_plain_signs(text: str) -> str:
    """The text with ``@``, ``<`` and ``>`` of full or small width in their usual form, letter for letter."""
    return text.translate(_SIGNS_OF_ADDRESSES)


def clean_address(text: str) -> str:
    """An e-mail address without what sticks to a copied one.

    Taken off are blanks and invisible characters, ``mailto:``, a name before ``<…>`` and the brackets, quotation
    marks, and a semicolon, comma or full stop behind. Letters and signs of full width, as East Asian keyboards write
    them, and other forms of one letter are that letter (NFKC).

    Raises
    ------
    ValueError
        It has control characters, or is no address that mail could reach.
    """
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    bare = unicodedata.normalize("NFKC", seen).replace(_FULL_STOP, ".").strip()
    if any(unicodedata.category(letter) == "Cc" or letter in _BLANK_LETTERS for letter in bare):
        raise ValueError("an e-mail address has no control characters and no letters that show nothing; take them out")
    bare = bare.strip(_STICKS)
    if wrapped := _WRAPPED.fullmatch(bare):
        bare = wrapped[1].strip(_STICKS)
    if scheme := _MAILTO.match(bare):
        bare = bare[scheme.end() :].partition("?")[0]
    bare = bare.strip(_STICKS)
    local, at, domain = bare.rpartition("@")
    labels = domain.split(".")
    if not (at and _LOCAL.fullmatch(local) and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))):
        raise ValueError("this is no e-mail address; write it as name@company.example")
    return bare


def _sticks(letter: str) -> bool:
    return letter.isspace() or (unicodedata.category(letter) == "Cf" and letter < "\U000e0000")
