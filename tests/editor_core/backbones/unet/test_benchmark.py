"""The benchmark of the sparse step runs, at a tiny shape, so that it cannot rot unseen."""

import importlib.util
from pathlib import Path

import pytest
import torch

PATH = Path(__file__).parents[3] / "benchmarks" / "sparse_steps.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("sparse_steps", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_case_is_timed_and_exact_with_full_keys(bench, monkeypatch):
    shape = {**bench.SHAPES["default"], "block_out_channels": (32, 32, 64, 64), "cross_attention_dim": 8}
    assert bench.SHAPES["default"]["in_channels"] == 8
    monkeypatch.setitem(bench.SHAPES, "default", shape)
    results = {row.id: row for row in bench.Bench("default", 256, "cpu", torch.float32).run(rounds=1)}
    assert len(results) == 1 + 12
    for name in ("step_default256_5", "step_default256_15_scattered", "step_default256_30"):
        row = results[name]
        assert row.value > 0 and row.details["read_mb"] < row.details["kept_mb"]
        assert row.details["relative_error"] < 1e-3  # what recording in half precision costs


def test_shares_and_bytes_are_what_the_ids_say(bench):
    for share in bench.SHARES:
        for mask in (bench.compact_mask(96, share), bench.scattered_mask(96, share)):
            assert mask.float().mean().item() == pytest.approx(share, abs=0.02)
    rows = {row.id: row for row in bench.bytes_read()}
    assert rows["read_mb_full_5"].holds and rows["read_mb_strided_5"].holds
