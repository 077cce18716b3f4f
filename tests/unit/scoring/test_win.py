"""What a WIN score promises, tried on many projects."""

import random
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ontology.enums import Severity, WinPart
from ontology.wins import WEIGHTS, Evidence, TensionFacts, Thanks, WinScore
from scoring.win import judge, win_of
from tests.evidence import DAY, drawn, some_id

_CLOSE = 1e-9


def broken(evidence: Evidence, chooser: random.Random) -> set[str]:
    """The promises that a project's score does not keep."""
    found, was = set[str](), win_of(evidence)

    def never(what: str, *, lower: bool = False, higher: bool = False, another: Evidence) -> None:
        now = win_of(another).score
        if (lower and now < was.score - _CLOSE) or (higher and now > was.score + _CLOSE):
            found.add(what)

    def inside(what: str, another: Evidence) -> None:
        if not was.low - _CLOSE <= win_of(another).score <= was.high + _CLOSE:
            found.add(what)

    if not 0 <= was.low <= was.score <= was.high <= 100:
        found.add("bounds")
    if abs(sum(one.contribution for one in was.inputs) - was.score) > _CLOSE:
        found.add("contributions add up")
    if any(not one.low - _CLOSE <= one.value <= one.high + _CLOSE for one in was.inputs):
        found.add("inputs lie in their intervals")
    if abs(0.4 * was.wisdom + 0.4 * was.intelligence + 0.2 * was.networking - was.score) > _CLOSE:
        found.add("0.4 W + 0.4 I + 0.2 N")
    tensions, thanks = list(evidence.tensions), list(evidence.thanks)
    for place, one in chooser.sample(list(enumerate(tensions)), min(1, len(tensions))):

        def instead(place: int = place, **values: Any) -> Evidence:
            changed = replace(tensions[place], **values)
            return replace(evidence, tensions=[*tensions[:place], changed, *tensions[place + 1 :]])

        never("a clear tension", lower=True, another=instead(is_clear=True))
        if not one.resolved:
            never("a resolved tension", lower=True, another=instead(resolved=True, reopened=False))
        if one.resolved and one.severity and one.severity < max(Severity):
            never("a heavier resolved tension", lower=True, another=instead(severity=Severity(one.severity + 1)))
        if one.resolved and one.reopened is False:
            never("a reopened tension", higher=True, another=instead(reopened=True))
        if one.resolved and one.reopened is None:
            for known in (True, False):
                inside("a root cause that became known", instead(reopened=known))
        if one.severity is None:
            for severity in Severity:
                inside("a severity that became known", instead(severity=severity))
    if evidence.actual is not None:
        never("a longer project", higher=True, another=replace(evidence, actual=2 * evidence.actual))
    for days in (1, 4000):
        if evidence.actual is None:
            inside("a duration that became known", replace(evidence, actual=days * DAY))
        if evidence.planned is None:
            inside("a plan that became known", replace(evidence, planned=days * DAY))
    giver, receiver = some_id(chooser), some_id(chooser)
    more = replace(evidence, thanks=[*thanks, Thanks(some_id(chooser), giver, (receiver,))])
    if win_of(more).score <= was.score:
        found.add("a new giver raises it")
    own = Thanks(some_id(chooser), giver, (giver,))
    again = [replace(one, id=some_id(chooser)) for one in thanks]
    crowd = [
        replace(one, receivers=(*one.receivers, *(some_id(chooser) for _ in range(9))))
        for one in thanks
        if set(one.receivers) - {one.giver}
    ]
    for what, added in (
        ("self-recognition", [own]),
        ("repeated recognition", again),
        ("headcount", [replace(one, id=some_id(chooser)) for one in crowd]),
    ):
        if abs(win_of(replace(evidence, thanks=[*thanks, *added])).score - was.score) > _CLOSE:
            found.add(f"{what} changes nothing")
    never("a snippet that is cited", lower=True, another=replace(evidence, cited=[*evidence.cited, some_id(chooser)]))
    chooser.shuffle(tensions)
    chooser.shuffle(thanks)
    shuffled = replace(
        evidence, tensions=[*tensions, *tensions[:1]], thanks=thanks, cited=list(reversed(evidence.cited))
    )
    if win_of(shuffled) != was:
        found.add("order does not matter")
    return found


