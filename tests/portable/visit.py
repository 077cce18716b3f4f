"""A visit to a running stack: three recognitions over REST, each written and found again."""

import asyncio
import uuid

import httpx

from cli.identity import machine_token
from runtime.proxies import spare_own_servers
from runtime.settings import settings
from stack.addresses import located

TEXTS = ("Bình found the leak before it flooded", "Mai đã giúp khách hàng cả đêm", "Ánh wrote the guide we all use 🌱")


async def main() -> int:
    """Give and read back; returns the exit code."""
    tree = located(settings())
    spare_own_servers(tree)
    headers = {"Authorization": f"Bearer {machine_token(tree)}", "Prefer": "wait=10"}
    async with httpx.AsyncClient(base_url=tree.api.public_url, headers=headers, timeout=30.0) as web:
        for text in TEXTS:
            body = {"giver": {"email": "an@trm.test"}, "receivers": [{"email": "mai@trm.test"}], "content": text}
            answer = await web.post("/v1/recognitions", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
            answer.raise_for_status()
            found = (await web.get(f"/v1/recognitions/{answer.json()['id']}")).raise_for_status().json()
            if (answer.status_code, found["content"]) != (201, text):
                print(f"written {answer.status_code}, found {found}")
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
