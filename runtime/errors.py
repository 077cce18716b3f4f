"""The family of errors: every one has a stable code, and says whether trying again can help."""

from typing import ClassVar


class TrmError(Exception):
    """Base of the family.

    Attributes
    ----------
    code
        Stable, documented name of the problem; nothing decides on the message.
    transient
        True when the same call may succeed later.
    pointer
        JSON pointer to the field at fault, where there is one.
    """

    code: str = "internal"
    transient: ClassVar[bool] = False

    def __init__(self, message: str, *, pointer: str | None = None) -> None:
        super().__init__(message)
        self.pointer = pointer


class RefusedError(TrmError):
    """The request can never succeed as it is."""

    code = "refused"


class UsageRefusedError(RefusedError):
    """An option that was said beside the request, or a setting it stands for, can never be right."""

    code = "usageRefused"


class UnavailableError(TrmError):
    """A server is away; the same call may succeed later."""

    code = "unavailable"
    transient = True


class MisconfiguredError(UnavailableError):
    """A server is there and refuses whatever we ask: an operator has to mend it, then the same call succeeds."""

    code = "misconfigured"
