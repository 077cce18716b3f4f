"""The local model: the published vectors, whatever company a text is embedded in."""

from pathlib import Path

import numpy as np
import pytest

import knowledge.minilm as minilm
from knowledge.minilm import MiniLm, WeightsError

SHORT = "Bob found the leak in the pump room"
LONG = "The release went out calmly because Mai wrote the checklist and everybody kept to it. " * 30


@pytest.fixture(scope="module")
def model() -> MiniLm:
    return MiniLm()


async def test_vectors_have_unit_length_and_are_padded_with_zeros(model: MiniLm) -> None:
    [vector] = await model.embed([SHORT])
    assert vector.shape == (1536,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert not vector[384:].any()


async def test_a_text_has_one_vector_in_any_company_and_order(model: MiniLm) -> None:
    [alone] = await model.embed([SHORT])
    together = await model.embed([LONG] * 20 + [SHORT, ""])
    assert np.abs(together[20] - alone).max() < 1e-5
    assert np.isfinite(together).all()


async def test_close_meanings_are_closer_than_other_ones(model: MiniLm) -> None:
    leak, water, payroll = await model.embed([SHORT, "water damage was prevented", "the salary run was late again"])
    assert leak @ water > leak @ payroll + 0.1


async def test_known_values_of_the_published_model(model: MiniLm) -> None:
    """First numbers of sentence-transformers' vector for this sentence, as its model card's example gives them."""
    [vector] = await model.embed(["This is an example sentence"])
    assert vector[:4] == pytest.approx([0.0676569, 0.0634959, 0.0487131, 0.0793049], abs=2e-5)


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(minilm, "_weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match="SHA-256"):
        MiniLm()
