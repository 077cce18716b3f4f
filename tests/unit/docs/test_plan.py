"""docs/plan.md names nothing that is not there: every file, test function and heading of its tables exists."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "plan.md"
NOT_YET = "not yet"

_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
_HEADING = re.compile(r"#{1,6} +(.*?)(?: +#+)?", re.ASCII)


def rows(text: str) -> list[list[str]]:
    """Cells of every row, headers and the lines below them aside."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "Plan" and set(row[0]) - set("-: ")]


def slug(heading: str) -> str:
    """The part of an address behind # by which GitHub leads to a heading."""
    words = _LINK.sub(lambda link: link[0][1 : link[0].index("](")], heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@lru_cache
def headings(page: Path) -> frozenset[str]:
    """Slugs of a page; of two alike the second ends with 1. What stands in a block of code is no heading."""
    found: list[str] = []
    fence = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence and (heading := _HEADING.fullmatch(line)):
            found.append(slug(heading[1]))
    return frozenset(f"{one}-{before}" if (before := found[:at].count(one)) else one for at, one in enumerate(found))


@lru_cache
def functions(module: Path) -> frozenset[str]:
    """Functions of a module, and methods of its classes as ``Class::method``."""
    found: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
            found |= {f"{node.name}::{one.name}" for one in methods}
    return frozenset(found)


def missing(reference: str, folder: Path) -> str | None:
    """What a reference names that is not there: a path from the folder, a function behind ::, a heading behind #."""
    path, _, function = reference.partition("::")
    path, _, heading = path.partition("#")
    place = folder / path if path else PAGE
    if not place.resolve().is_relative_to(ROOT) or not place.exists():
        return f"{reference}: no such file"
    if function and function not in functions(place):
        return f"{reference}: no such function"
    if heading and heading not in headings(place):
        return f"{reference}: no such heading"
    return None


def wrong(row: list[str]) -> list[str]:
    """What is wrong with a row of the page."""
    if len(row) != 3 or not all(row):
        return [f"{row}: not three cells"]
    plan, stands, shown = row
    links = [one for one in _LINK.findall(f"{stands} {shown}") if "://" not in one]
    found = [*(missing(one, PAGE.parent) for one in links), *(missing(one, ROOT) for one in _CODE.findall(shown))]
    named = bool(_CODE.search(shown) or _LINK.search(shown))
    if named is (NOT_YET in shown) or not (named or shown == NOT_YET):
        found.append(f"{plan}: either something that shows it or {NOT_YET!r}")
    return [one for one in found if one]


def test_every_section_of_the_plan_has_rows() -> None:
    sections = re.findall(r"^## (\d+) .*\n((?:(?!## ).*\n)*)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in sections] == list(range(13))
    assert all(rows(body) for _, body in sections)


@pytest.mark.parametrize("row", rows(PAGE.read_text(encoding="utf-8")), ids=lambda row: row[0][:60])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    assert wrong(row) == []


@pytest.mark.parametrize(
    ("stands", "shown", "said"),
    [
        ("As planned.", "`tests/unit/docs/test_plan.py::test_what_a_row_names_is_there`", ""),
        ("As planned.", "`tests/unit/docs/test_dream.py::test_it`", "no such file"),
        ("As planned.", "`tests/unit/docs/test_plan.py::test_a_dream`", "no such function"),
        ("As planned.", "`tests/unit/docs/test_plan.py::named`", "no such function"),
        ("As planned.", "`../elsewhere.py`", "no such file"),
        ("As planned.", "[Operating](operations.md#rehearse-it)", ""),
        ("As planned.", "[Operating](operations.md#a-dream)", "no such heading"),
        ("As planned.", "[Operating](operations.md#rehearse-it), [dreams](dreams.md)", "no such file"),
        ("Otherwise ([decision 0](decisions/0000-dream.md)).", "`README.md`", "no such file"),
        ("Otherwise ([decision 0](decisions/0000-dream.md)).", NOT_YET, "no such file"),
        ("Nothing.", NOT_YET, ""),
        ("Nothing.", f"{NOT_YET}, `README.md`", "either"),
        ("Nothing.", "soon", "either"),
        ("Nothing.", "", "not three cells"),
    ],
)
def test_what_is_made_up_is_found(stands: str, shown: str, said: str) -> None:
    [row] = rows(f"| Plan | What stands here | Shown by |\n| --- | --- | --- |\n| 0 | {stands} | {shown} |\n")
    found = wrong(row)
    assert [said in one for one in found] == [True] * bool(said)


def test_headings_have_the_addresses_that_github_gives_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    lines = ["# `trm why`: is it [so](x.md)?", "```sh", "# no heading", "```", "## Two", "## Two", "### Đã xử_lý (v2)"]
    page.write_text("\n".join(lines), encoding="utf-8")
    assert headings(page) == {"trm-why-is-it-so", "two", "two-1", "đã-xử_lý-v2"}


def test_methods_are_named_with_their_class_and_inner_functions_not_at_all(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("async def one():\n    def inner(): ...\nclass Some:\n    def two(self): ...\n", encoding="utf-8")
    assert functions(module) == {"one", "Some::two"}