@pytest.mark.parametrize("projects", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_no_project_breaks_a_promise(projects: int, capsys: pytest.CaptureFixture[str]) -> None:
    chooser = random.Random(24)
    violations = [(number, said) for number in range(projects) if (said := broken(drawn(chooser), chooser))]
    with capsys.disabled():
        print(f"{projects} projects scored, {len(violations)} violations")
    assert violations == []


def test_its_weights_add_up_to_one() -> None:
    assert set(WEIGHTS) == set(WinPart)
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def score(**said: Any) -> WinScore:
    return win_of(Evidence(uuid4(), **said))


def test_of_a_project_of_which_nothing_is_known_only_recognition_and_citations_are() -> None:
    nothing = score()
    assert (nothing.score, nothing.low, nothing.high) == pytest.approx((40, 0, 80))
    assert [one.part for one in nothing.inputs if (one.low, one.high) == (0, 1)] == [
        WinPart.CONTEXT,
        WinPart.ROOT_CAUSE,
        WinPart.SOLUTION_QUALITY,
        WinPart.EFFICIENCY,
    ]


def test_a_project_that_did_all_it_could_has_nearly_a_hundred_points() -> None:
    tensions = [TensionFacts(uuid4(), True, Severity(number), True, False) for number in (1, 4)]
    thanks = [Thanks(uuid4(), uuid4(), (uuid4(),)) for _ in range(20)]
    whole = score(
        tensions=tensions, thanks=thanks, planned=10 * DAY, actual=9 * DAY, cited=[uuid4() for _ in range(15)]
    )
    assert (whole.low, whole.high) == pytest.approx((whole.score, whole.score))
    assert whole.score == pytest.approx(100, abs=0.2)
    assert (whole.wisdom, whole.intelligence) == pytest.approx((100, 100))


def test_severities_weigh_one_two_four_and_eight() -> None:
    heavy = TensionFacts(uuid4(), True, Severity.CRITICAL, True, False)
    light = TensionFacts(uuid4(), True, Severity.LOW, False)
    [quality] = [one for one in score(tensions=[heavy, light]).inputs if one.part == WinPart.SOLUTION_QUALITY]
    assert quality.value == pytest.approx(8 / 9)
    assert {one.id: one.weight for one in quality.grounds} == pytest.approx({heavy.id: 8 / 9, light.id: 1 / 9})


def test_twice_the_time_is_half_the_efficiency() -> None:
    [late] = [one for one in score(planned=10 * DAY, actual=20 * DAY).inputs if one.part == WinPart.EFFICIENCY]
    assert (late.value, late.contribution) == pytest.approx((0.5, 6))


def test_of_givers_who_thank_more_than_once_each_counts_once_and_the_grounds_share_it() -> None:
    often, once = uuid4(), uuid4()
    thanks = [Thanks(uuid4(), who, (uuid4(),)) for who in (often, often, once)]
    [together] = [one for one in score(thanks=thanks).inputs if one.part == WinPart.COLLABORATION]
    assert [one.weight for one in sorted(together.grounds, key=lambda one: one.weight)] == pytest.approx(
        [0.25, 0.25, 0.5]
    )


def test_other_evidence_is_another_hash() -> None:
    project, tension = uuid4(), TensionFacts(uuid4(), True, Severity.HIGH, True)
    known = judge(Evidence(project, [tension])).inputs_hash
    assert judge(Evidence(project, [tension, tension])).inputs_hash == known
    assert judge(Evidence(project, [replace(tension, reopened=False)])).inputs_hash != known
