"""The sum of what a card holds: tensors count while they live, and Stable Diffusion's fit the card they shall fit."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import card_memory


def test_a_tensor_counts_from_when_it_is_made_until_it_is_let_go():
    there = torch.empty(1 << 20, dtype=torch.uint8, device="meta")
    assert card_memory.most_bytes(lambda: there.view(1024, 1024)) == 0
    assert card_memory.most_bytes(lambda: there + 1) == 1 << 20
    assert card_memory.most_bytes(lambda: [(there + 1).sum() for _ in range(3)]) < (1 << 20) + 5000
    assert card_memory.most_bytes(lambda: [there + 1 for _ in range(3)]) == 3 << 20
    assert card_memory.most_bytes(lambda: torch.empty(3, device="meta")) == card_memory.BLOCK


def test_attention_counts_without_maps():
    rows = torch.empty(2, 8, 4096, 40, dtype=torch.float16, device="meta")
    attend = torch.nn.functional.scaled_dot_product_attention
    assert card_memory.most_bytes(lambda: attend(rows, rows, rows)) == rows.nbytes


def test_stable_diffusion_fits_four_gib():
    row = card_memory.card("sd15")
    assert row.holds and row.value == pytest.approx(3.2, abs=0.15)
    assert row.details["edit"] < row.details["painting"]
