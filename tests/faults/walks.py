"""The whole loop by clients that repeat every request until it is answered: what is accepted is to stand in the end."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from aiokafka.errors import KafkaError

from ontology import ids
from runtime.settings import Settings
from tests.clients import foreign_headers, foreign_recognition, produce
from tests.faults.storm import Ledger, answered

_UNDECIDED = frozenset({202, 503})
_LOOK_EVERY = 0.5
_ROWS = 20


@dataclass
class Walker:
    """Clients, what they were told, and the marks by which their requests are repeated.

    Parameters
    ----------
    clients
        Of ``olga``, who decides, ``alice``, ``bob`` and the ``machine``.
    tree, mark
        Where, and what makes the keys of this run's requests its own.
    ledger
        What was accepted and refused.
    done
        What was walked → how often it came to its end.
    """

    clients: Mapping[str, httpx.AsyncClient]
    tree: Settings
    mark: str
    ledger: Ledger = field(default_factory=Ledger)
    done: dict[str, int] = field(default_factory=dict)

    async def loop(self, number: int) -> None:
        """A tension that becomes a project, whose worth is published, so that the tension is closed."""
        key = f"{self.mark}-loop-{number}"
        tension = await self._made("machine", "/v1/tensions", f"{key}-tension", {"title": f"Number {number} is late"})
        for state in ("UnderReview", "Accepted"):
            await self._moved(f"/v1/tensions/{tension}", key, state)
        said = {"author": {"handle": "mai"}, "text": "It is late again"}
        await self._made("machine", f"/v1/tensions/{tension}/comments", f"{key}-comment", said)
        project = await self._made("machine", "/v1/projects", f"{key}-project", {"name": f"{self.mark} {number}"})
        path = f"/v1/projects/{project}"
        await self._decided(f"/v1/approvals?subjectId={project}&kind=ProjectApproval", key)
        await self._reads(path, lambda one: one["status"] == "Planning")
        manager = {"person": {"email": "alice@trm.test"}, "role": "Manager"}
        await self._asked("olga", f"{path}/participants", f"{key}-manager", manager)
        await self._asked("olga", f"{path}/tensions", f"{key}-resolves", {"tensionId": tension})
        await self._moved(path, key, "Active")
        task = await self._made("olga", "/v1/tasks", f"{key}-task", {"projectId": project, "title": "Ask them"})
        for state in ("InProgress", "Done"):
            await self._moved(f"/v1/tasks/{task}", key, state)
        await self._moved(path, key, "Completed")
        thanks = {"receivers": [{"handle": "mai"}], "content": f"Thank you {key}", "project": {"id": project}}
        await self._made("bob", "/v1/recognitions", f"{key}-thanks", thanks)
        await self._decided(f"/v1/approvals?subjectId={project}&kind=WinApproval", f"{key}-win")
        await self._reads(f"/v1/wins?projectId={project}", lambda page: page["items"][0]["status"] == "Published")
        await self._moved(f"/v1/tensions/{tension}", key, "Closed")
        self._ends("loops")

    async def merge(self, number: int) -> None:
        """Two people who turn out to be one, and every other time to be two after all."""
        key = f"{self.mark}-merge-{number}"
        both = [
            await self._made("machine", "/v1/people", f"{key}-{one}", {"fullName": f"Person {one} of {key}"})
            for one in range(2)
        ]
        path = f"/v1/people/{both[0]}/merges"
        await self._asked("olga", path, f"{key}-merged", {"duplicateId": both[1]})
        if number % 2:
            await self._asked("olga", f"{path}/{both[1]}", f"{key}-apart", None, method="DELETE")
        self._ends("merges")

    async def event(self, number: int) -> None:
        """Another system's recognition, sent twice as it may be."""
        subject = f"{self.mark}-{number}"
        headers = foreign_headers(subject, event_id=subject)
        message = (subject.encode(), foreign_recognition(f"From elsewhere {subject}"), headers)
        while True:
            try:
                await produce(self.tree, self.tree.events.recognitions_topic, [message, message])
                break
            except (KafkaError, OSError):
                self.ledger.in_vain += 1
                await asyncio.sleep(_LOOK_EVERY)
        self.ledger.accepted.add(str(ids.foreign_entity("Recognition", "urn:test:hr", subject)))
        self._ends("events")

    async def file(self, number: int) -> None:
        """A file of recognitions, until each row stands and can be found."""
        key = f"{self.mark}-file-{number}"
        rows = [f"g{row}@x.test,r{row}@x.test,Row {row} of {key}" for row in range(_ROWS)]
        text = "\n".join(["giver,receivers,content", *rows, ""])
        web = self.clients["machine"]
        while True:
            files = {"file": ("thanks.csv", text.encode(), "text/csv")}
            options = {"options": orjson.dumps({"kind": "recognitions", "source": key}).decode()}
            try:
                made = await web.post("/v1/imports", files=files, data=options, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                made = httpx.Response(503)
            if made.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            self.ledger.in_vain += 1
            await asyncio.sleep(_LOOK_EVERY)
        if made.status_code != httpx.codes.CREATED:
            self.ledger.refused.append(f"{key}: {made.status_code} {made.text}")
            return
        path = f"/v1/imports/{made.json()['id']}"
        await answered(web, "POST", f"{path}/start", {}, f"{key}-start", self.ledger)
        over = await self._reads(path, lambda one: one["status"] in {"Done", "Failed"}, "machine")
        if over["progress"]["rows"]["written"] != _ROWS:
            self.ledger.refused.append(f"{key}: {over['status']} {over['progress']}")
        self._ends("files")

    def _ends(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    async def _made(self, who: str, path: str, key: str, body: Mapping[str, object]) -> str:
        made = str((await self._asked(who, path, key, body))["id"])
        self.ledger.accepted.add(made)
        return made

    async def _moved(self, path: str, key: str, state: str) -> None:
        step = f"{key}-{path.split('/')[2]}-{state}"
        await self._asked("olga", f"{path}/transitions", step, {"to": state, "reason": "the walk"})

    async def _asked(
        self, who: str, path: str, key: str, body: Mapping[str, object] | None, method: str = "POST"
    ) -> dict[str, Any]:
        """What a request is answered once it is decided; one that is refused ends the walk."""
        answer = await answered(self.clients[who], method, path, body or {}, key, self.ledger, _UNDECIDED)
        if not answer.is_success:
            self.ledger.refused.append(f"{key}: {answer.status_code} {answer.text}")
            raise WalkEndedError(key)
        return dict(answer.json())

    async def _decided(self, path: str, key: str) -> None:
        """Approve what is asked, once it is."""
        page = await self._reads(f"{path}&status=Pending", lambda page: bool(page["items"]))
        decision = f"/v1/approvals/{page['items'][0]['id']}/decision"
        await self._asked("olga", decision, f"{key}-approves", {"outcome": "Approve"})

    async def _reads(self, path: str, holds: Callable[[dict[str, Any]], bool], who: str = "olga") -> dict[str, Any]:
        """What is read, once something holds of it."""
        while True:
            answer = await answered(self.clients[who], "GET", path, {}, path, self.ledger)
            if answer.is_success and holds(found := dict(answer.json())):
                return found
            await asyncio.sleep(_LOOK_EVERY)


class WalkEndedError(Exception):
    """Something on the way was refused, which is told."""
