"""Cursors of what happens, tickets' shape, and how a stream ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.live import cursor as cursors
from api.live import routes
from api.live.hub import Listener, LiveHub
from api.live.streams import End, SignOfLife, sent
from api.problems import ProblemError
from api.security import Principal
from events.following import Placed
from graph.feed import FeedFilters, Happening
from graph.visibility import Viewer
from ontology.references import Caller
from runtime.clock import now
from runtime.settings import Settings

OFFSETS = st.dictionaries(st.integers(0, 1_000), st.integers(0, 2**63 - 1), min_size=1)


@given(OFFSETS)
def test_a_cursor_is_read_as_it_was_written(offsets: dict[int, int]) -> None:
    assert cursors.read(cursors.written(offsets)) == offsets


@given(st.text())
def test_whatever_is_no_cursor_is_refused(text: str) -> None:
    if text:
        with pytest.raises(ProblemError, match="not valid"):
            cursors.read(text)


def happening(number: int) -> Happening:
    event = {
        "id": f"00000000-0000-0000-0000-{number:012}",
        "type": "TENSION_REPORTED",
        "source": "urn:test",
        "occurredAt": now(),
        "recordedAt": now(),
        "workflowId": "tension/x",
    }
    thing = {"label": "Tension", "id": event["id"], "name": "x", "rev": 1, "state": {}}
    return Happening(event, (thing,), (), None, frozenset(), ())


class Hub(LiveHub):
    """A hub that looks nothing up, and is where it is said to be."""

    def __init__(self, **live: Any) -> None:
        tree = Settings(_env_file=None)
        graph: Any = None
        super().__init__(tree.model_copy(update={"live": tree.live.model_copy(update=live)}), graph)
        self._reached, self._since = {0: 0}, {0: 0}

    async def _looked_up(self, some: Any) -> dict[str, Happening]:
        return {one.event: happening(int(one.event[-12:])) for one in some}

    def join(self, expires: timedelta | None = None, start: int = 0) -> Listener:
        """A listener of everything."""
        principal = Principal(
            Caller(issuer="i", subject="s"), frozenset(), expires=now() + expires if expires is not None else None
        )
        queue: Any = asyncio.Queue(self._tree.waiting)
        viewer = Viewer(None, None)
        listener = Listener(principal, FeedFilters(), viewer, {0: start}, queue, frozenset({"Tension"}))
        self._listeners.add(listener)
        return listener

    async def arrive(self, *numbers: int) -> None:
        """Records of events, one after another."""
        begin = self._reached[0]
        keys = [happening(number).id for number in numbers]
        await self._take([Placed(0, begin + at, key, True) for at, key in enumerate(keys)])


async def nothing() -> Any:
    for one in list[Any]():
        yield one


async def told(hub: Hub, listener: Listener) -> list[str]:
    """Everything a listener is sent until it ends: events by their number, signs of life, and why it ended."""
    shown = []
    async with asyncio.timeout(5):
        async for one in sent(hub, listener, nothing(), 0.05):
            match one:
                case End():
                    shown.append(one.why)
                case SignOfLife():
                    shown.append("alive")
                case _:
                    shown.append(str(int(one.id)))
    return shown


async def test_each_event_is_told_once_in_order_and_not_before_a_listener_s_place() -> None:
    hub = Hub()
    one, late = hub.join(), hub.join(start=2)
    await hub.arrive(1, 2, 1, 3)
    await hub.arrive(2, 4)
    hub.close()
    assert [str(int(one.waiting.get_nowait().id)) for _ in range(one.waiting.qsize())] == ["1", "2", "3", "4"]
    assert [str(int(late.waiting.get_nowait().id)) for _ in range(late.waiting.qsize())] == ["3", "4"]


async def test_a_slow_reader_is_dropped_with_the_reason_and_others_are_not() -> None:
    hub = Hub(waiting=3)
    slow, quick = hub.join(), hub.join()
    for number in range(1, 6):
        await hub.arrive(number)
        quick.waiting.get_nowait()
    assert slow.ended.result() == "tooSlow"
    assert not quick.ended.done()
    assert (await told(hub, slow))[-1] == "tooSlow"


async def test_a_stream_ends_with_its_token_and_shows_life_until_then() -> None:
    hub = Hub()
    shown = await told(hub, hub.join(timedelta(seconds=0.3)))
    assert shown[-1] == "tokenExpired"
    assert shown.count("alive") > 2
    assert (await told(hub, hub.join(timedelta(seconds=-1))))[-1] == "tokenExpired"


async def test_who_becomes_known_by_an_event_is_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    person, hub = uuid4(), Hub()
    listener = hub.join()

    async def known(_: Any) -> dict[str, Happening]:
        made = happening(1)
        things = (*made.things, {"label": "Person", "id": str(person), "name": "Bob", "rev": 1, "state": {}})
        guards = ((frozenset({str(person)}), frozenset[str]()),)
        return {made.id: replace(made, things=things, guards=guards)}

    async def look_again(one: Listener) -> None:
        one.viewer = Viewer(person, None)

    monkeypatch.setattr(hub, "_looked_up", known)
    monkeypatch.setattr(hub, "_look_again", look_again)
    await hub.arrive(1)
    assert listener.waiting.qsize() == 1


class Deaf:
    """A socket whose client reads nothing and says nothing."""

    def __init__(self) -> None:
        self.closed: list[tuple[int, str]] = []

    async def send_text(self, _: str) -> None:
        await asyncio.Event().wait()

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    async def close(self, code: int, why: str) -> None:
        self.closed.append((code, why))
        await asyncio.Event().wait()


async def test_who_reads_nothing_is_left_when_their_token_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_CLOSED_IN", 0.1)
    hub, deaf = Hub(), Deaf()
    services = SimpleNamespace(live=hub, settings=hub._settings)
    socket: Any = deaf
    world: Any = services
    async with asyncio.timeout(5):
        await routes._served(socket, world, hub.join(timedelta(seconds=0.1)), nothing())
    assert deaf.closed == [(4401, "tokenExpired")]


async def test_what_the_graph_does_not_have_yet_is_told_when_it_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    listener = hub.join()
    with monkeypatch.context() as patch:
        patch.setattr(hub, "_looked_up", lambda _: asyncio.sleep(0, {}))
        await hub.arrive(1)
    await hub.arrive(1, 1)
    assert listener.waiting.qsize() == 1


@pytest.mark.parametrize("most", [1, 3])
async def test_what_is_remembered_is_bounded(most: int) -> None:
    hub = Hub(remembered=most)
    await hub.arrive(*range(1, 9))
    assert len(hub._kept) == len(hub._known) == most
    assert hub._since == {0: 8 - most}


async def test_what_followed_from_a_private_project_is_told_without_its_run_to_who_may_not_see_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    party, recorder, hub = uuid4(), uuid4(), Hub()
    insider, writer, stranger = hub.join(), hub.join(), hub.join()
    insider.viewer, writer.viewer, stranger.viewer = Viewer(party, None), Viewer(None, recorder), Viewer(uuid4(), None)

    async def known(_: Any) -> dict[str, Happening]:
        made = happening(1)
        event = {**made.event, "workflowId": "project/x/y", "cause": str(uuid4()), "reason": "we move"}
        return {made.id: replace(made, event=event, runs=((frozenset({str(party)}), frozenset({str(recorder)})),))}

    monkeypatch.setattr(hub, "_looked_up", known)
    await hub.arrive(1)
    inside, wrote, outside = (one.waiting.get_nowait().data for one in (insider, writer, stranger))
    assert inside == wrote
    assert (inside.workflow_id, inside.agent, inside.reason) == ("project/x/y", "ChangeWorkflow", "we move")
    assert (outside.workflow_id, outside.agent, outside.reason, outside.cause) == (None, None, None, None)
    assert outside.things == inside.things
