"""``python -m cli`` is ``trm``."""

from cli.main import main

main()
