"""Texts wait for rows, and not for ever."""

import asyncio
from datetime import timedelta

from activities.rows_first import RowsFirst


async def test_texts_wait_for_the_last_row_on_its_way() -> None:
    first = RowsFirst(timedelta(minutes=1))
    await first.texts()
    async with first.rows():
        async with first.rows():
            pass
        waiting = asyncio.create_task(first.texts())
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await waiting


async def test_texts_go_on_beside_rows_that_never_end() -> None:
    first = RowsFirst(timedelta(milliseconds=5))
    async with first.rows():
        await asyncio.wait_for(first.texts(), 5)
