"""Our errors as Temporal sees them: the code is the type, and only a transient error is tried again."""

import functools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from pydantic import ValidationError
from temporalio.exceptions import ApplicationError

from runtime.errors import TrmError

P = ParamSpec("P")
R = TypeVar("R")


def failing_typed(step: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Turn a :class:`TrmError` of an activity into an ``ApplicationError`` of the same code."""

    @functools.wraps(step)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await step(*args, **kwargs)
        except TrmError as error:
            raise as_application_error(error) from error
        except ValidationError as error:  # what was accepted is not what it should be: no try will make it so
            raise ApplicationError(str(error), type="invalid", non_retryable=True) from error

    return run


def as_application_error(error: TrmError) -> ApplicationError:
    """The error for Temporal; ``retry_after`` of the error, in seconds, becomes the delay of the next attempt."""
    wait: float | None = getattr(error, "retry_after", None)
    return ApplicationError(
        str(error),
        {"pointer": error.pointer},
        type=error.code,
        non_retryable=not error.transient,
        next_retry_delay=timedelta(seconds=wait) if wait else None,
    )
