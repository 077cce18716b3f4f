"""OpenAI's embeddings, or anything that speaks its wire format, at the pace the provider sets."""

import asyncio
import random
from collections.abc import Sequence

from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AuthenticationError,
    PermissionDeniedError,
    RateLimitError,
)

from knowledge.errors import ProviderAccountError, ProviderUnavailableError
from knowledge.vectors import DIMENSIONS, Vector, checked
from runtime.settings import EmbeddingSettings

_TRIES = 3
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 20.0
_ACCOUNT_WAIT = 300.0


class OpenAiEmbeddings:
    """Embeddings over the network: three tries per call, ``Retry-After`` honoured, accounts not tried hot."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self.model = settings.openai_model
        key = settings.openai_api_key
        self._client = AsyncOpenAI(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else "none",
            timeout=settings.openai_timeout,
            max_retries=0,
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Embed one batch.

        Raises
        ------
        ProviderUnavailableError
            Three tries failed; carries how long to wait where the provider said so.
        ProviderAccountError
            Key or quota are refused: a person must act.
        WrongDimensionError
            The answer does not hold vectors of the right width.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._once(texts)
            except ProviderAccountError:
                raise
            except ProviderUnavailableError as error:
                wait = error.retry_after or _FIRST_WAIT * 2**attempt * (0.5 + random.random() / 2)  # noqa: S311 - jitter
                if attempt == _TRIES or wait > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _once(self, texts: Sequence[str]) -> list[Vector]:
        try:
            answer = await self._client.embeddings.create(model=self.model, input=list(texts), dimensions=DIMENSIONS)
        except (AuthenticationError, PermissionDeniedError) as error:
            raise ProviderAccountError(str(error), retry_after=_ACCOUNT_WAIT) from error
        except RateLimitError as error:
            if error.code == "insufficient_quota":
                raise ProviderAccountError(str(error), retry_after=_ACCOUNT_WAIT) from error
            raise ProviderUnavailableError(str(error), retry_after=_retry_after(error)) from error
        except (APIConnectionError, APITimeoutError) as error:
            raise ProviderUnavailableError(str(error)) from error
        except APIStatusError as error:
            raise ProviderUnavailableError(str(error), retry_after=_retry_after(error)) from error
        ordered = sorted(answer.data, key=lambda item: item.index)
        return [checked(item.embedding) for item in ordered]


def _retry_after(error: APIStatusError) -> float | None:
    said = error.response.headers.get("retry-after", "")
    return float(said) if said.replace(".", "", 1).isdigit() else None
