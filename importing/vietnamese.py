"""Vietnamese as it was written before Unicode: letters of VNI and TCVN3 fonts, and VISCII.

Their bytes are read as Western letters by every program that does not know the font, so they are never taken for
text: they are recognised by the syllables they make, and whoever has such a file is told to convert it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from importing.alphabets import WESTERN, in_one_language, syllables, undisturbed, vietnamese

_LEAST = 0.8
_LEAST_WORDS = 2

_VNI_MARKS = {
    **dict(zip("ùøûõï", ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True)),
    **dict(zip("âáàåãä", (f"\u0302{tone}" for tone in ("", *"\u0301\u0300\u0309\u0303\u0323")), strict=True)),
    **dict(zip("êéèúüë", (f"\u0306{tone}" for tone in ("", *"\u0301\u0300\u0309\u0303\u0323")), strict=True)),
}
_VNI_LETTERS = dict(zip("ôöæóòîñ", "ơưỉĩịỵđ", strict=True))
_VNI = re.compile(rf"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])", re.IGNORECASE)

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
)
_VISCII = str.maketrans(
    "\x02\x05\x06\x14\x19\x1e" + "".join(map(chr, range(0x80, 0x100))),
    "ẲẴẪỶỸỴ"
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
)


def old_vietnamese(data: bytes) -> tuple[str, str] | None:
    """Which of the old ways of writing Vietnamese makes the bytes syllables, and the text; None when none does.

    A text that is as well one in a single Western language, or in Windows-1258, is taken for that.
    """
    western = data.decode("latin-1")
    best: tuple[float, str, str] = (0.0, "", "")
    for name, read in _READERS.items():
        text = unicodedata.normalize("NFC", read(western))
        share, words = syllables(text)
        share *= undisturbed(text)
        if share >= _LEAST and words >= _LEAST_WORDS and share > best[0]:
            best = share, name, text
    rival = max(in_one_language(western, WESTERN), vietnamese(data.decode("cp1258", errors="replace")))
    clear = best[0] > rival or (best[0] == rival and best[1] == "VNI" and _pairs(western) >= _LEAST_WORDS)
    return best[1:] if clear else None


def _pairs(text: str) -> int:
    """How many different words have a vowel and its mark side by side, as in ``aà``, which no Western language has."""
    return len({word for word in re.findall(r"\w+", text) if any(found[1] for found in _VNI.finditer(word))})


def _from_vni(text: str) -> str:
    def read(found: re.Match[str]) -> str:
        letter = found[1] or found[3]
        bare = _VNI_LETTERS.get(letter.lower(), letter.lower())
        bare = bare.upper() if letter.isupper() else bare
        return bare + _VNI_MARKS[found[2].lower()] if found[2] else bare

    return _VNI.sub(read, text)


_READERS: Mapping[str, Callable[[str], str]] = {
    "VNI": _from_vni,
    "TCVN3": lambda text: text.translate(_TCVN3),
    "VISCII": lambda text: text.translate(_VISCII),
}
