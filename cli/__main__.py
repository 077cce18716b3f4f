"""``python -m cli`` is ``trm``."""

from cli.main import app

app()
