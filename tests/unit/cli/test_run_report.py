"""What ``make run`` writes for machines: the outcome as JSON, whatever the stores call their things."""

from pathlib import Path

import orjson

from cli.mainjob import JobReport
from cli.run import Phases, _write
from ontology.events import EventType
from runtime.settings import Settings


def test_the_report_is_json_with_every_thing_that_was_followed(tmp_path: Path) -> None:
    counts: dict[str, dict[str, int]] = {"events": {EventType.TENSION_REPORTED: 20}}
    followed = [{"recognition": "1"}, {"tension": "2"}]
    _write(tmp_path / "report.json", JobReport(counts, followed, []), Phases(), Settings(_env_file=None))
    written = orjson.loads((tmp_path / "report.json").read_bytes())
    assert written["counts"] == {"events": {"TENSION_REPORTED": 20}}
    assert (written["followed"], written["asExpected"]) == (followed, True)
