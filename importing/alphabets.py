"""What letters of a language look like, to tell in which encoding a file's bytes make words.

A single-byte encoding reads any bytes, so only what comes out tells: letters that some language uses together, in
words whose case is that of words; for Vietnamese, syllables that the language has.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

WESTERN = (
    "äöüß",
    "àâæçéèêëîïôœùûüÿ",
    "áéíñóúüç",
    "àèéìíîòóùú",
    "áâãàçéêíóôõúü",
    "åäöéüæø",
    "áðéíóúýþæö",
)
CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîșțşţ")
TURKISH = ("çğıöşüâîû",)
BALTIC = ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž")

_NUCLEI = (
    "ia|iê|yê|ya|oa|oă|oe|oo|uâ|ua|uê|uô|uơ|uyê|uya|uy|ươ|ưa|uyu|iêu|yêu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|"
    "ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    rf"(?:(?:{_NUCLEI})(?:ch|ng|nh|[cmnpt])?|[ăâ](?:ch|ng|nh|[cmnpt]))"
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_MARKED = 5
"""From this length on a word of a Latin alphabet has a letter without a mark."""

_HANGING = re.compile(r"(?<![\u0e01-\u0e4e])[\u0e30-\u0e3a\u0e45-\u0e4e]|[\u0e4f-\u0e5b]")
"""Thai vowels and tones with nothing before them, and figures and signs that names do not have."""

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]"
_SIGN_IN_WORD = r"(?<=[^\W\d_])[^\w\s\x00-\x7f\u00ad\u2013\u2014\u2018\u2019](?=[^\W\d_])"
_SIGN_BEFORE_WORD = r"[»”…•·™©®°†‡€¶§](?=[^\W\d_])"
_ODD = re.compile(f"{_CONTROL}|{_SIGN_IN_WORD}|{_SIGN_BEFORE_WORD}")


def vietnamese(text: str) -> float:
    """Share of the words with marks that are Vietnamese syllables."""
    return syllables(text)[0]


def syllables(text: str) -> tuple[float, int]:
    """Share of the words with marks that are Vietnamese syllables, and how many different words there are."""
    words = [word.lower() for word in _marked_words(text)]
    return _share(words, _is_syllable), len(set(words))


def in_one_language(text: str, languages: tuple[str, ...]) -> float:
    """Share of the words with marks that are written in the letters of one of these languages, the best for all."""
    words = _marked_words(text)
    return max(_share(words, _written_in(frozenset(letters))) for letters in languages)


def marked_letters(text: str) -> int:
    """How many letters beyond ASCII different words have: what there is to judge an encoding by."""
    return sum(not letter.isascii() for word in set(_marked_words(text)) for letter in word)


def of_languages(languages: tuple[str, ...]) -> Callable[[str], float]:
    """Share of the words with marks that are written in the letters of one of these languages, the best for all."""

    def score(text: str) -> float:
        together = 0.95 * in_one_language(text, ("".join(languages),))
        return max(in_one_language(text, languages), together) * undisturbed(text)

    return score


def of_script(name: str, frequent: str = "") -> Callable[[str], float]:
    """Share of the words with letters beyond ASCII that are of this script alone, a little less for its rare letters.

    Parameters
    ----------
    name
        How Unicode names of its letters begin.
    frequent
        Its letters of which texts mostly consist, small ones; empty: not looked at.
    """

    def home(word: str) -> bool:
        return all(unicodedata.name(letter, "").startswith(name) for letter in word) and _cased(word)

    def usual(words: list[str]) -> float:
        letters = [letter for letter in "".join(words).lower() if not letter.isascii()]
        return 0.8 + 0.2 * _share(letters, lambda letter: letter in frequent or not frequent)

    return lambda text: _share(words := _marked_words(text), home) * undisturbed(text) * usual(words)


def thai(text: str) -> float:
    """As a script, with its vowels and tones behind letters, where they belong."""
    return of_script("THAI")(text) * (0.5 if _HANGING.search(text) else 1.0)


def common_in(codec: str) -> Callable[[str], float]:
    """Share of the letters beyond ASCII that a small character set of East Asia has; no Latin letters in between."""

    def score(text: str) -> float:
        letters = [letter for letter in text if ord(letter) > 127]
        pure = _share(_marked_words(text), lambda word: not any(letter.isascii() for letter in word))
        return _share(letters, lambda letter: _encodable(letter, codec)) * pure * undisturbed(text)

    return score


def _marked_words(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text)
    return [word for word in _WORD.findall(composed) if not word.isascii()]


def _share(of: list[str], good: Callable[[str], bool]) -> float:
    return sum(map(good, of)) / len(of) if of else 0.0


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(letter for letter in apart if letter not in _TONES))
    return sum(letter in _TONES for letter in apart) <= 1 and _SYLLABLE.fullmatch(bare) is not None


def _written_in(letters: frozenset[str]) -> Callable[[str], bool]:
    def written(word: str) -> bool:
        plain = sum(letter.isascii() for letter in word)
        known = all(_small(letter).isascii() or _small(letter) in letters for letter in word)
        return known and _cased(word) and (plain > 0 or len(word) < _LONGEST_MARKED)

    return written


def _small(letter: str) -> str:
    """In lower case, one letter as well where Unicode makes a letter and a mark of it, as of the Turkish İ."""
    return letter.lower()[0]


def _cased(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower() or word.upper() == word.lower()


def undisturbed(text: str) -> float:
    """Less for each control character, and each sign in the midst of a word, where no text has one."""
    beyond = sum(ord(letter) > 127 for letter in text) or 1
    signs = sum(unicodedata.category(letter) in {"So", "Sm", "Sk"} for letter in text if letter > "\xff")
    unmarked = "".join(
        letter for letter in text if unicodedata.category(letter) != "Mn"
    )  # Thai has vowels of that kind
    return max(0.0, 1 - 2 * (len(_ODD.findall(unmarked)) + signs) / beyond)


def _encodable(letter: str, codec: str) -> bool:
    try:
        return len(letter.encode(codec)) == 2  # rare Korean syllables are written in eight
    except UnicodeEncodeError:
        return False


_CYRILLIC = of_script("CYRILLIC", "оеаинтсрвлкмдпуы")
_GREEK = of_script("GREEK", "αάοόιίεέτσςνηήυύρπκμλωώ")

SCORES: Mapping[str, Callable[[str], float]] = {
    "windows-1258": vietnamese,
    "windows-1252": of_languages(WESTERN),
    "windows-1250": of_languages(CENTRAL),
    "windows-1254": of_languages(TURKISH),
    "windows-1257": of_languages(BALTIC),
    "windows-1251": _CYRILLIC,
    "windows-1253": _GREEK,
    "windows-1255": of_script("HEBREW"),
    "windows-1256": of_script("ARABIC"),
    "windows-874": thai,
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "iso-8859-2": of_languages(CENTRAL),
    "iso-8859-4": of_languages(BALTIC),
    "iso-8859-5": _CYRILLIC,
    "iso-8859-6": of_script("ARABIC"),
    "iso-8859-7": _GREEK,
    "iso-8859-9": of_languages(TURKISH),
    "iso-8859-13": of_languages(BALTIC),
    "iso-8859-15": of_languages(WESTERN),
    "iso-8859-16": of_languages(CENTRAL),
    "cp949": lambda text: of_script("HANGUL")(text) * common_in("euc_kr")(text),
    "shift_jis": common_in("shift_jis"),
    "euc-jp": common_in("euc_jp"),
    "gb18030": common_in("gb2312"),
    "big5": common_in("big5"),
}
"""Encoding → how well a text that was read in it is one, from 0 to 1; the more usual ones first."""

NEVER_TAKEN: Mapping[str, Callable[[str], float]] = {
    "cp850": of_languages(WESTERN),
    "cp852": of_languages(CENTRAL),
    "cp857": of_languages(TURKISH),
    "cp866": _CYRILLIC,
    "mac_roman": of_languages(WESTERN),
    "mac_latin2": of_languages(CENTRAL),
    "mac_turkish": of_languages(TURKISH),
    "mac_cyrillic": _CYRILLIC,
}
"""The same for old encodings that nobody is advised to say: text that may be in one of them is not in another."""
