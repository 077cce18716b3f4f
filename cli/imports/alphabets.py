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
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]"
_SIGN_IN_WORD = r"(?<=[^\W\d_])[^\w\s\x00-\x7f\u00ad\u2013\u2014\u2018\u2019](?=[^\W\d_])"
_ODD = re.compile(f"{_CONTROL}|{_SIGN_IN_WORD}")


def vietnamese(text: str) -> float:
    """Share of the words with marks that are Vietnamese syllables."""
    return _share([word.lower() for word in _marked_words(text)], _is_syllable)


def of_languages(languages: tuple[str, ...]) -> Callable[[str], float]:
    """Share of the words with marks that are written in the letters of one of these languages, the best for all."""

    def score(text: str) -> float:
        words = _marked_words(text)
        shares = [_share(words, _written_in(frozenset(letters))) for letters in languages]
        together = 0.95 * _share(words, _written_in(frozenset("".join(languages))))
        return max(*shares, together) * _undisturbed(text)

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
        return 0.9 + 0.1 * _share(letters, lambda letter: letter in frequent or not frequent)

    return lambda text: _share(words := _marked_words(text), home) * _undisturbed(text) * usual(words)


def common_in(codec: str) -> Callable[[str], float]:
    """Share of the letters beyond ASCII that a small character set of East Asia has; no Latin letters in between."""

    def score(text: str) -> float:
        letters = [letter for letter in text if ord(letter) > 127]
        pure = [word for word in _marked_words(text) if not any(letter.isascii() for letter in word)]
        return _share(letters, lambda letter: _encodable(letter, codec)) * bool(pure) * _undisturbed(text)

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
    return lambda word: _cased(word) and all(letter.isascii() or letter.lower() in letters for letter in word)


def _cased(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower() or word.upper() == word.lower()


def _undisturbed(text: str) -> float:
    """Less for each control character, and each sign in the midst of a word, where no text has one."""
    beyond = sum(ord(letter) > 127 for letter in text) or 1
    signs = sum(unicodedata.category(letter) in {"So", "Sm", "Sk"} for letter in text if letter > "\xff")
    return max(0.0, 1 - 2 * (len(_ODD.findall(text)) + signs) / beyond)


def _encodable(letter: str, codec: str) -> bool:
    try:
        return len(letter.encode(codec)) == 2  # rare Korean syllables are written in eight
    except UnicodeEncodeError:
        return False


SCORES: Mapping[str, Callable[[str], float]] = {
    "windows-1258": vietnamese,
    "windows-1252": of_languages(WESTERN),
    "windows-1250": of_languages(CENTRAL),
    "windows-1254": of_languages(TURKISH),
    "windows-1257": of_languages(BALTIC),
    "windows-1251": of_script("CYRILLIC", "оеаинтсрвлкмдпуы"),
    "windows-1253": of_script("GREEK", "αάοόιίεέτσςνηήυύρπκμλωώ"),
    "windows-1255": of_script("HEBREW"),
    "windows-1256": of_script("ARABIC"),
    "koi8-r": of_script("CYRILLIC", "оеаинтсрвлкмдпуы"),
    "cp874": of_script("THAI"),
    "cp949": lambda text: of_script("HANGUL")(text) * common_in("euc_kr")(text),
    "shift_jis": common_in("shift_jis"),
    "gb18030": common_in("gb2312"),
    "big5": common_in("big5"),
    "cp850": of_languages(WESTERN),
    "mac_roman": of_languages(WESTERN),
}
"""Encoding → how well a text that was read in it is one, from 0 to 1; the more usual ones first."""
