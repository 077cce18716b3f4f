"""What a model learns from: never what it is judged on, and each text once."""

from itertools import permutations

import numpy as np

from scoring.labelled import Labelled, part, taught
from scoring.training import train

NEW = "The ladder in hall three wobbles"


def test_without_corrections_it_is_the_own_train_part() -> None:
    assert taught([]) == part("train")


def test_what_is_judged_on_is_never_learnt_however_it_is_typed() -> None:
    frozen = [Labelled(f"  {one.text.upper()}\n", one.severity) for one in part("test")]
    assert taught(frozen) == part("train")


def test_what_the_train_part_says_already_adds_nothing() -> None:
    assert taught([Labelled(one.text, 5 - one.severity) for one in part("train")]) == part("train")


def test_of_one_text_the_most_severe_label_counts_in_whatever_order() -> None:
    said = [Labelled(NEW, 2), Labelled(NEW.lower() + " ", 4), Labelled(NEW, 3), Labelled("Bếp hết trà", 1, "vi")]
    [first, *others] = [taught(some)[len(part("train")) :] for some in permutations(said)]
    assert [one.severity for one in first if one.text.startswith(("The", "the"))] == [4]
    assert len(first) == 2
    assert all(other == first for other in others)


def test_a_text_without_words_is_no_label() -> None:
    assert taught([Labelled("", 3), Labelled(" \n", 1)]) == part("train")


def test_accents_tell_no_texts_apart() -> None:
    bare, accented = Labelled("Bep het tra hom nay", 1), Labelled("Bếp hết trà hôm nay", 2)
    assert taught([bare, accented])[len(part("train")) :] == [accented]


def test_a_correction_is_learnt_and_the_same_labels_make_the_same_model() -> None:
    said = [Labelled(f"The gondola {number} squeaks and the gondolier waits", 3, "en") for number in range(6)]
    one, same, before = (train(some[-90:]) for some in (taught(said), taught(reversed(said)), taught([])))
    asked = ["The gondolier waits beside the gondola"]
    assert np.array_equal(one.probabilities(asked), same.probabilities(asked))
    assert one.learnt == same.learnt != before.learnt
    assert one.probabilities(asked)[0, 2] > before.probabilities(asked)[0, 2]
