"""Chooses the embedding provider a deployment is set to."""

from knowledge.batching import BatchingProvider
from knowledge.e5 import E5
from knowledge.vectors import EmbeddingProvider
from runtime.settings import EmbeddingSettings


def make_provider(settings: EmbeddingSettings) -> EmbeddingProvider:
    """The provider, gathering concurrent requests into batches.

    Raises
    ------
    WeightsError
        The local model's weights are missing or not the expected ones.
    """
    return BatchingProvider(_chosen(settings), settings.batch_size, settings.batch_characters, settings.batch_window)


def _chosen(settings: EmbeddingSettings) -> EmbeddingProvider:
    if settings.provider == "openai":
        from knowledge.openai_provider import OpenAiEmbeddings  # here, since its library costs a second to import

        return OpenAiEmbeddings(settings)
    return E5(settings.threads, settings.workers, settings.windows)
