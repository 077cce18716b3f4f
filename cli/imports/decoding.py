"""The text in a file's bytes: an encoding that is certain is recognised, any other has to be said.

Marks, UTF-16 without one, and UTF-8 are certain. The older encodings of offices read any bytes as some text, so the
one that fits is named in the refusal and the user decides: a wrong guess would be written for good.
"""

import codecs
import re
import unicodedata

from cli.imports.alphabets import SCORES
from cli.imports.errors import FileRefusedError

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
_LEAST_SCORE = 0.75
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
    FileRefusedError
        They are no text, or not in this encoding; the message names the one that fits.
    """
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise FileRefusedError(f"{name} is {what}, not text; save it as CSV in UTF-8")
    certain = _certain(data)
    if encoding:
        return _as_told(data, name, encoding, certain)
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
        if certain[0].startswith(encoding.lower().replace("_", "-")):
            return certain[1]
        raise FileRefusedError(f"{name} is not {_named(encoding)}: its bytes are {certain[0]}; leave --encoding out")
    if text is None or _misread_vietnamese(data, encoding, text):
        raise FileRefusedError(f"{name} is not {_named(encoding)}; {_advice(data)}")
    return text


def _misread_vietnamese(data: bytes, encoding: str, text: str) -> bool:
    """Whether a western code page was said of bytes that make Vietnamese syllables in the one of Vietnam.

    The two are taken for one another daily, and of all code pages this one alone is known by what it makes.
    """
    page = codecs.lookup(encoding).name
    if not page.startswith(("cp125", "iso8859")) or page == "cp1258":
        return False
    found = fitting_encoding(data)
    return found is not None and found[0] == "windows-1258" and _read(data, "cp1258") != text


def _named(encoding: str) -> str:
    return encoding if _is_encoding(encoding) else f"in {encoding!r}, which is no encoding of text"


def _is_encoding(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def _is_wide(encoding: str) -> bool:
    return _is_encoding(encoding) and b"\0" in "a".encode(encoding)


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
    found = fitting_encoding(data)
    if found is None:
        return "it fits no encoding known here; save it as CSV in UTF-8"
    return f"it reads as {found[0]}, for instance “{found[1]}”: say --encoding {found[0]}, or save it as UTF-8"


def fitting_encoding(data: bytes) -> tuple[str, str] | None:
    """The encoding in which the bytes make the best words, and some of those; None when none makes any."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if not line.isascii()]
    part = b"\n".join(lines)[:_LOOKED_AT]
    best: tuple[float, str, str] | None = None
    for encoding, score in SCORES.items():
        text = _read(part, encoding)
        value = score(text) if text is not None else 0.0
        if text is not None and value >= _LEAST_SCORE and (best is None or value > best[0] + 0.01):
            best = value, encoding, text
    if best is None:
        return None
    words = (found[0] for found in _WORDS.finditer(best[2]) if not found[0].isascii())
    return best[1], unicodedata.normalize("NFC", next(words, ""))[:60]
