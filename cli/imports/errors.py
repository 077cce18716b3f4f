"""What can be wrong with a file as a whole; nothing of it is imported then."""

from cli.errors import UsageRefusedError
from runtime.errors import RefusedError


class FileRefusedError(RefusedError):
    """The file cannot be read as a table."""

    code = "fileRefused"


class MappingRefusedError(RefusedError):
    """It is not clear which column is which."""

    code = "mappingRefused"


class OptionRefusedError(MappingRefusedError, UsageRefusedError):
    """What an option says of the file's columns or cells cannot be."""


class ErrorFileRefusedError(FileRefusedError, UsageRefusedError):
    """The error file cannot go where an option says."""
