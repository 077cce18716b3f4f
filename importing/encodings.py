"""The encodings that ``--encoding`` takes: those in which spreadsheets and databases write text.

Python knows more names, among them transformations (``unicode_escape``) and old ones of DOS and Macintosh that read
any bytes as some text; a wrong one would be written for good.
"""

from collections.abc import Mapping

from runtime.errors import UsageRefusedError

_WINDOWS = tuple(range(1250, 1259))
_ISO = (*range(1, 12), *range(13, 17))
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "utf-8": ("utf8", "utf-8-sig"),
    "utf-16": ("utf16",),
    "utf-16-le": ("utf-16le",),
    "utf-16-be": ("utf-16be",),
    "utf-32": ("utf32",),
    "utf-32-le": ("utf-32le",),
    "utf-32-be": ("utf-32be",),
    "iso-8859-1": ("latin-1", "latin1"),
    "iso-8859-2": ("latin-2",),
    "iso-8859-9": ("latin-5",),
    "iso-8859-15": ("latin-9",),
    "windows-874": ("cp874", "tis-620", "iso-8859-11"),
    "gb18030": ("gbk", "gb2312", "cp936"),
    "big5": ("cp950", "big5-hkscs"),
    "shift_jis": ("sjis", "cp932", "windows-31j", "ms932"),
    "euc-jp": ("eucjp",),
    "cp949": ("windows-949", "uhc", "ks_c_5601-1987"),
    "euc-kr": ("euckr",),
    "koi8-r": (),
    "koi8-u": (),
}
_CODECS: Mapping[str, str] = {
    "windows-874": "cp874",
    "gb18030": "gb18030",  # holds GBK and GB 2312 whole
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
"""Where Python calls it otherwise, or a wider one reads what Windows writes under that name."""

LISTED = (
    "utf-8, utf-16, utf-32, windows-1250 to windows-1258, windows-874, iso-8859-1 to iso-8859-16, gb18030, big5, "
    "shift_jis, euc-jp, euc-kr, cp949, koi8-r, koi8-u"
)
"""What is taken, for a person to read."""


def encoding_named(said: str) -> str:
    """The name under which Python reads an encoding that is taken.

    Raises
    ------
    UsageRefusedError
        It is none of them.
    """
    found = _NAMES.get(_key(said))
    if found is None:
        raise UsageRefusedError(
            f"--encoding {said!r} is not taken; say one of {LISTED}, or save the file as UTF-8", pointer="/encoding"
        )
    return found


def _key(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def _names() -> dict[str, str]:
    names = {f"{start}{page}": f"cp{page}" for page in _WINDOWS for start in ("windows-", "windows", "cp", "win")}
    for part in _ISO:
        names |= {f"{start}{part}": f"iso8859-{part}" for start in ("iso-8859-", "iso8859-")}
    for name, others in _OTHERS.items():
        codec = _CODECS.get(name, names.get(name, name))
        names |= {_key(one): codec for one in (name, *others)}
    return names


_NAMES = _names()
