"""multilingual-e5-small as a numpy forward pass: English and Vietnamese in one space, without gigabytes of framework.

Architecture: BERT with 12 layers, 12 heads, 384 dimensions, mean pooling and L2 normalisation; queries and passages are
told apart by a prefix (Wang et al. 2024, "Multilingual E5 Text Embeddings", arXiv:2402.05672).
"""

import asyncio
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from knowledge import e5_file
from knowledge.e5_file import Array, unpack
from knowledge.e5_languages import without_language
from knowledge.vectors import DIMENSIONS, Purpose, Vector

Tokens = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_PIECE = 2**17  # values that one core's cache holds together with what is made of them
_PASS_TOKENS = 1024  # of one forward pass: bounds memory


class E5:
    """The local embedding provider; it computes in threads of its own, off the event loop.

    Parameters
    ----------
    threads
        BLAS threads of one computation.
    workers
        Computations side by side.
    windows
        Windows of 512 tokens that stand for a long text at most; what comes after them is left out.
        Of a query it is one.
    neutral
        Whether the language a text is in is taken out of its vector; without that it is the published model's.

    Raises
    ------
    WeightsError
        The weights are missing, or their SHA-256 differs.
    """

    model = e5_file.MODEL

    def __init__(self, threads: int = 1, workers: int = 1, windows: int = 16, *, neutral: bool = True) -> None:
        read = e5_file.read(e5_file.installed())
        self._shape, self._vocabulary = read.shape, read.vocabulary
        self._words, self._tensors = read.words, read.tensors
        self._windows = windows
        self._neutral = neutral
        self._thread = ThreadPoolExecutor(workers, thread_name_prefix="e5")
        threadpool_limits(limits=threads, user_api="blas")

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> list[Vector]:
        """Embed texts; each result is padded with zeros to the common width.

        Zeros change neither dot products nor norms, so distances are those of the 384 dimensions.
        """
        loop = asyncio.get_running_loop()
        narrow = await loop.run_in_executor(self._thread, self._encode, list(texts), purpose)
        wide = np.zeros((len(texts), DIMENSIONS), np.float32)
        wide[:, : self._shape.width] = narrow
        return list(wide)

    async def meaning(self, text: str) -> Array:
        """The vector of one passage, without the zeros: shape (width,)."""
        found: Array = await asyncio.get_running_loop().run_in_executor(self._thread, self._encode, [text], "passage")
        vector: Array = found[0]
        return vector

    def _encode(self, texts: list[str], purpose: Purpose) -> Array:
        """Vectors of texts: the mean over each one's windows, of unit length."""
        pieces = self._vocabulary.pieces
        prefix = pieces.cut(f"{purpose}:")
        room = self._shape.longest - 2 - len(prefix)
        most = self._windows if purpose == "passage" else 1
        windows, of_text = [], []
        for number, text in enumerate(texts):
            found = pieces.cut(f"{purpose}: {text}", len(prefix) + room * most)
            for part in _windows(found[len(prefix) :], room):
                windows.append([self._vocabulary.first, *prefix, *part, self._vocabulary.last])
                of_text.append(number)
        result = np.zeros((len(texts), self._shape.width), np.float32)
        for some in _passes([len(window) for window in windows]):
            np.add.at(result, [of_text[at] for at in some], self._forward([windows[at] for at in some]))
        return _unit(without_language(result) if self._neutral else result)

    def _forward(self, rows: list[list[int]]) -> Array:
        """Vectors of windows given as pieces; all of them stand in one matrix, without padding between the windows."""
        lengths = np.array([len(row) for row in rows])
        there = np.arange(lengths.max()) < lengths[:, None]
        hidden = self._embed_tokens(np.concatenate(rows), np.nonzero(there)[1])
        for layer in range(self._shape.layers):
            hidden = self._layer(f"l{layer}.", hidden, there)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        pooled: Array = np.add.reduceat(hidden, starts, axis=0, dtype=np.float32)
        pooled /= lengths[:, None]
        return _unit(pooled)

    def _embed_tokens(self, ids: Tokens, positions: Tokens) -> Array:
        summed = unpack(self._words[ids])
        summed += self._tensors["emb.pos"][positions]
        summed += self._tensors["emb.type"][: self._shape.width]
        return self._norm(summed, "emb.ln")

    def _layer(self, prefix: str, hidden: Array, there: Mask) -> Array:
        attended = self._linear(self._attention(prefix, hidden, there), prefix + "ao")
        attended += hidden
        hidden = self._norm(attended, prefix + "aln")
        written = self._linear(_gelu(self._linear(hidden, prefix + "fi")), prefix + "fo")
        written += hidden
        return self._norm(written, prefix + "oln")

    def _attention(self, prefix: str, hidden: Array, there: Mask) -> Array:
        """Only here the windows are set apart, each padded to the longest: ``there`` says where a token stands."""
        width, count = self._shape.width, self._shape.heads
        padded = np.zeros((*there.shape, width), np.float32)

        def heads(name: str) -> Array:
            padded[there] = self._linear(hidden, prefix + name)
            return padded.reshape(*there.shape, count, width // count).transpose(0, 2, 1, 3).copy()

        scores: Array = heads("q") @ heads("k").transpose(0, 1, 3, 2)
        scores *= np.float32(1 / math.sqrt(width // count))
        scores[np.broadcast_to(~there[:, None, None, :], scores.shape)] = -1e9
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ heads("v")).transpose(0, 2, 1, 3).reshape(*there.shape, width)
        apart: Array = mixed[there]
        return apart

    def _linear(self, values: Array, name: str) -> Array:
        result: Array = values @ self._tensors[name + ".w"]
        result += self._tensors[name + ".b"]
        return result

    def _norm(self, values: Array, name: str) -> Array:
        centred: Array = values - values.mean(-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(values.shape[-1])
        centred /= np.sqrt(variance + np.float32(self._shape.epsilon))
        centred *= self._tensors[name + ".w"]
        centred += self._tensors[name + ".b"]
        return centred


def _unit(rows: Array) -> Array:
    unit: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _windows(pieces: list[int], room: int) -> Iterator[list[int]]:
    """A text in as few windows as hold it, alike in length, so that each counts the same; an empty one in one."""
    count = max(1, math.ceil(len(pieces) / room))
    for begin, end in pairwise(len(pieces) * number // count for number in range(count + 1)):
        yield pieces[begin:end]


def _gelu(values: Array) -> Array:
    """Gaussian error linear unit of every value, in place, in pieces that stay in the processor's cache."""
    flat = values.reshape(-1)
    for first in range(0, flat.size, _PIECE):
        piece = flat[first : first + _PIECE]
        bell = _erf(piece * np.float32(1 / math.sqrt(2)))
        bell += 1
        bell *= 0.5
        piece *= bell
    return values


def _erf(values: Array) -> Array:
    """Error function, Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7."""
    size = np.abs(values)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592, 0.0):
        series *= t
        series += np.float32(factor)
    size *= size
    np.negative(size, out=size)
    np.exp(size, out=size)
    size *= series
    np.subtract(1, size, out=size)
    return np.copysign(size, values, out=size)


def _passes(lengths: list[int]) -> Iterator[list[int]]:
    """Positions of the windows, grouped by similar length so that no pass is larger than it should be."""
    group: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[at] > _PASS_TOKENS:
            yield group
            group = []
        group.append(at)
    if group:
        yield group
