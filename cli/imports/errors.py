"""What can be wrong with a file as a whole; nothing of it is imported then."""

from typing import ClassVar

from runtime.errors import RefusedError


class FileRefusedError(RefusedError):
    """The file cannot be read as a table."""

    code: ClassVar[str] = "fileRefused"


class MappingRefusedError(RefusedError):
    """It is not clear which column is which."""

    code: ClassVar[str] = "mappingRefused"
