"""``trm``, also as ``python -m cli``: an interrupt while the command is still being loaded ends it as any later one."""

import os
from typing import NoReturn


def main() -> NoReturn:
    """Load the command and run it."""
    try:
        from cli.main import main as run
    except KeyboardInterrupt:
        os._exit(130)
    run()


if __name__ == "__main__":
    main()
