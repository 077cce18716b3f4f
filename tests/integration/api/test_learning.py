"""The whole course of learning: humans' labels, a model, a decision, and the next tension judged by it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.client import Client

from activities.learning import LearningActivities, LearningOutcome
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.e5 import E5
from knowledge.file_imports import FileImports
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.severity_models import SeverityModels
from knowledge.store import KnowledgeStore
from runtime.settings import Settings
from runtime.temporal_client import connect
from scoring.learning import Candidate, learn
from tests.clients import until
from tests.people import sent
from tests.tensions import report
from workers import agents, judgement
from workers.schedules import MODEL
from workers.severity_model import PromotedModel, read_lesson
from workflows.model import ModelReport, ModelWorkflow

pytestmark = pytest.mark.servers


def without_loss(*lessons: Any, **limits: Any) -> Candidate:
    """Learns as ever, and objects to nothing: what other tests said of severity stands among the labels."""
    found = learn(*lessons, **limits)
    return replace(found, comparison=found.comparison.model_copy(update={"objections": []}))


@pytest.fixture
async def learning(tree: Settings) -> AsyncIterator[tuple[Client, str]]:
    """Workers of a queue of their own, beside the session's: a client, and the queue."""
    queue = f"learning-{uuid4().hex[:8]}"
    own = tree.model_copy(update={"temporal": tree.temporal.model_copy(update={"task_queue": queue})})
    client = await connect(own.temporal)
    async with GraphDatabase(own.graph) as graph, open_pool(own.knowledge) as pool, EventPublisher(own.events) as told:
        models, meaning = SeverityModels(pool), E5()
        active = PromotedModel(graph, models, 0.0)
        steps = LearningActivities(graph, models, active, meaning, read_lesson, without_loss, own)
        store, files = KnowledgeStore(pool, make_provider(own.embedding)), FileImports(pool, own.imports.kept)
        acting = agents.make_worker(client, own.temporal, agents.activities_of(client, graph, store, files, told, own))
        computing = judgement.make_worker(client, own, [steps.find_labels, steps.learn])
        async with acting, computing:
            yield client, queue


async def rate(client: httpx.AsyncClient, title: str, severity: int) -> None:
    made = await report(client, title=f"{title} {uuid4().hex[:6]}")
    said = await client.post(
        f"{made.headers['Location']}/severity", json={"severity": severity, "reason": "I was there"}, headers=sent()
    )
    assert said.status_code == 200, said.text


async def learnt(learning: tuple[Client, str]) -> ModelReport:
    client, queue = learning
    return await client.execute_workflow(ModelWorkflow.run, id=f"{MODEL}/{uuid4()}", task_queue=queue)


async def decision(client: httpx.AsyncClient, found: ModelReport) -> dict[str, Any]:
    """What was asked, once it is: a run of its own asks it."""
    where = f"/v1/approvals/{found.decision}"

    async def asked() -> bool:
        return bool((await client.get(where)).json().get("writeStatus") == "written")

    await until(asked)
    return dict((await client.get(where)).json())


async def decide(client: httpx.AsyncClient, found: ModelReport, outcome: str) -> dict[str, Any]:
    where = f"/v1/approvals/{found.decision}"
    taken = await client.post(f"{where}/decision", json={"outcome": outcome}, headers=sent())
    assert taken.status_code == 200, taken.text
    return dict(taken.json())


async def promoted_at(client: httpx.AsyncClient, model: str) -> str | None:
    answer: dict[str, str | None] = (await client.get(f"/v1/severityModels/{model}")).raise_for_status().json()
    return answer.get("promotedAt")


async def test_a_model_of_humans_labels_judges_once_a_human_says_so(
    learning: tuple[Client, str], alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    await rate(alice, "The gondola squeaks and the gondolier waits", 3)
    found = await learnt(learning)
    assert found.outcome == LearningOutcome.ASKED
    assert found.comparison
    asked = await decision(alice, found)
    assert (asked["kind"], asked["authorities"]) == ("ModelPromotion", ["operator"])
    assert asked["proposal"]["comparison"]["texts"] == found.comparison.texts
    assert (await learnt(learning)).outcome == LearningOutcome.WAITING
    refused = await alice.post(f"/v1/approvals/{found.decision}/decision", json={"outcome": "Approve"}, headers=sent())
    assert refused.status_code == 403, "operators decide"

    rejected = await decide(olga, found, "Reject")
    model = rejected["subject"]["id"]
    assert rejected["subject"]["name"] == found.candidate
    assert await promoted_at(alice, model) is None
    assert (await learnt(learning)).outcome == LearningOutcome.NOTHING_NEW, "the same is not asked twice"

    await rate(alice, "The gondolier has lost the oar", 2)
    found = await learnt(learning)
    assert found.outcome == LearningOutcome.ASKED
    await decision(alice, found)
    model = (await decide(olga, found, "Approve"))["subject"]["id"]

    async def promoted() -> bool:
        return bool((await decision(alice, found)).get("followed") == "Done")

    await until(promoted)
    assert await promoted_at(alice, model)
    why = (await alice.get(f"/v1/severityModels/{model}/history")).raise_for_status().json()["items"]
    assert [one["madeBy"]["type"] for one in why] == ["SEVERITY_MODEL_PROMOTED", "SEVERITY_MODEL_TRAINED"]

    async def judged_by_it() -> bool:
        made = await report(alice)
        judgement = (await alice.get(made.headers["Location"])).json()["severityJudgement"]
        return bool(judgement["model"] == found.candidate)

    await until(judged_by_it)


async def test_nobody_records_or_changes_a_model_by_request(olga: httpx.AsyncClient) -> None:
    assert (await olga.post("/v1/severityModels", json={}, headers=sent())).status_code == 405


async def test_the_command_learns_now_and_says_what_came_of_it(alice: httpx.AsyncClient, tree: Settings) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "model", "promote"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    said = " ".join(output.decode().split())
    assert process.returncode == 0, said
    told = ("nothing was learnt", "waits still", "goes on judging", "waits for who has the authority")
    assert [one for one in told if one in said], said


async def test_it_learns_by_schedule(tree: Settings) -> None:
    schedule = (await connect(tree.temporal)).get_schedule_handle(MODEL)
    [interval] = (await schedule.describe()).schedule.spec.intervals
    assert interval.every == tree.judgement.learn_every
