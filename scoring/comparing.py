"""Whether a model of severity may take another's place: judged on texts that neither learnt from, in pairs.

Two models are mostly right and wrong about the same texts, so the difference of their figures is known far better than
either figure: each draw of the bootstrap (Efron 1979) takes both from the same texts.
"""

from collections.abc import Callable, Iterator

from ontology.judgement import Difference, ModelComparison, Objection
from scoring.figures import Labels, calibration_error, drawn, figure, kappa, macro_f1
from scoring.severity import Array

DRAWS = 2000
"""Of the bootstrap; so many that the ends of an interval are the same to the second digit whatever the seed."""

_ROUNDING = 1e-9


def compare(
    current: Array, candidate: Array, labels: Labels, *, margin: float, calibration: float, draws: int = DRAWS
) -> ModelComparison:
    """Two models' probabilities for the same texts; the same each time.

    Parameters
    ----------
    current, candidate
        Of the model that stands and of the other, shapes (texts, 4).
    labels
        What humans said, 1 to 4.
    margin
        Loss of quadratic kappa or macro-F1 that must be unlikely: below the lower end of the 95 % interval.
    calibration
        What the other's calibration error may be.
    draws
        Of the bootstrap.
    """
    samples = drawn(len(labels), draws)

    def difference(measure: Callable[[Array, Labels], float]) -> Difference:
        before, after = (measure(one, labels) for one in (current, candidate))
        found = figure(
            lambda rows: measure(candidate[rows], labels[rows]) - measure(current[rows], labels[rows]),
            len(labels),
            samples,
        )
        return Difference(before=before, after=after, low=found.low, high=found.high)

    differences = (difference(kappa), difference(macro_f1))
    error = calibration_error(candidate, labels)
    return ModelComparison(
        texts=len(labels),
        kappa=differences[0],
        macro_f1=differences[1],
        calibration_before=calibration_error(current, labels),
        calibration_after=error,
        objections=list(_objections(differences, error, margin, calibration)),
    )


def _objections(
    differences: tuple[Difference, Difference], error: float, margin: float, calibration: float
) -> Iterator[Objection]:
    if min(one.value for one in differences) < -_ROUNDING:
        yield Objection.WORSE
    if min(one.low for one in differences) < -margin - _ROUNDING:
        yield Objection.MAYBE_WORSE
    if error > calibration + _ROUNDING:
        yield Objection.UNCALIBRATED
