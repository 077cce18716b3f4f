"""How every command ends: with a documented exit code and a sentence, whatever happened.

Temporal's and Kafka's libraries run threads of their own that call into the interpreter. One that does so while it is
being taken down aborts the process, after all was done (``PyGILState_Release``). So the interpreter is not taken down:
what has to happen at an exit happens here, and then the process ends.
"""

import asyncio
import atexit
import contextlib
import io
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import NoReturn

from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console

from cli.errors import Exit, exit_of, say
from runtime.errors import TrmError
from runtime.settings import debugging

_AWAY = (ConnectionError, TimeoutError, asyncio.TimeoutError)
_AWAY_TO_CLIENTS = (
    ("httpx", "TransportError"),
    ("aiokafka.errors", "KafkaError"),
    ("neo4j.exceptions", "DriverError"),
    ("temporalio.service", "RPCError"),
)
"""Module and name of what servers' clients raise; who has not loaded one is not told so by it."""


def ending_of(command: Callable[[], object]) -> int:
    """Run a command; whatever it raises becomes a sentence on the error stream and an exit code."""
    try:
        command()
    except SystemExit as ended:
        return _code_of(ended)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone
        return Exit.REFUSED
    except Exception as error:
        return Exit.INTERRUPTED if _interrupted(error) else _told(error)
    return Exit.DONE


def _interrupted(error: BaseException | None) -> bool:
    """Whether an interrupt is what it came from: one that arrives while a class is made is raised as an error of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def leave(code: int) -> NoReturn:
    """End the process with what an interpreter does at its end, but for taking itself down."""
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            continue
        except (OSError, ValueError):
            code = code or Exit.REFUSED
    os._exit(code)


def speak_plainly() -> None:
    """Let no character that the terminal's encoding lacks end a command, and no library talk beside its sentence."""
    if not debugging():
        for name in ("aiokafka", "neo4j", "httpx", "temporalio", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(ValueError):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")


def _told(error: Exception) -> int:
    if debugging():
        trace = "".join(traceback.format_exception(error))
        Console(stderr=True).print(trace, markup=False, highlight=False, soft_wrap=True)
    if isinstance(error, TrmError):
        say(f"{error.code}:", error)
        return exit_of(error)
    if isinstance(error, SettingsError) or (isinstance(error, ValidationError) and error.title.endswith("Settings")):
        say("settings:", _wrong_settings(error))
        return Exit.USAGE
    if isinstance(error, (*_AWAY, *_away_to_clients())):
        say("unavailable:", Exception(f"a server does not answer: {_first_line(error)}; is the stack up?"))
        return Exit.REFUSED
    if isinstance(error, OSError):
        say("file:", error)
        return Exit.REFUSED
    said = f"{type(error).__name__}: {_first_line(error)}; with TRM_DEBUG=1 the same command shows where"
    say("unforeseen:", Exception(said))
    return Exit.UNFORESEEN


def _away_to_clients() -> Iterator[type[Exception]]:
    for module, name in _AWAY_TO_CLIENTS:
        if module in sys.modules:
            yield getattr(sys.modules[module], name)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [repr(error)])[0]


def _wrong_settings(error: ValidationError | SettingsError) -> Exception:
    if isinstance(error, SettingsError):
        return error
    wrong = (f"{'.'.join(map(str, one['loc'])) or error.title}: {one['msg']}" for one in error.errors())
    return ValueError("; ".join(wrong))


def _code_of(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    say("refused:", Exception(str(ended.code)))
    return Exit.REFUSED
