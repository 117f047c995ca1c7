import json

import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.policy import (
    CostModel,
    choose,
    describe,
    level_costs,
    load_or_measure,
    measure,
)
from editor_core.backbones.unet.regions import plan_region
from support.unets import tiny_unet

CPU = torch.device("cpu")
EVEN = CostModel(
    product=1.0,
    weight=0.0,
    convolution=1.0,
    repack=0.0,
    repack_large=0.0,
    gather=0.0,
    attention=1.0,
    row_call=0.0,
    map_call=0.0,
)


def region(share, size=64):
    mask = torch.zeros(size, size, dtype=torch.bool)
    mask[: round(size * share)] = True
    return plan_region(mask, 4)


def changed(**values):
    return CostModel(**{**vars(EVEN), **values})


def test_a_small_region_runs_on_rows_everywhere():
    choice = choose(tiny_unet(), region(0.05), EVEN)
    assert choice.dense_from == 4
    assert choice.box == (False,) * 4  # where both cost the same, rows


def test_what_costs_more_per_call_runs_densely_at_the_lowest_levels_first():
    starts = [
        choose(tiny_unet(), region(0.1), changed(row_call=cost)).dense_from for cost in (0, 1e6, 1e8, 1e12)
    ]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] == 4 and starts[-1] == 0


def test_dear_gathers_make_boxes():
    choice = choose(tiny_unet(), region(0.1), changed(gather=100.0))
    assert choice.box[0]


def test_a_scattered_mask_makes_no_boxes():
    scattered = torch.zeros(64, 64, dtype=torch.bool)
    scattered[::16, ::16] = True
    assert not any(choose(tiny_unet(), plan_region(scattered, 4), changed(gather=1.0)).box)


def test_costs_of_everything_active_are_those_of_the_dense_level():
    for cost in level_costs(tiny_unet("sd1"), region(1.0), EVEN):
        assert cost.rows == pytest.approx(cost.dense) == pytest.approx(cost.box)


def test_fewer_keys_cost_less():
    full, strided, active = (
        sum(cost.rows for cost in level_costs(tiny_unet(), region(0.1), EVEN, keys)) for keys in Keys
    )
    assert active < strided < full


def test_the_log_says_what_each_level_does():
    unet = tiny_unet()
    choice = choose(unet, region(0.1), changed(row_call=1e6))
    log = json.loads(json.dumps(describe(unet, region(0.1), choice, EVEN)))
    assert [entry["size"] for entry in log] == ["64x64", "32x32", "16x16", "8x8"]
    assert [entry["way"] == "dense" for entry in log] == [index >= choice.dense_from for index in range(4)]


def test_coefficients_are_measured_once_per_machine(tmp_path):
    file = tmp_path / "made" / "costs.json"
    first = load_or_measure(file, CPU, torch.float32)
    assert all(value >= 0 for value in vars(first).values())
    assert first.product > 0 and first.convolution > 0 and first.attention > 0
    measure.cache_clear()
    assert load_or_measure(file, CPU, torch.float32) == first
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "[]", '{"x": {"product": 1}}', '{"x": 3}'])
def test_a_damaged_file_is_measured_anew(tmp_path, content):
    file = tmp_path / "costs.json"
    file.write_text(content, encoding="utf-8")
    assert load_or_measure(file, CPU, torch.float32) == measure(CPU, torch.float32)
    assert len(json.loads(file.read_text(encoding="utf-8"))) == 1
