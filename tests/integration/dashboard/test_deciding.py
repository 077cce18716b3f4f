"""Decisions in the dashboard: by keys alone, once, and gone where another took them."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from tests.integration.dashboard.conftest import SignedIn
from tests.people import sent
from tests.tensions import report

pytestmark = pytest.mark.servers


async def asked(alice: httpx.AsyncClient, bob: httpx.AsyncClient, title: str) -> str:
    """Have somebody asked how severe Alice's tension is; gives the decision's id."""
    made = await report(alice, title=title)
    where = f"{made.headers['Location']}/severityProposals"
    answer = await bob.post(where, json={"severity": 3, "reason": "it spreads"}, headers=sent())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_one_is_taken_by_keys_and_the_answer_counts(
    signed_in: SignedIn, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    decision = await asked(alice, bob, f"Who rates this {uuid4().hex[:8]}")
    page = await signed_in("Alice")
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    row = page.locator(f"[data-row][href*='{decision}']")
    await row.click()
    await expect(page).to_have_url(re.compile(f"/decisions/{decision}"))
    await page.keyboard.press("a")
    await page.keyboard.press("Control+Enter")
    await expect(row).to_be_hidden()
    held = (await alice.get(f"/v1/approvals/{decision}")).json()
    assert held["status"] == "Approved"


async def test_who_may_not_decide_is_told_who_may(
    signed_in: SignedIn, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    decision = await asked(alice, bob, f"Not for Bob {uuid4().hex[:8]}")
    page = await signed_in("Bob")
    await page.goto(f"/decisions/{decision}")
    await expect(page.get_by_text("Alice Nguyễn").first).to_be_visible()
    await expect(page.get_by_role("radio", name="Approve")).to_be_hidden()


async def test_what_another_decided_is_told(
    signed_in: SignedIn, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    decision = await asked(alice, bob, f"Decided elsewhere {uuid4().hex[:8]}")
    page = await signed_in("Alice")
    await page.goto(f"/decisions/{decision}")
    await expect(page.get_by_role("radio", name="Approve")).to_be_visible()
    said = {"outcome": "Reject", "reason": "it is small"}
    answer = await alice.post(f"/v1/approvals/{decision}/decision", json=said, headers=sent())
    assert answer.status_code < 300, answer.text
    await expect(page.get_by_text("it is small")).to_be_visible()
    await expect(page.get_by_role("radio", name="Approve")).to_be_hidden()
