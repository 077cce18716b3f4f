"""What can go wrong with knowledge, with stable codes."""

from runtime.errors import UnavailableError


class KnowledgeUnavailableError(UnavailableError):
    """PostgreSQL is away, too slow or not migrated."""

    code = "knowledgeUnavailable"


class ProviderUnavailableError(UnavailableError):
    """The embedding provider did not answer; it may later.

    Attributes
    ----------
    retry_after
        Seconds to wait before the next attempt, when the provider said so or a hot retry would be pointless.
    """

    code = "providerUnavailable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderRefusalError(ProviderUnavailableError):
    """The provider refuses what it is asked (key, quota, model): a person must act, so it is tried rarely."""

    code = "providerRefusal"

    def __init__(self, message: str, *, retry_after: float = 300.0) -> None:
        super().__init__(message, retry_after=retry_after)


class TextRefusedError(ProviderRefusalError):
    """The provider refuses a text, or one of a batch; the others deserve a call of their own."""

    code = "textRefused"


class WrongDimensionError(ProviderRefusalError):
    """The provider sent something that is not a vector of 1536 finite numbers; nothing of it is stored."""

    code = "wrongDimension"
