"""The text in a file's bytes: an encoding that is certain is recognised, any other has to be said.

Marks, UTF-16 without one, and UTF-8 are certain. The older encodings of offices read any bytes as some text, so the
user decides. One is named in the refusal only when nothing else fits: a wrong one would be written for good.
"""

import codecs
import re
import unicodedata

from importing.alphabets import NEVER_TAKEN, SCORES, marked_letters
from importing.encodings import LISTED, encoding_named
from importing.errors import FileRefusedError
from importing.vietnamese import old_vietnamese

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed"),
)
_LEAST_SCORE = 0.8
_LEAST_LETTERS = 6
_MANY_LETTERS = 30
_LEAST_LEAD, _LEAST_LEAD_OF_MANY = 0.1, 0.05
"""How much better than any other reading one must be to be advised; of many letters the score says more."""

_LOOKED_AT = 200_000
_WORDS = re.compile(r"[^\W\d_]+(?:[ \u0300-\u036f]+[^\W\d_]+)*")


def text_of(data: bytes, name: str, encoding: str = "") -> str:
    """The text of a file.

    Parameters
    ----------
    data
        Its bytes.
    name
        What it is called in a refusal.
    encoding
        What the user says; empty: what the bytes are for certain. A mark in the file goes before it.

    Raises
    ------
    UsageRefusedError
        This encoding is not taken.
    FileRefusedError
        They are no text, or not in this encoding; the message names the one that fits.
    """
    told = encoding_named(encoding) if encoding else ""
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise FileRefusedError(f"{name} is {what}, not text; save it as CSV in UTF-8")
    certain = _certain(data)
    if told:
        return _as_told(data, name, told, certain)
    if certain is not None:
        return certain[1]
    raise FileRefusedError(f"{name} is not UTF-8 ({_first_bad(data)}); {_advice(data)}")


def _certain(data: bytes) -> tuple[str, str] | None:
    """Encoding and text, when the bytes leave no doubt."""
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (text := _read(data[len(mark) :], encoding)) is not None:
            return encoding, text
    wide = _wide(data)
    if wide and (text := _read(data, wide)) is not None:
        return wide, text
    text = _read(data, "utf-8")
    return ("utf-8", text) if text is not None else None


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: delimiters and line breaks have zero bytes, always on the same side."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if (even + odd) * 20 < len(data) or len(data) < 4:
        return None
    if (even + odd) * 3 >= len(data) * 2:
        return "utf-32-be" if data[0] == 0 else "utf-32-le"
    if max(even, odd) < 9 * min(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _as_told(data: bytes, name: str, encoding: str, certain: tuple[str, str] | None) -> str:
    text = _read(data, encoding)
    if certain is not None and (any(data.startswith(mark) for mark, _ in _MARKS) or text == certain[1]):
        return certain[1]
    if certain is not None and (certain[0] != "utf-8" or not data.isascii() or text is None or _is_wide(encoding)):
        if certain[0].startswith(encoding):
            return certain[1]
        raise FileRefusedError(f"{name} is not {encoding}: its bytes are {certain[0]}; leave --encoding out")
    if text is None or _misread_vietnamese(data, encoding, text):
        raise FileRefusedError(f"{name} is not {encoding}; {_advice(data)}")
    return text


def _misread_vietnamese(data: bytes, encoding: str, text: str) -> bool:
    """Whether a Western code page was said of bytes that make Vietnamese syllables in another way.

    They are taken for one another daily, and of all languages this one alone is known by what it makes.
    """
    if not encoding.startswith(("cp125", "iso8859")):
        return False
    if old_vietnamese(_part(data)) is not None:
        return True
    return encoding != "cp1258" and _fits_1258(data) and _read(data, "cp1258") != text


def _fits_1258(data: bytes) -> bool:
    """Whether no other encoding fits as well, however few letters there are."""
    best, rival = _readings(_part(data))
    return best is not None and best[1] == "windows-1258" and best[0] > rival


def _is_wide(encoding: str) -> bool:
    return encoding.startswith(("utf-16", "utf-32"))


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):  # UnicodeError is a ValueError; some codecs raise it bare
        return None


def _first_bad(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        return f"line {number}"
    return "no line"


def _advice(data: bytes) -> str:
    """What to do about bytes that are not certain."""
    replaced = data.decode("utf-8", errors="replace")
    bad = replaced.count("\ufffd")
    if sum(letter > "\x7f" for letter in replaced) - bad > 3 * bad:
        lines = [str(n) for n, line in enumerate(replaced.splitlines(), 1) if "\ufffd" in line]
        more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
        return f"it is but for line {', '.join(lines[:5])}{more}: mend that, or save the file as UTF-8"
    if b"\0" in data:
        return "it has zero bytes, as no text has; save it as CSV in UTF-8"
    if old := old_vietnamese(_part(data)):
        example = _example(old[1])
        return f"it is Vietnamese written in {old[0]}, for instance “{example}”: convert it to Unicode first, as UTF-8"
    found = fitting_encoding(data)
    if found is None:
        return f"save it as CSV in UTF-8, or, if you know how it is written, say it: --encoding takes {LISTED}"
    return f"it reads as {found[0]}, for instance “{found[1]}”: say --encoding {found[0]}, or save it as UTF-8"


def fitting_encoding(data: bytes) -> tuple[str, str] | None:
    """The only encoding in which the bytes make words, and some of those; None when more than one might."""
    best, rival = _readings(_part(data))
    if best is None or best[1] in NEVER_TAKEN:
        return None
    letters = marked_letters(best[2])
    lead = _LEAST_LEAD if letters < _MANY_LETTERS else _LEAST_LEAD_OF_MANY
    if letters < _LEAST_LETTERS or best[0] < _LEAST_SCORE or best[0] - rival < lead:
        return None
    return best[1], _example(best[2])


def _readings(part: bytes) -> tuple[tuple[float, str, str] | None, float]:
    """The best reading with its score and encoding, and the score of the best that reads something else."""
    scored = []
    for name, score in {**SCORES, **NEVER_TAKEN}.items():
        text = _read(part, name if name in NEVER_TAKEN else encoding_named(name))
        if text is not None:
            scored.append((score(text), name, unicodedata.normalize("NFC", text)))
    best = max(scored, key=lambda reading: reading[0], default=None)
    if best is None:
        return None, 0.0
    return best, max((score for score, _, text in scored if text != best[2]), default=0.0)


def _part(data: bytes) -> bytes:
    """Lines with something beyond ASCII, as many as it takes to judge."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if not line.isascii()]
    part = b"\n".join(lines)
    return part if len(part) <= _LOOKED_AT else part[:_LOOKED_AT].rpartition(b"\n")[0]


def _example(text: str) -> str:
    words = (found[0] for found in _WORDS.finditer(text) if not found[0].isascii())
    return unicodedata.normalize("NFC", next(words, ""))[:60]
