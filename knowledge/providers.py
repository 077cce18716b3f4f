"""Chooses the embedding provider a deployment is set to."""

from knowledge.batching import BatchingProvider
from knowledge.e5 import E5
from knowledge.e5_file import MODEL
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


def model_of(settings: EmbeddingSettings) -> str:
    """Name of the model that is set."""
    return settings.openai_model if settings.provider == "openai" else MODEL


def provider_of(model: str, settings: EmbeddingSettings) -> EmbeddingProvider | None:
    """The provider of another model than the one that is set, while texts change over; None where there is none."""
    if model == MODEL:
        return make_provider(settings.model_copy(update={"provider": "e5"}))
    if model == settings.openai_model and settings.openai_api_key:
        return make_provider(settings.model_copy(update={"provider": "openai"}))
    return None


def _chosen(settings: EmbeddingSettings) -> EmbeddingProvider:
    if settings.provider == "openai":
        from knowledge.openai_provider import OpenAiEmbeddings  # here, since its library costs a second to import

        return OpenAiEmbeddings(settings)
    return E5(settings.threads, settings.workers, settings.windows)
