"""What can be wrong with a file as a whole; nothing of it is imported then."""

from runtime.errors import RefusedError, UsageRefusedError


class FileRefusedError(RefusedError):
    """The file cannot be read as a table."""

    code = "fileRefused"

    def __init__(self, message: str, *, pointer: str | None = "/file") -> None:
        super().__init__(message, pointer=pointer)


class MappingRefusedError(RefusedError):
    """It is not clear which column is which."""

    code = "mappingRefused"

    def __init__(self, message: str, *, pointer: str | None = "/mapping") -> None:
        super().__init__(message, pointer=pointer)


class OptionRefusedError(MappingRefusedError, UsageRefusedError):
    """What an option says of the file's columns or cells cannot be."""


class ErrorFileRefusedError(FileRefusedError, UsageRefusedError):
    """The error file cannot go where an option says."""
