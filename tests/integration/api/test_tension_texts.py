"""The ``text`` of a list of tensions: any part of title or facts, however it is written, and of nothing private."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.people import sent
from tests.tensions import patch

pytestmark = pytest.mark.servers


LONG = "\U00013000" * 9_000
"""More bytes than an index takes; a model knows no such letter, so that it is read at once."""


async def told(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    made = await client.post("/v1/tensions", json=said, headers=sent())
    assert made.status_code == 201, made.text
    return made


async def found(client: httpx.AsyncClient, text: str, **filters: Any) -> list[str]:
    """Ids of everything that has a text, page by page."""
    ids, query = list[str](), {"text": text, "limit": 100, **filters}
    while True:
        page = (await client.get("/v1/tensions", params=query)).raise_for_status().json()
        ids += [one["id"] for one in page["items"]]
        if page.get("nextCursor") is None:
            return ids
        query["cursor"] = page["nextCursor"]


@pytest.mark.parametrize(
    ("title", "facts", "parts"),
    [
        ("Máy bơm {} kêu TO", None, ["máy bơm {}", "may bom {}", "MAY BOM {} KEU", "{} kêu to", "{} keu"]),
        ("Đường ống {}", "Nước rò rỉ\n{} suốt đêm", ["duong ong {}", "ri {} suot", "RÒ RỈ {} SUỐT ĐÊM"]),
        ("Die Straße {} ist laut", None, ["STRASSE {}", "straße {} IST"]),
        ("Задержка {} поставки", None, ["ЗАДЕРЖКА {}", "{} постав"]),
        ("冷却{}故障", None, ["冷却{}", "{}故障", "却{}故"]),
        ("תקלה {} במשאבה", "مضخة {} معطلة", ["{} במשאבה", "مضخة {}"]),
        (
            "It is 50%_{} * [a-z] (x|y) $1",
            "say \"{}\" & 'no' \\ \\n ~ ? {{}}",
            ["50%_{} * [a-z] (x|y) $", "\"{}\" & 'no' \\ \\n ~ ? {{"],
        ),
        (
            "\U00013000" * 100 + " {}",
            "\U00013000" * 9_900 + " end {}",
            ["\U00013000 {}", "\U00013000 end {}", "end {}"],
        ),
    ],
    ids=["vi", "vi-facts", "de", "ru", "zh", "he-ar", "signs", "too long for an index"],
)
async def test_any_part_is_found_as_it_may_be_written(
    alice: httpx.AsyncClient, title: str, facts: str | None, parts: list[str]
) -> None:
    word = uuid4().hex[:10]
    said = {"title": title.format(word), **({"facts": facts.format(word)} if facts else {})}
    thing = (await told(alice, **said)).json()
    for part in parts:
        assert await found(alice, part.format(word)) == [thing["id"]], part
    assert await found(alice, f"{word}x") == []
    assert not {"foldedText", "foldedLong"} & (
        thing.keys() | (await alice.get(f"/v1/tensions/{thing['id']}")).json().keys()
    )
    why = (await alice.get(f"/v1/why/{thing['id']}")).raise_for_status().text
    assert not {name for name in ("foldedText", "foldedLong") if name in why}


async def test_signs_stand_for_nothing_else(alice: httpx.AsyncClient) -> None:
    word = uuid4().hex[:10]
    await told(alice, title=f"Loud {word} hall")
    for part in (
        f"{word}%",
        f"{word}*",
        f"%{word}",
        f"{word}_hall",
        f"{word}.hall",
        f"{word}\\",
        f"({word})",
        "\u0001",
    ):
        assert await found(alice, part) == [], part


async def test_few_letters_find_what_has_them_and_none_restrict_nothing(alice: httpx.AsyncClient) -> None:
    thing = (await told(alice, title="Ωж")).json()["id"]
    for part in ("ω", "Ж", "ωж"):
        assert thing in await found(alice, part), part
    for blank in ("", "  "):
        assert thing in await found(alice, blank)
    assert thing not in await found(alice, "жω")


async def test_a_changed_text_is_found_as_it_is_now(alice: httpx.AsyncClient) -> None:
    first, second, third = (uuid4().hex[:10] for _ in range(3))
    made = await told(alice, title=f"Was {first}", facts=f"Fact {second}")
    thing = made.json()["id"]
    assert (await patch(alice, made, title=f"Is {third}")).status_code == 200
    assert [await found(alice, word) for word in (first, second, third)] == [[], [thing], [thing]]
    assert (await patch(alice, made, facts=None)).status_code == 200
    assert [await found(alice, word) for word in (second, third)] == [[], [thing]]
    assert (await patch(alice, made, facts=LONG + second)).status_code == 200
    assert [await found(alice, word) for word in (second, third)] == [[thing], [thing]]
    assert (await patch(alice, made, facts=f"Short {second}")).status_code == 200
    assert [await found(alice, word) for word in (second, third)] == [[thing], [thing]]
    assert await found(alice, f"{third} short") == [], "a part lies in one of them"


async def test_it_goes_with_other_filters_and_pages(alice: httpx.AsyncClient) -> None:
    word = uuid4().hex[:10]
    made = [await told(alice, title=f"{number} {word}", kind="Risk" if number % 2 else "Idea") for number in range(5)]
    ids = [one.json()["id"] for one in reversed(made)]
    project = {"affectedProjects": [{"name": f"Hall {word}"}]}
    affected = (await told(alice, title=f"Of it {word}", **project)).json()
    assert await found(alice, word, limit=2) == [affected["id"], *ids]
    assert await found(alice, word, kind="Risk") == [one for one, n in zip(ids, (4, 3, 2, 1, 0), strict=True) if n % 2]
    assert await found(alice, word, status="Accepted") == []
    assert await found(alice, word, status="Open", limit=4) == [affected["id"], *ids]
    assert await found(alice, word, affectedId=affected["affectedProjects"][0]["id"]) == [affected["id"]]
    assert await found(alice, "nowhere", affectedId=affected["affectedProjects"][0]["id"]) == []


async def test_what_is_private_is_found_by_those_it_is_for(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    word = uuid4().hex[:10]
    said = {"visibility": "parties", "visibleTo": [{"email": "bob@trm.test"}]}
    thing = (await told(alice, title=f"Private {word}", **said)).json()["id"]
    long = (await told(alice, title=f"Long {word}", facts=LONG + word, **said)).json()["id"]
    for client, seen in ((alice, {thing, long}), (bob, {thing, long}), (olga, set[str]())):
        assert set(await found(client, word)) == seen
        assert set(await found(client, word, status="Open")) == seen
        assert (thing in await found(client, word[:2])) == bool(seen)
