"""What happens, handed to everybody who listens at this gateway, each what they asked for and may see.

A gateway reads the topic of change records by itself, as every other does. An event is told where its record comes
first; the same record sent again is not told again, for as far back as this gateway remembers.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.live import cursor as cursors
from api.live.asked import told_of
from api.live.schemas import FeedEventDTO, told
from api.problems import ProblemError
from api.security import Principal
from events.following import Offsets, Placed, TopicFollower
from graph.database import GraphDatabase
from graph.feed import FeedFilters, Happening, happenings
from graph.people_reads import viewer_behind
from graph.visibility import Viewer
from runtime.errors import UnavailableError
from runtime.settings import Settings

log = logging.getLogger(__name__)

_AGAIN = 1.0
"""Seconds before another try, when a server is away."""

_AT_ONCE = 100


@dataclass(frozen=True)
class _Arrived:
    """A change record in its topic, and whether it is the first of its event."""

    partition: int
    offset: int
    event: str
    first: bool


@dataclass(eq=False)
class Listener:
    """Somebody who listens.

    Parameters
    ----------
    principal, filters
        Who, and what they ask for.
    viewer
        Whom that makes in the graph, looked up anew now and then.
    start
        What lies before is not told.
    waiting
        Events, each with the place after it, that are not sent yet.
    ended
        Why nothing more comes, once it is so.
    """

    principal: Principal
    filters: FeedFilters
    viewer: Viewer
    start: Offsets
    waiting: asyncio.Queue[FeedEventDTO]
    readable: frozenset[str]
    ended: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def end(self, why: str) -> None:
        """Tell nothing more."""
        if not self.ended.done():
            self.ended.set_result(why)

    def wants(self, happening: Happening) -> bool:
        """Whether an event is to be told."""
        return happening.asked_for(self.filters, self.viewer, self.readable)


class LiveHub:
    """Follows the change records for as long as it runs.

    Parameters
    ----------
    settings, graph
        Where records are read, and what they did is looked up.
    """

    def __init__(self, settings: Settings, graph: GraphDatabase) -> None:
        self._settings = settings
        self._tree = settings.live
        self._graph = graph
        self._listeners: set[Listener] = set()
        self._reached: dict[int, int] = {}
        self._since: dict[int, int] = {}
        self._kept: deque[_Arrived] = deque()
        self._known: set[str] = set()
        self._following = asyncio.Event()
        self._closing = False

    @property
    def following(self) -> bool:
        """Whether what happens arrives now."""
        return self._following.is_set()

    def place_of(self, listener: Listener) -> str:
        """Cursor of what comes next for a listener for whom nothing waits."""
        reached = self._reached
        return cursors.written({part: max(offset, listener.start.get(part, 0)) for part, offset in reached.items()})

    def listening(self, principal: Principal) -> int:
        """How many listeners somebody has here."""
        caller = principal.caller
        return sum(
            (one.principal.caller.issuer, one.principal.caller.subject) == (caller.issuer, caller.subject)
            for one in self._listeners
        )

    async def run(self) -> None:
        """Follow until cancelled; while Kafka or the graph is away, what happens is told later."""
        while True:
            try:
                async with TopicFollower(self._settings.events, self._settings.events.changes_topic) as follower:
                    await self._remember(follower)
                    self._following.set()
                    while True:
                        await self._take(await follower.next())
            except UnavailableError as error:
                log.warning("what happens is not followed now: %s", error)
            finally:
                self._following.clear()
            await asyncio.sleep(_AGAIN)

    def close(self) -> None:
        """End every listener, as the gateway stops: they go on elsewhere."""
        self._closing = True
        for listener in list(self._listeners):
            listener.end("goingAway")

    @contextlib.asynccontextmanager
    async def listen(
        self, principal: Principal, filters: FeedFilters, place: Offsets | None
    ) -> AsyncIterator[tuple[Listener, AsyncIterator[FeedEventDTO]]]:
        """A listener, and what was told since their place, which comes before what waits for them.

        Raises
        ------
        ProblemError
            503: this gateway follows nothing now; 400, 410: the place is not there, or too long ago; 429: they listen
            too often.
        """
        if self.listening(principal) >= self._tree.per_subject:
            detail = f"At most {self._tree.per_subject} streams of one subject are open at a gateway."
            raise ProblemError("tooManyStreams", detail)
        if not self.following or self._closing:
            raise ProblemError("liveUnavailable", "This gateway does not follow what happens now; try again.")
        viewer = await viewer_behind(self._graph, principal.caller)
        upto = dict(self._reached)
        start = upto if place is None else {partition: place.get(partition, 0) for partition in upto}
        if place is not None and not place.keys() <= upto.keys():
            raise cursors.invalid("The cursor is of another deployment.")
        listener = Listener(principal, filters, viewer, start, asyncio.Queue(self._tree.waiting), told_of(principal))
        self._listeners.add(listener)
        try:
            missed = await self._between(start, upto) if place is not None else []
            refreshing = asyncio.create_task(self._refresh(listener))
            try:
                yield listener, self._told(listener, missed, dict(start))
            finally:
                refreshing.cancel()
        finally:
            self._listeners.discard(listener)

    async def _refresh(self, listener: Listener) -> None:
        """Look up who somebody is: a first write makes them known, a merge makes them another."""
        while True:
            await asyncio.sleep(self._tree.refresh)
            await self._look_again(listener)

    async def _look_again(self, listener: Listener) -> None:
        with contextlib.suppress(UnavailableError):
            listener.viewer = await viewer_behind(self._graph, listener.principal.caller)

    async def _renew(self, found: Iterable[Happening]) -> None:
        """Look up anew whom events may have made known, or another, before these are told: they would miss them."""
        people = {one for happening in found for one in happening.changed_people}
        if people:
            affected = (one for one in self._listeners if not one.viewer.people or people & one.viewer.keys)
            await asyncio.gather(*(self._look_again(one) for one in affected))

    async def _remember(self, follower: TopicFollower) -> None:
        """Begin where this gateway was, or at the end with the latest records behind it, so as to know them again."""
        await happenings(self._graph, [])  # the first such query is planned for a second
        first, last = await follower.bounds()
        if not self._reached:
            share = self._tree.remembered // max(len(last), 1)
            self._since = {partition: max(first[partition], end - share) for partition, end in last.items()}
            follower.seek(self._since)
            reached = dict(self._since)
            while any(reached[partition] < end for partition, end in last.items()):
                self._keep(record for record in await follower.next() if record.offset < last[record.partition])
                reached = await follower.reached()
            self._reached = dict(last)
        for partition in last.keys() - self._reached.keys():
            self._reached[partition] = self._since[partition] = 0
        follower.seek(self._reached)

    def _keep(self, records: Iterable[Placed]) -> list[_Arrived]:
        kept = []
        for record in records:
            first = record.key not in self._known and record.held and _is_id(record.key)
            kept.append(_Arrived(record.partition, record.offset, record.key, first))
            if first:
                self._known.add(record.key)
        self._kept.extend(kept)
        while len(self._kept) > self._tree.remembered:
            gone = self._kept.popleft()
            self._since[gone.partition] = gone.offset + 1
            if gone.first:
                self._known.discard(gone.event)
        return kept

    async def _take(self, records: Sequence[Placed]) -> None:
        """Hand on what came, each event with the place after it."""
        arrived = self._keep(record for record in records if record.offset >= self._reached.get(record.partition, 0))
        for some in _parts(arrived):
            found = await self._looked_up(some)
            await self._renew(found.values())
            for one in some:
                self._reached[one.partition] = one.offset + 1
                if not one.first:
                    continue
                if happening := found.get(one.event):
                    self._hand_on(one, happening)
                else:  # the graph is being made again: what is written anew is sent again
                    self._known.discard(one.event)

    def _hand_on(self, one: _Arrived, happening: Happening) -> None:
        place = cursors.written(self._reached)
        shown: dict[tuple[frozenset[str], bool], FeedEventDTO] = {}
        for listener in self._listeners:
            if one.offset < listener.start.get(one.partition, 0) or not listener.wants(happening):
                continue
            run = happening.run_seen_by(listener.viewer)
            if (listener.readable, run) not in shown:
                shown[listener.readable, run] = told(happening, listener.readable, place, run=run)
            try:
                listener.waiting.put_nowait(shown[listener.readable, run])
            except asyncio.QueueFull:
                listener.end("tooSlow")

    async def _looked_up(self, some: Sequence[_Arrived]) -> dict[str, Happening]:
        """What events did; while the graph is away, nobody is told anything."""
        wanted = [one.event for one in some if one.first]
        while wanted:
            try:
                return {one.id: one for one in await happenings(self._graph, wanted)}
            except UnavailableError as error:
                log.warning("what happened is told later: %s", error)
                await asyncio.sleep(_AGAIN)
        return {}

    async def _between(self, start: Offsets, upto: Offsets) -> list[_Arrived]:
        """The records from one place to another: those that are remembered, or else from the topic."""
        if any(start[partition] > end for partition, end in upto.items()):
            await self._check_not_beyond(start)
        if all(start.get(partition, 0) >= self._since.get(partition, 0) for partition in upto):
            return [one for one in self._kept if start.get(one.partition, 0) <= one.offset < upto.get(one.partition, 0)]
        if sum(max(end - start.get(partition, 0), 0) for partition, end in upto.items()) > self._tree.replayed:
            detail = f"More than {self._tree.replayed} events happened since: read `/v1/feed`, begin without a cursor."
            raise ProblemError("cursorExpired", detail, pointer="#query/cursor")
        return await self._replayed(start, upto)

    async def _check_not_beyond(self, start: Offsets) -> None:
        """Pass when another gateway may have told of what this one has not read yet."""
        async with TopicFollower(self._settings.events, self._settings.events.changes_topic) as follower:
            _, last = await follower.bounds()
        if any(start.get(partition, 0) > end for partition, end in last.items()):
            raise cursors.invalid("The cursor leads beyond what happened: it is of another deployment.")

    async def _replayed(self, start: Offsets, upto: Offsets) -> list[_Arrived]:
        found: list[_Arrived] = []
        again = {one.event for one in self._kept if one.first and one.offset < start.get(one.partition, 0)}
        async with TopicFollower(self._settings.events, self._settings.events.changes_topic) as follower:
            follower.seek(start)
            reached = dict(start)
            while any(reached.get(partition, 0) < end for partition, end in upto.items()):
                for record in await follower.next():
                    first = record.key not in again and record.held and _is_id(record.key)
                    if record.offset < upto.get(record.partition, 0):
                        found.append(_Arrived(record.partition, record.offset, record.key, first))
                reached = await follower.reached()
        return found

    async def _told(
        self, listener: Listener, missed: Sequence[_Arrived], place: dict[int, int]
    ) -> AsyncIterator[FeedEventDTO]:
        """What a listener missed, as they may see it now; then nothing more."""
        seen: set[str] = set()
        for some in _parts(missed):
            found = await self._looked_up(some)
            for one in some:
                place[one.partition] = one.offset + 1
                happening = found.get(one.event) if one.first and one.event not in seen else None
                seen.add(one.event)
                if happening and listener.wants(happening):
                    run = happening.run_seen_by(listener.viewer)
                    yield told(happening, listener.readable, cursors.written(place), run=run)


def _parts(arrived: Sequence[_Arrived]) -> Iterable[Sequence[_Arrived]]:
    return (arrived[at : at + _AT_ONCE] for at in range(0, len(arrived), _AT_ONCE))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
