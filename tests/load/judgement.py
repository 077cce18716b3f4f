"""How good judgement is: severity on the product's own tensions and on public sets, and how long it takes.

Run by ``make bench-judgement``: ``python -m tests.load.judgement`` trains on the train part of the product's own texts
and judges its frozen test part, with words alone and with meanings too. With ``--data FOLDER`` the same code learns
from public sets: the folder holds ``pits_train_dev.csv.gz`` (NASA IV&V reports, PROMISE) and ``hadoop_issues.csv.gz``
(GitBugs, arXiv:2504.09651, CC BY 4.0), which are not part of the product. Each figure has its 95 % interval. At last
tensions are posted to a stack of its own, an open model as in ``tests.load.recognitions``, until each is judged.
"""

import argparse
import asyncio
import csv
import gzip
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from rich.console import Console
from rich.table import Table

from cli.model import meanings
from scoring.figures import Figure, figures
from scoring.labelled import Labelled, own
from scoring.severity import Array, SeverityModel, bundled
from scoring.training import train
from stack.session import StackSession
from tests.load import mentions
from tests.load.recognitions import Posted, load, summary

console = Console()
_SEVERITIES = {"1": 4, "2": 4, "3": 3, "4": 2, "5": 1}
"""Theirs → ours: their 1 is the worst, and of the reports of PITS one in four thousand has it."""
_SETS = ("pits_train_dev.csv.gz", "hadoop_issues.csv.gz")


def public(file: Path, split: str) -> Iterator[tuple[str, Labelled]]:
    """Part of the split, and text, of each row of a public set."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["severity"] in _SEVERITIES:
                text = f"{row['title']}\n{row['description']}"
                yield row[split], Labelled(text, _SEVERITIES[row["severity"]])


def tell(title: str, columns: dict[str, dict[str, Figure]]) -> None:
    """Print figures, one column for each model or set."""
    table = Table("figure", *columns, title=title)
    for name in next(iter(columns.values())):
        table.add_row(name, *(str(found[name]) for found in columns.values()))
    console.print(table)


def judged(model: SeverityModel, texts: Sequence[Labelled], vectors: Array | None) -> dict[str, Figure]:
    """Figures of a model on texts."""
    labels = np.array([one.severity for one in texts])
    return figures(model.probabilities([one.text for one in texts], vectors), labels, model.sure)


async def own_texts() -> None:
    """The product's own tensions."""
    texts = own()
    vectors = await meanings(texts)
    parts = {part: [at for at, one in enumerate(texts) if one.part == part] for part in ("train", "test")}
    taught, tested = ([texts[at] for at in parts[part]] for part in ("train", "test"))
    words = train(taught)
    both = train(taught, vectors[parts["train"]])
    shown = vectors[parts["test"]]
    columns = {"words": judged(words, tested, None), "words and meaning": judged(both, tested, shown)}
    columns["bundled"] = judged(bundled(), tested, shown)
    for language in ("en", "vi"):
        some = [at for at, one in enumerate(tested) if one.language == language]
        columns[f"bundled, {language}"] = judged(bundled(), [tested[at] for at in some], shown[some])
    tell(f"own tensions: {len(taught)} to learn from, {len(tested)} to judge", columns)
    speed(bundled(), [one.text for one in tested], shown)


def speed(model: SeverityModel, texts: Sequence[str], vectors: Array) -> None:
    """How long a judgement takes beyond the vector."""
    took = []
    for text, vector in zip(texts, vectors, strict=True):
        began = time.perf_counter()
        model.judge(text, vector)
        took.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.quantile(took, [0.5, 0.95])
    console.print(f"a judgement beyond its vector: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


def public_sets(folder: Path) -> None:
    """Public sets, by words alone: their texts are long, and many enough to learn words from."""
    for name in _SETS:
        columns = {}
        for split in ("split", "split_time"):
            rows = list(public(folder / name, split))
            taught, held_out = ([text for part, text in rows if part == wanted] for wanted in ("train", "dev"))
            with console.status(f"learning from {len(taught):,} texts of {name}"):
                columns[f"{split}: {len(taught):,} → {len(held_out):,}"] = judged(train(taught), held_out, None)
        tell(name, columns)


def reported(number: int) -> dict[str, Any]:
    """A tension as somebody reports it."""
    title, _, facts = own()[number % len(own())].text.partition("\n")
    return {
        "title": title,
        "facts": f"{facts} ({uuid4()})".strip(),
        "detector": {"handle": f"detector{number % 17}"},
        "affectedProjects": [{"name": f"Bench {number % 5}"}],
    }


JUDGED = Posted(
    "/v1/tensions",
    reported,
    "MATCH (t:Tension) WHERE t.id IN $ids AND t.severityJudgement IS NOT NULL RETURN t.id AS id",
)


def joined(rate: float, seconds: float) -> None:
    """How long it takes from a report to its judgement, on a stack of its own."""
    with tempfile.TemporaryDirectory(prefix="trm-bench-") as folder, StackSession(Path(folder)) as stack:
        measured, cpu = asyncio.run(load(stack, rate, seconds, JUDGED))
        state = stack.state()
        memory = round(sum(server.memory() for server in state.servers) / 2**20) if state else 0
    console.print(summary("POST accepted", measured.accepted))
    console.print(summary("POST to judged", measured.visible))
    console.print(f"CPU ms per tension: {cpu}, together {sum(cpu.values()):.0f}")
    console.print(f"failed {measured.failed}, memory of all processes {memory} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    parser.add_argument("--rate", type=float, default=2.0, help="tensions a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="0: leave out how long it takes on the servers")
    chosen = parser.parse_args()
    asyncio.run(own_texts())
    mentions.run(2_000, 5, show=False)
    if chosen.data:
        public_sets(chosen.data)
    if chosen.seconds:
        joined(chosen.rate, chosen.seconds)
