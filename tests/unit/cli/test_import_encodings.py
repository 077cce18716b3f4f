"""Encodings of offices and databases: recognised, or refused once with the one that fits; never a traceback."""

import contextlib
import re
import unicodedata
from pathlib import Path

import pytest

from cli.imports.decoding import text_of
from cli.imports.errors import FileRefusedError
from cli.imports.table import CsvTable

TEXT = "Name,Email,Title\r\nĐỗ Mỹ Ngà,nga.do@x.example,Kế toán\r\nVo An,an@x.example,Thủ kho\r\n"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """As Windows writes Vietnamese: letters whole, tones behind them."""
    encoded = b""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in _TONES)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
        encoded += (bare + tone).encode("cp1258")
    return encoded


def stored(folder: Path, data: bytes, encoding: str = "") -> list[str]:
    """Names as they are stored."""
    path = folder / "people.csv"
    path.write_bytes(data)
    return [unicodedata.normalize("NFC", line.cells[0]) for line in CsvTable(path, None, encoding).rows()]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        unicodedata.normalize("NFD", TEXT).encode(),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("utf-32-le"),
    ],
)
@pytest.mark.parametrize("told", ["", "utf-8", "utf-16", "utf-8-sig", "cp1252"])
def test_what_is_certain_is_read_or_the_wrong_word_for_it_refused(tmp_path: Path, data: bytes, told: str) -> None:
    refused = ""
    try:
        names = stored(tmp_path, data, told)
    except FileRefusedError as error:
        refused, names = str(error), stored(tmp_path, data)
    assert names == ["Đỗ Mỹ Ngà", "Vo An"]
    assert not refused or (told and "leave --encoding out" in refused)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Đặng Ngọc Ánh,Kế toán\nĐỗ Thị Thơ,Thủ kho\n", "windows-1258"),
        ("Trần Quốc Hưng,Kỹ sư\n", "windows-1258"),
        ("Nguyễn Thị Minh Khai,Trưởng phòng\n", "windows-1258"),
        ("Jörg Müller,Gärtner\n", "windows-1252"),
        ("João da Conceição,São Paulo\n", "windows-1252"),
        ("José Muñoz,Jefe\n", "windows-1252"),
        ("Łukasz Żółć,Księgowy\n", "windows-1250"),
        ("Ondřej Dvořák,Řidič\n", "windows-1250"),
        ("Иван Петров,Инженер\n", "windows-1251"),
        ("Γιώργος Παπαδόπουλος,Μηχανικός\n", "windows-1253"),
        ("Şahin Çağrı,Mühendis\n", "windows-1254"),
        ("山田太郎,営業部\n", "shift_jis"),
        ("王小明,销售部\n", "gb18030"),
        ("김철수,영업부\n", "cp949"),
    ],
)
def test_an_uncertain_encoding_is_refused_once_and_the_advice_works(tmp_path: Path, text: str, encoding: str) -> None:
    whole = f"Name,Title\n{text}"
    data = windows_1258(whole) if encoding == "windows-1258" else whole.encode(encoding)
    with pytest.raises(FileRefusedError) as refused:
        stored(tmp_path, data)
    advised = re.search(r"--encoding (\S+),", str(refused.value))
    assert advised, refused.value
    assert stored(tmp_path, data, advised[1]) == [line.split(",")[0] for line in text.splitlines()]


def test_the_refusal_shows_how_it_would_read_and_where_it_is_not_utf_8() -> None:
    with pytest.raises(FileRefusedError, match=r"line 2.*Đặng Ngọc Ánh"):
        text_of(windows_1258("Name\nĐặng Ngọc Ánh\n"), "people.csv")


@pytest.mark.parametrize("told", ["cp1252", "latin-1", "windows-1250", "iso-8859-15"])
def test_vietnamese_is_not_taken_for_western_even_when_it_is_said(told: str) -> None:
    with pytest.raises(FileRefusedError, match="--encoding windows-1258"):
        text_of(windows_1258("Name\nĐặng Ngọc Ánh\nTrần Quốc Hưng\n"), "people.csv", told)
    for western in ("Name\nJosé Muñoz\n", "Name\nJoão Conceição\n", "Name\nJörg Groß\n", "Name\nPerò Così\n"):
        assert text_of(western.encode("cp1252"), "people.csv", "cp1252") == western


def test_a_few_bad_bytes_in_utf_8_are_told_by_their_lines() -> None:
    data = "Tên\nĐỗ Mỹ Ngà\nNguyễn Thị Ánh\n".encode().replace("Ánh".encode(), b"\xc1nh")
    with pytest.raises(FileRefusedError, match="but for line 3"):
        text_of(data, "people.csv")


@pytest.mark.parametrize(
    "told",
    [
        "nonsense",
        "base64",
        "rot13",
        "zlib",
        "undefined",
        "idna",
        "punycode",
        "utf-32",
        "utf-7",
        "unicode_escape",
        "x\0",
        " ",
    ],
)
@pytest.mark.parametrize("data", [TEXT.encode(), TEXT.encode("utf-16-le"), b"Name\n\xd0\xe3\n", b"\0\1\2", b""])
def test_whatever_encoding_is_said_there_is_a_text_or_a_sentence(told: str, data: bytes) -> None:
    said = "people.csv "
    with contextlib.suppress(FileRefusedError):
        assert isinstance(text_of(data, "people.csv", told), str)
        return
    with pytest.raises(FileRefusedError, match=said):
        text_of(data, "people.csv", told)


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7", b"\x1f\x8b\x08"])
def test_files_of_another_kind_are_named(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match="save it as CSV"):
        text_of(data, "people.xlsx")
