"""Whatever bytes a file has, the command ends with an exit code and a sentence, and no row is read as another."""

import contextlib
import io
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from cli.ending import ending_of
from cli.errors import Exit
from cli.imports.preview import show
from cli.main import app
from importing import preview as previews
from importing.error_file import write_errors
from importing.errors import FileRefusedError, MappingRefusedError
from importing.job import Chosen, ImportJob
from importing.kinds import import_kind
from importing.preview import Preview
from importing.rows import BadRow, GoodRow
from importing.table import CsvTable

MUTATED = 2_000

PRAISE = (
    "id,giver,receivers,date,content,Team [optional]\n"
    'k-1,an.vo@kudos.example,binh.le@kudos.example,2026-02-02,"Binh said ""yes"", and did",Ops\n'
    'k-2,an.vo@kudos.example,"chi.do@kudos.example; @dung",27/Nov/26 9:15 AM,"two\nlines",[/dev]\n'
    "k-3,+84901234567,chi.do@kudos.example,02/03/2026,=1+1,\n"
    'k-4,dung.ho@kudos.example,an.vo@kudos.example,2026-02-04T09:00:00.1234567+07:00,"Ðó \\"là\\" nó",x\n'
)
PEOPLE = (
    "Mã nhân viên;Họ và tên đệm;Tên;Email;Chức vụ\r\n"
    "NV1;Nguyễn Thị Minh;Khai;khai@x.example;Kế toán\r\n"
    "NV2;Trần Quốc;Hưng;<hung@x.example>\r\n"
    "NV3;Lê Thị;Khai;mailto:khai.le@x.example;Thủ kho;;\r\n"
)
SEEDS = [
    ("recognitions", PRAISE.encode()),
    ("recognitions", PRAISE.encode("utf-16")),
    ("recognitions", PRAISE.replace("\n", "\r\n").encode("utf-8-sig")),
    ("people", PEOPLE.encode()),
    ("people", PEOPLE.encode("utf-16-le")),
    ("people", b"Name,Email\r\n\xd0\xe3\xf2ng Ngo\xf2c \xc1nh,anh@x.example\r\n"),
    ("people", b"sep=;\r\nName;Email;Email\r\nAn;a@x.example;\r\n"),
]
SCRAPS = [
    b'"',
    b'""',
    b"\n",
    b"\r\n",
    b",",
    b";",
    b"\t",
    b"\0",
    b"\\",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"[/x]",
    b"=",
]


def mutated(dice: random.Random, data: bytes) -> bytes:
    """The data with one to four small injuries."""
    for _ in range(dice.randint(1, 4)):
        at, end = sorted(dice.randint(0, len(data)) for _ in range(2))
        data = dice.choice(
            [
                data[:at] + dice.choice(SCRAPS) + data[at:],
                data[:at] + dice.choice(SCRAPS[:6]) + data[at:],
                data[:at] + data[at + 1 :],
                data[:at] + dice.randbytes(dice.randint(1, 3)) + data[at + 1 :],
                data[:at] + data[min(at + dice.randint(1, 20), len(data)) :],
                data[:at] + data[at:end] * 2 + data[end:],
                data[:end],
            ]
        )
    return data


def job_of(kind: str, path: Path, encoding: str = "") -> ImportJob:
    return ImportJob(Chosen(import_kind(kind), path, {}, "csv", None, encoding, "", "UTC"))


