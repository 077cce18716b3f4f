"""The list of codes: whole, one status each, the same in code, contract and guide."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

from api.app import openapi
from api.problem_codes import STATUS, ProblemCode

ROOT = Path(__file__).parents[3]
CODES = set(get_args(ProblemCode))

UNREACHABLE = {"events", "graph.fence", "graph.rebuild", "runtime.migrations", "importing.cells"}
"""Imported by the gateway with something else: it reads no events, and neither writes nor migrates; what is wrong with
a cell is told in a preview.
"""

_LOADED = """
import api.__main__
from runtime.errors import TrmError

def family(kind):
    return [kind, *(one for child in kind.__subclasses__() for one in family(child))]

for kind in family(TrmError):
    print(kind.__module__, kind.code)
"""


def test_every_error_the_gateway_may_meet_has_its_code_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    found = [line.split() for line in done.stdout.splitlines()]
    met = {code for module, code in found if not {module, module.partition(".")[0]} & UNREACHABLE}
    assert "graphUnavailable" in met
    assert met - {"problem"} <= CODES


def test_every_code_has_one_status() -> None:
    assert set(STATUS) == CODES


def test_the_contract_lists_every_code_and_each_route_its_own() -> None:
    document = openapi()
    assert set(document["components"]["schemas"]["ProblemDTO"]["properties"]["code"]["enum"]) == CODES
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                assert "x-codes" not in response
                if int(status) >= 400:
                    schema = response["content"]["application/problem+json"]["schema"]
                    codes = schema["allOf"][1]["properties"]["code"]["enum"]
                    assert codes, path
                    assert {STATUS[code] for code in codes} == {int(status)}


def test_path_parameters_are_named_as_everything_else() -> None:
    for path in openapi()["paths"]:
        for name in re.findall(r"\{(.*?)\}", path):
            assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name), path


def test_the_guide_names_every_code_under_its_status() -> None:
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{3}) \| (.*?) \|", guide, re.MULTILINE)
    told = {code: int(status) for status, codes in rows for code in re.findall(r"`(\w+)`", codes)}
    assert told == STATUS
