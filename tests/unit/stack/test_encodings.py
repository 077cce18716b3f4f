"""The rule that no text depends on the locale."""

import pytest

from stack.lint.encodings import check, implicit_encodings
from stack.servers import CHECKOUT


@pytest.mark.parametrize(
    "call",
    [
        "path.read_text()",
        "path.read_text(errors='replace')",
        "(folder / 'a').write_text(text)",
        "open(path)",
        "open(path, 'w')",
        "path.open(newline='')",
        "gzip.open(path, 'rt')",
        "open('b.txt')",
        "subprocess.run(argv, text=True)",
        "tempfile.NamedTemporaryFile('w')",
        "path.read_text(encoding=None)",
        "path.read_text(encoding='locale')",
        "path.read_text(None)",
        "os.fdopen(number, 'w')",
        "io.open(path)",
        "open('tab', 'w')",
        "Path('tab').open('w')",
        "subprocess.run(argv, text=1)",
        "subprocess.run(argv, errors='replace')",
    ],
)
def test_text_without_an_encoding_is_found(call: str) -> None:
    assert implicit_encodings(f"x = 1\n{call}\n") == [2]


@pytest.mark.parametrize(
    "call",
    [
        "path.read_text(encoding='utf-8')",
        "path.read_bytes()",
        "open(path, 'rb')",
        "path.open('ab')",
        "path.open(mode='wb')",
        "tarfile.open(path)",
        "tempfile.NamedTemporaryFile()",
        "subprocess.run(argv)",
        "subprocess.run(argv, text=True, encoding='utf-8')",
        "open(path, **how)",
        "path.read_text('utf-8')",
        "path.write_text(text, 'utf-8')",
        "os.open(path, os.O_RDONLY)",
        "os.fdopen(number, 'wb')",
        "open('tab', 'rb')",
        "subprocess.run(argv, text=False)",
    ],
)
def test_bytes_and_named_encodings_pass(call: str) -> None:
    assert implicit_encodings(call) == []


def test_the_checkout_names_every_encoding() -> None:
    assert check(CHECKOUT) == []
