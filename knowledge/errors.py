"""What can go wrong with knowledge, with stable codes."""

from typing import ClassVar

from runtime.errors import RefusedError, UnavailableError


class KnowledgeUnavailableError(UnavailableError):
    """PostgreSQL is away or too slow."""

    code: ClassVar[str] = "knowledgeUnavailable"


class ProviderUnavailableError(UnavailableError):
    """The embedding provider did not answer; it may later.

    Attributes
    ----------
    retry_after
        Seconds to wait before the next attempt, when the provider said so or a hot retry would be pointless.
    """

    code: ClassVar[str] = "providerUnavailable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderAccountError(ProviderUnavailableError):
    """The provider refuses the account (key, quota): a person must act, so it is tried rarely."""

    code: ClassVar[str] = "providerAccount"


class WrongDimensionError(RefusedError):
    """The provider sent something that is not a vector of 1536 finite numbers."""

    code: ClassVar[str] = "wrongDimension"
