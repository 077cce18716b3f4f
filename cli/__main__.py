"""``trm``, also as ``python -m cli``: an interrupt while the command is still being loaded ends it as any later one."""

import os
import signal
from typing import NoReturn


def main() -> NoReturn:
    """Load the command and run it.

    While modules load an interrupt ends the process at once: an exception would arrive in whatever is being imported,
    which may turn it into another one.
    """
    former = signal.getsignal(signal.SIGINT)
    if former is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from cli.main import main as run

    signal.signal(signal.SIGINT, former)
    run()


if __name__ == "__main__":
    main()
