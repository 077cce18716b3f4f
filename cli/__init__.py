"""The ``trm`` command."""
