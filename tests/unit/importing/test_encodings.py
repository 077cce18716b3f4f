"""Encodings of offices and databases: recognised, or refused once with the one that fits; never a traceback."""

import contextlib
import re
import unicodedata
from pathlib import Path

import pytest

from importing.decoding import text_of
from importing.encodings import LISTED, encoding_named
from importing.errors import FileRefusedError
from importing.table import CsvTable
from runtime.errors import UsageRefusedError

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


NAMES = {
    "windows-1258": "Đặng Ngọc Ánh|Đỗ Thị Thơ|Trần Quốc Hưng|Nguyễn Thị Minh Khai|Lê Võ|Hà Tô|Bùi Lý|Hồ Ngô",
    "windows-1252": "Jörg Müller|João da Conceição|José Muñoz|Søren Kjær|Åsa Öberg|Zoé Gagné|Niccolò Però|Raúl Ibáñez"
    "|François Lefèvre|Inês Gonçalves|Léa Bérénice|Günther Groß",
    "windows-1250": "Łukasz Żółć|Ondřej Dvořák|Ján Kováč|Kőszegi Ödön|Željko Đurić|Szűcs|Zając"
    "|Jiří Růžička|Świętosława Bąk|Králová|Šárka Wójcik",
    "windows-1251": "Иван Петров|Ольга Щукина|Яна Ёлкина|Сергей Кузнецов|Наталья Смирнова|Дмитрий Попов",
    "windows-1253": "Γιώργος Παπαδόπουλος|Ελένη|Νίκος|Δημήτρης",
    "windows-1254": "Şahin Çağrı|Gökçe|Ayşe Yılmaz|İbrahim|Özgür Doğan|Çelik",
    "windows-1255": "דוד כהן|שרה לוי|משה פרץ|רחל מזרחי|יעקב ביטון",
    "windows-1256": "محمد علي|فاطمة الزهراء",
    "windows-1257": "Jānis Bērziņš|Šarūnas|Õie Põld|Ąžuolas|Kęstutis|Žydrūnė",
    "windows-874": "สมชาย ใจดี|สุดา รักไทย|ประเสริฐ ศรีสุข|วิไล แก้วมณี",
    "shift_jis": "山田太郎|佐藤花子|ヤマダ|高橋|営業部|鈴木一郎|渡辺さくら",
    "euc-jp": "山田太郎|佐藤花子|高橋|営業部|鈴木一郎|渡辺さくら",
    "gb18030": "王小明|李伟|张丽|刘洋|陈静|销售部|喆堃|陳國強|诸葛亮|欧阳娜娜|赵|孙权|马云|何|龚俊",
    "big5": "王小明|陳國強|林志玲|張惠妹|黃|業務部|吳宗憲|劉",
    "cp949": "김철수|영업부|박지민|이|최민호|정수빈|강하늘",
    "iso-8859-2": "Łukasz Żółć|Ondřej Dvořák|Šárka|Jiří Růžička|Świętosława|Zając",
    "iso-8859-5": "Иван Петров|Ольга Щукина",
    "iso-8859-9": "Şahin Çağrı|Ayşe Yılmaz|Doğan",
    "koi8-r": "Иван Петров|Ольга Щукина|Яна Ёлкина",
    "cp850": "Jörg Müller|José Muñoz|François Lefèvre|Renée|Raúl",
    "cp852": "Łukasz Żółć|Ondřej Dvořák|Kőszegi Ödön",
    "cp866": "Иван Петров|Ольга Щукина",
    "mac_roman": "Jörg Müller|José Muñoz|François Lefèvre|Renée|Raúl|Åsa Öberg",
    "mac_cyrillic": "Иван Петров|Ольга Щукина|Яна Ёлкина",
}
"""Encoding → names as a list in it has them."""

TOLD_APART = ("windows-1258", "windows-1252", "windows-1250", "windows-1251", "windows-1253", "shift_jis", "gb18030")


def written(names: list[str], encoding: str) -> bytes:
    text = "\n".join(["Name", *names, ""])
    if encoding == "windows-1258":
        return windows_1258(text)
    return text.encode("cp874" if encoding == "windows-874" else encoding)


def advised(data: bytes) -> str:
    """The encoding that a refusal advises; empty when it advises none."""
    with pytest.raises(FileRefusedError, match=r"(as|in) UTF-8") as refused:
        text_of(data, "people.csv")
    found = re.search(r"say --encoding (\S+),", str(refused.value))
    return found[1] if found else ""


@pytest.mark.parametrize("encoding", TOLD_APART)
def test_an_uncertain_encoding_is_refused_once_and_the_advice_works(tmp_path: Path, encoding: str) -> None:
    names = NAMES[encoding].split("|")
    data = written(names, encoding)
    assert advised(data) == encoding
    assert stored(tmp_path, data, encoding) == names


