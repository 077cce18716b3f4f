"""Quotation marks as people leave them: a bad row is refused where it stands and takes no other with it."""

from pathlib import Path

import pytest

from importing.quoting import Line
from importing.table import CsvTable

HEADER = "id,giver,receivers,date,content"
GOOD = [
    f"k-{n},an.vo@kudos.example,{name}@kudos.example,2026-02-0{n},{name} did well"
    for n, name in enumerate(("binh", "chi", "dung"), 1)
]


def lines_of(folder: Path, rows: list[str], header: str = HEADER, end: str = "\n") -> list[Line]:
    path = folder / "file.csv"
    path.write_bytes((end.join([header, *rows]) + end).encode())
    return list(CsvTable(path, ",").rows())


def sound(lines: list[Line]) -> list[int]:
    return [line.number for line in lines if line.broken is None]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(tmp_path: Path, end: str) -> None:
    open_row = 'k-9,an.vo@kudos.example,chi.do@kudos.example,2026-02-03,"Chi explained the new pump'
    lines = lines_of(tmp_path, [GOOD[0], open_row, *GOOD[1:]], end=end)
    assert sound(lines) == [2, 4, 5]
    assert (lines[1].number, lines[1].cells[0], lines[1].cells[-1]) == (3, "k-9", "Chi explained the new pump")
    assert "quotation mark" in (lines[1].broken or "")


@pytest.mark.parametrize(
    "closing",
    [
        'k-8,an.vo@kudos.example,ha@kudos.example,2026-02-08,"Ha wrote the handbook"',
        'k-8,an.vo@kudos.example,ha@kudos.example,2026-02-08,Ha wrote the handbook"',
        'k-8,an.vo@kudos.example,"ha@kudos.example; ho@kudos.example",2026-02-08,Ha wrote',
    ],
)
def test_a_quote_that_closes_in_a_later_row_swallows_none(tmp_path: Path, closing: str) -> None:
    open_row = 'k-9,an.vo@kudos.example,chi.do@kudos.example,2026-02-03,"Chi explained'
    lines = lines_of(tmp_path, [open_row, GOOD[0], closing, GOOD[1]])
    assert lines[0].number == 2
    assert lines[0].broken
    assert {3, 5} <= set(sound(lines))
    told = " ".join(cell for line in lines for cell in line.cells)
    assert all(text in told for text in ("Chi explained", "binh did well", "Ha wrote", "chi did well"))


def test_a_quote_left_open_in_the_first_column_or_in_rows_of_words_alone(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, ['"Vo An,an@x.example', "Le Binh,binh@x.example"], "Name,Email")
    assert sound(lines) == [3]
    rows = ["An,Binh,stayed", 'Chi,Dung,"repaired it', "Ha,Khoa,listened", 'Ly,An,came"', "Vu,Bo,sang"]
    lines = lines_of(tmp_path, rows, "From,To,Message")
    assert lines[1].broken
    assert {2, 4, 6} <= set(sound(lines))


def test_text_of_a_broken_cell_is_refused_and_never_taken_for_a_row(tmp_path: Path) -> None:
    rows = ['Vo An,an@x.example,"asked "why" and', 'left, at once"', "Le Binh,binh@x.example,stayed"]
    lines = lines_of(tmp_path, rows, "Name,Email,Note")
    assert [(line.number, line.broken is None) for line in lines] == [(2, False), (3, False), (4, True)]
    assert "line 2" in (lines[1].broken or "")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"two\nlines, and a comma"', "two\nlines, and a comma"),
        ('"he said ""yes"", twice"', 'he said "yes", twice'),
        ('  "blanks around the marks"  ', "blanks around the marks"),
        ('12" of pipe', '12" of pipe'),
        ('""', ""),
        ('"""all of it"""', '"all of it"'),
        ('"A list:\n 1, an@x.example, b@x.example, 2026-02-02, c"', None),
        ('"Dear all,\n\nthanks to A, B, C, D and E"', None),
    ],
)
def test_what_is_well_quoted_is_read_whole(tmp_path: Path, cell: str, text: str | None) -> None:
    lines = lines_of(tmp_path, [GOOD[0], f"k-9,an@x.example,b@x.example,2026-02-02,{cell}", GOOD[1]])
    assert all(line.broken is None for line in lines)
    assert lines[1].cells[-1] == (cell[1:-1] if text is None else text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r'"Binh said \"we can mend it\" and did"', 'Binh said "we can mend it" and did'),
        (r'"Chi answered \"yes, today\" and stayed"', 'Chi answered "yes, today" and stayed'),
        (r'"\"Done\""', '"Done"'),
        ('"\\"two\nlines\\" he said"', '"two\nlines" he said'),
        (r'"in C:\\temp she said \"found\" it"', r'in C:\temp she said "found" it'),
    ],
)
def test_marks_behind_a_backslash_are_text_where_the_file_is_written_so(tmp_path: Path, cell: str, text: str) -> None:
    rows = [GOOD[0], f"k-9,an@x.example,b@x.example,2026-02-02,{cell}", 'k-8,a@x.example,b@x.example,,"plain"']
    lines = lines_of(tmp_path, rows)
    assert [line.cells[-1] for line in lines] == ["binh did well", text, "plain"]


def test_a_backslash_is_text_where_marks_are_doubled(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path, [r'k-1,a@x.example,b@x.example,,"It is in C:\"', r'k-2,a@x.example,b@x.example,,"D:\ too"']
    )
    assert [line.cells[-1] for line in lines] == ["It is in C:\\", "D:\\ too"]


@pytest.mark.parametrize("cell", ['"Chi" is great', '"Chi"" is great', '"a "b" c"'])
def test_text_behind_a_closing_mark_is_refused_by_its_line(tmp_path: Path, cell: str) -> None:
    lines = lines_of(tmp_path, [GOOD[0], f"k-9,an@x.example,b@x.example,2026-02-02,{cell}", GOOD[1]])
    assert [line.broken is None for line in lines] == [True, False, True]
    assert "quotation mark" in (lines[1].broken or "")


def test_what_the_refusal_of_a_mark_advises_works(tmp_path: Path) -> None:
    for cell in ('"""Chi"" is great"', "Chi is great"):
        assert sound(lines_of(tmp_path, [f"k-9,an@x.example,b@x.example,2026-02-02,{cell}"])) == [2]
    text = f'"a row:\n {GOOD[1]}\nended"'
    assert sound(lines_of(tmp_path, [GOOD[0], f"k-9,an@x.example,b@x.example,2026-02-02,{text}"])) == [2, 3]