def checked(job: ImportJob, folder: Path, *, shown: bool) -> Counter[str]:
    """What became of a file's rows; each is good, or refused with a line of the file, a code and a sentence."""
    rows = list(job.read())
    bad = [row for row in rows if isinstance(row, BadRow)]
    good = [row for row in rows if isinstance(row, GoodRow)]
    lines = job.chosen.file.read_bytes().count(b"\n") + job.chosen.file.read_bytes().count(b"\r") + 1
    assert all(row.message and row.code and 1 <= row.line.number <= lines for row in bad)
    numbers = [row.line.number for row in rows]
    assert numbers == sorted(set(numbers))
    for row in good:
        again = job.chosen.kind.content.model_validate(row.row.content)
        assert again.model_dump(mode="json", exclude_unset=True) == row.row.content
    if shown:
        show(job, Preview(first=good[:3], bad=bad, good=len(good)), Console(file=io.StringIO(), width=80))
    if bad:
        target = folder / "errors.csv"
        write_errors(target, job.table, bad)
        kept = [row.line.cells for row in bad]
        width = len(job.table.header)
        returned = [line.cells[4:] for line in CsvTable(target).rows()]
        own = [place for place, name in enumerate(job.table.header) if not name.startswith("trm:")]
        assert len(returned) == len(kept)
        assert [cells[: len(own)] for cells in returned] == [[cells[place] for place in own] for cells in kept]
        assert [cells[len(own) :] for cells in returned] == [cells[width:] for cells in kept]
    return Counter({"good": len(good), "refused": len(bad), "repeated": len(rows) - len(good) - len(bad)})


def test_two_thousand_injured_files_end_in_rows_and_sentences(tmp_path: Path) -> None:
    dice = random.Random(20260301)
    outcomes: Counter[str] = Counter()
    path = tmp_path / "file.csv"
    for number in range(MUTATED):
        kind, data = SEEDS[number % len(SEEDS)]
        path.write_bytes(mutated(dice, data))
        try:
            job = job_of(kind, path)
            outcomes += checked(job, tmp_path, shown=number % 10 == 0)
            outcomes["files read"] += 1
        except (FileRefusedError, MappingRefusedError) as error:
            outcomes[f"files refused, {error.code}" if str(error).strip() else "without a sentence"] += 1
    print(dict(outcomes))
    assert not outcomes["without a sentence"]
    assert outcomes["files read"] > MUTATED / 3
    assert outcomes["good"] > outcomes["files read"] / 2


@pytest.fixture(scope="module")
def without_a_graph() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:

        async def nothing(*_: object) -> None:
            """Ask no graph: it is the file that is tried here."""

        patch.setattr(previews, "_rehearse", nothing)
        yield


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    data=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"From,To,Message\n{text}".encode("utf-8", "surrogatepass"))
    | st.text(alphabet='ab@x.,;"\\\n\r=[/]\t\0', max_size=80).map(lambda text: f"Name,Email,Title\n{text}".encode()),
    kind=st.sampled_from(["recognitions", "people"]),
    encoding=st.sampled_from(["", "", "utf-16", "cp1252", "nonsense", "utf-8"]),
)
@example(data=b"", kind="people", encoding="")
@example(data=b"Name\n[/x]\n", kind="people", encoding="")
@example(data=b"\0\0\0\0", kind="people", encoding="utf-16")
def test_the_command_ends_with_a_code_and_a_sentence(
    tmp_path: Path, without_a_graph: None, data: bytes, kind: str, encoding: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    said, wrong = io.StringIO(), io.StringIO()
    arguments = ["import", kind, str(path), "--preview", *(["--encoding", encoding] if encoding else [])]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        code = ending_of(lambda: app(arguments))
    printed = said.getvalue() + wrong.getvalue()
    assert code in ({Exit.USAGE} if encoding == "nonsense" else {Exit.DONE, Exit.REFUSED}), printed
    assert ("Nothing was written" if code == Exit.DONE else "efused: ") in printed, printed
    assert "Traceback" not in printed


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=2, max_size=6, unique=True
    ),
    st.integers(0, 5),
    st.integers(0, 40),
)
def test_an_open_mark_hides_no_other_row(tmp_path: Path, names: list[str], at: int, place: int) -> None:
    lines = [f"{n},{name},{name}{n}@x.example" for n, name in enumerate(names)]
    at %= len(lines)
    place %= len(lines[at])
    injured = [*lines]
    injured[at] = lines[at][:place] + '"' + lines[at][place:]
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["Id,Name,Email", *injured]) + "\n", encoding="utf-8")
    read = {line.number: line for line in CsvTable(path, ",").rows()}
    assert set(read) == set(range(2, len(lines) + 2))
    for number, line in enumerate(lines):
        if number != at:
            assert read[number + 2].broken or read[number + 2].cells == line.split(",")
