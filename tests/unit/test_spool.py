"""Rows on disk: found again, taken once, gone afterwards; a folder that cannot be written is named."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.batches import batches, streamed
from runtime.spool import KeySpool, SpoolError


def test_what_nobody_took_is_left_over_in_order() -> None:
    with KeySpool() as spool:
        spool.put([("c", "3"), ("a", "1"), ("b", "2"), ("a", "again")])
        assert len(spool) == 3
        assert spool.take(["b", "x"]) == {"b"}
        assert spool.take(["b"]) == {"b"}, "who asks twice is told the same"
        assert [*spool.left()] == [("a", "again"), ("c", "3")]


def test_nothing_stays_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with KeySpool() as spool:
        spool.put((str(number), "x" * 1000) for number in range(1000))
        assert [*tmp_path.iterdir()]
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(SpoolError, match=r"nowhere \(TMPDIR\)"):
        KeySpool()


async def test_batches_are_full_but_the_last() -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(5):
            yield number

    assert [*batches(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert [some async for some in streamed(numbers(), 2)] == [[0, 1], [2, 3], [4]]
    assert [*batches([], 2)] == []
