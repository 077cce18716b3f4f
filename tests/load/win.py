"""How much the weights of a WIN score matter: how like the orders are that other weights give.

Run by ``make bench-win``: ``python -m tests.load.win --projects 200 --draws 2000``.
"""

import argparse
import random

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import kendalltau

from ontology.enums import WinPart
from ontology.wins import WEIGHTS
from scoring.win import win_of
from tests.evidence import drawn

console = Console()

_SEED = 24


def run(projects: int, draws: int) -> None:
    """Draw projects and weights; print Kendall's tau of the orders."""
    chooser, generator = random.Random(_SEED), np.random.default_rng(_SEED)
    values = np.array([[one.value for one in win_of(drawn(chooser)).inputs] for _ in range(projects)])
    usual = np.array([WEIGHTS[part] for part in WinPart])
    ranked = values @ usual

    def likeness(weights: np.ndarray) -> float:
        return float(kendalltau(ranked, values @ weights).statistic)

    table = Table(title=f"Order of {projects} projects under other weights than those of the rubric")
    for name in ("weights", "tau, mean", "5th percentile"):
        table.add_column(name, justify="left" if name == "weights" else "right")
    for name, alpha in (
        ("any at all (Dirichlet of 1)", np.ones(len(usual))),
        ("near ours (Dirichlet of 30 x ours)", 30 * usual),
    ):
        found = np.array([likeness(weights) for weights in generator.dirichlet(alpha, draws)])
        table.add_row(name, f"{found.mean():.2f}", f"{np.quantile(found, 0.05):.2f}")
    table.add_row("all alike", f"{likeness(np.full(len(usual), 1 / len(usual))):.2f}", "")
    for place, part in enumerate(WinPart):
        table.add_row(f"without {part}", f"{likeness(np.where(np.arange(len(usual)) == place, 0, usual)):.2f}", "")
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--draws", type=int, default=2000)
    given = parser.parse_args()
    run(given.projects, given.draws)
