"""Chooses the embedding provider a deployment is set to."""

from knowledge.batching import BatchingProvider
from knowledge.minilm import MiniLm
from knowledge.openai_provider import OpenAiEmbeddings
from knowledge.vectors import EmbeddingProvider
from runtime.settings import EmbeddingSettings


def make_provider(settings: EmbeddingSettings) -> EmbeddingProvider:
    """The provider, gathering concurrent requests into batches.

    Raises
    ------
    WeightsError
        The local model's weights are missing or not the expected ones.
    """
    provider: EmbeddingProvider = (
        OpenAiEmbeddings(settings) if settings.provider == "openai" else MiniLm(settings.threads)
    )
    return BatchingProvider(provider, settings.batch_size, settings.batch_window)