@pytest.mark.parametrize("encoding", NAMES)
def test_no_advice_leads_to_other_letters_however_small_the_file(tmp_path: Path, encoding: str) -> None:
    names = NAMES[encoding].split("|")
    parts = [names[place : place + size] for size in (1, 2, 3, len(names)) for place in range(len(names))]
    for part in parts:
        data = written(part, encoding)
        with contextlib.suppress(UnicodeDecodeError):
            data.decode()
            continue
        said = advised(data)
        assert not said or stored(tmp_path, data, said) == part


OLD_VIETNAMESE = {
    "VNI": "Nguyeãn Thò Höông|Traàn Quoác Tuaán|Ñoã Myõ Ngaø|Leâ Vaên Ñöùc|Phaïm Thuøy",
    "TCVN3": "NguyÔn ThÞ H\u00ad¬ng|TrÇn Quèc TuÊn|§ç Mü Ngµ|Lª V¨n §øc|Ph¹m Thïy",
    "VISCII": "Nguy\u00adn Th¸ Hß½ng|Tr¥n Qu¯c Tu¤n|Ð² MÛ Ngà|Lê Vån ÐÑc|PhÕm Thùy",
}


@pytest.mark.parametrize("told", ["", "windows-1252", "latin-1", "cp1258", "windows-1250"])
@pytest.mark.parametrize("way", OLD_VIETNAMESE)
def test_vietnamese_of_before_unicode_is_named_and_never_read(way: str, told: str) -> None:
    names = OLD_VIETNAMESE[way].split("|")
    for part in (names, names[:1], names[1:2], names[-2:]):
        data = "\n".join(["Name", *part, ""]).encode("latin-1")
        with pytest.raises(FileRefusedError, match=rf"written in {way}.*convert it to Unicode first"):
            text_of(data, "people.csv", told)


@pytest.mark.parametrize("told", ["utf-8", "UTF8", "utf-8-sig", "Windows-1258", "cp1252", "ISO-8859-15", "latin1"])
def test_names_of_encodings_are_taken_in_their_usual_spellings(told: str) -> None:
    assert "x".encode(encoding_named(told))


@pytest.mark.parametrize("listed", LISTED.split(", "))
def test_every_listed_encoding_is_taken(listed: str) -> None:
    for said in listed.split(" to "):
        assert "x".encode(encoding_named(said))


def test_the_refusal_shows_how_it_would_read_and_where_it_is_not_utf_8() -> None:
    with pytest.raises(FileRefusedError, match=r"line 2.*Đặng Ngọc Ánh"):
        text_of(written(NAMES["windows-1258"].split("|"), "windows-1258"), "people.csv")


@pytest.mark.parametrize("told", ["cp1252", "latin-1", "windows-1250", "iso-8859-15"])
def test_vietnamese_is_not_taken_for_western_even_when_it_is_said(told: str) -> None:
    with pytest.raises(FileRefusedError, match="--encoding windows-1258"):
        text_of(written(NAMES["windows-1258"].split("|"), "windows-1258"), "people.csv", told)
    for western in (
        "Name\nJosé Muñoz\n",
        "Name\nJoão Conceição\n",
        "Name\nJörg Groß\n",
        "Name\nPerò Così\n",
        "Name\nLéo\nThéo\n",
    ):
        assert text_of(western.encode("cp1252"), "people.csv", "cp1252") == western


def test_a_few_bad_bytes_in_utf_8_are_told_by_their_lines() -> None:
    data = "Tên\nĐỗ Mỹ Ngà\nNguyễn Thị Ánh\n".encode().replace("Ánh".encode(), b"\xc1nh")
    with pytest.raises(FileRefusedError, match="but for line 3"):
        text_of(data, "people.csv")


@pytest.mark.parametrize(
    "told",
    [
        *(
            "nonsense",
            "base64",
            "rot13",
            "zlib",
            "undefined",
            "idna",
            "punycode",
            "utf-7",
            "unicode_escape",
            "x\0",
            " ",
        ),
        *("raw_unicode_escape", "tcvn", "tcvn-5712", "vni", "viscii", "cp437", "mac-roman", "cp037", "hz", "mbcs"),
    ],
)
@pytest.mark.parametrize(
    "data", [TEXT.encode(), TEXT.encode("utf-16-le"), b"Name\n\xd0\xe3\n", b"\0\1\2", b"", b"PK\3\4"]
)
def test_what_is_no_encoding_of_spreadsheets_is_a_wrong_option(told: str, data: bytes) -> None:
    with pytest.raises(UsageRefusedError, match=r"say one of utf-8, .* or save the file as UTF-8"):
        text_of(data, "people.csv", told)


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7", b"\x1f\x8b\x08"])
def test_files_of_another_kind_are_named(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match="save it as CSV"):
        text_of(data, "people.xlsx")
