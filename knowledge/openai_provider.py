"""OpenAI's embeddings, or anything that speaks its wire format, at the pace the provider sets."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from openai import APIStatusError, AsyncOpenAI, OpenAIError, RateLimitError

from knowledge.errors import ProviderRefusalError, ProviderUnavailableError, TextRefusedError, WrongDimensionError
from knowledge.vectors import DIMENSIONS, Purpose, Vector, checked
from runtime.settings import EmbeddingSettings

_ACCOUNT_REFUSED = frozenset({401, 403, 404})
_TEXT_REFUSED = frozenset({400, 413, 422})
_FIRST_WAIT = 0.5
_SHORTEST = 500
"""Characters of a refused text that are not halved again: whatever it is refused for, it is not its length."""


class OpenAiEmbeddings:
    """Embeddings over the network: a few tries per call, ``Retry-After`` honoured, refusals not tried hot.

    The client's own retries are off: there is one place that decides how often a text is paid for.
    """

    def __init__(self, settings: EmbeddingSettings) -> None:
        self.model = settings.openai_model
        self._settings = settings
        key = settings.openai_api_key
        self._client = AsyncOpenAI(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else "none",
            timeout=settings.openai_timeout,
            max_retries=0,
        )

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """Embed one batch; these models give a text the same vector whatever it is for.

        Raises
        ------
        ProviderUnavailableError
            Every try failed; carries how long to wait where the provider said so.
        ProviderRefusalError
            Key, quota or model is refused: a person must act.
        TextRefusedError
            The provider refuses one of the texts.
        WrongDimensionError
            The answer does not hold one vector of the right width per text.
        """
        tries = self._settings.openai_tries
        cut = [text[: self._settings.openai_longest_text] for text in texts]
        attempt = 1
        while attempt <= tries:
            try:
                return await self._once(cut)
            except TextRefusedError:
                if len(cut) > 1 or len(cut[0]) <= _SHORTEST:
                    raise
                cut = [cut[0][: len(cut[0]) // 2]]  # tokens are bounded: a letter may be one of them, or four
            except ProviderRefusalError:
                raise
            except ProviderUnavailableError as error:
                wait = _backoff(attempt) if error.retry_after is None else error.retry_after
                if attempt == tries or wait > self._settings.openai_longest_wait:
                    raise
                await asyncio.sleep(wait)
                attempt += 1
        raise ValueError("openai_tries must be at least 1")

    async def _once(self, texts: list[str]) -> list[Vector]:
        try:
            answer = await self._client.embeddings.create(model=self.model, input=texts, dimensions=DIMENSIONS)
            vectors = [checked(item.embedding) for item in sorted(answer.data, key=lambda item: item.index)]
        except APIStatusError as error:
            raise self._translated(error) from error
        except (OpenAIError, ValueError, TypeError, AttributeError) as error:  # away, hanging, or of another shape
            raise ProviderUnavailableError(f"{type(error).__name__}: {error}") from error
        if len(vectors) != len(texts):
            raise WrongDimensionError(f"the provider sent {len(vectors)} vectors for {len(texts)} texts")
        return vectors

    def _translated(self, error: APIStatusError) -> ProviderUnavailableError:
        wait = self._settings.openai_refusal_wait
        exhausted = isinstance(error, RateLimitError) and error.code == "insufficient_quota"
        if exhausted or error.status_code in _ACCOUNT_REFUSED:
            return ProviderRefusalError(str(error), retry_after=wait)
        if error.status_code in _TEXT_REFUSED:
            return TextRefusedError(str(error), retry_after=wait)
        return ProviderUnavailableError(str(error), retry_after=_retry_after(error))


def _backoff(attempt: int) -> float:
    """Seconds before the next try: exponential with jitter, so that replicas do not knock together."""
    return _FIRST_WAIT * 2.0**attempt * (0.5 + random.random() / 2)  # noqa: S311 - jitter


def _retry_after(error: APIStatusError) -> float | None:
    """Seconds of a ``Retry-After`` header in either of its forms, RFC 9110 section 10.2.3."""
    said = error.response.headers.get("retry-after", "").strip()
    if said.replace(".", "", 1).isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
