import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet import policy
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
    gather_call=0.0,
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
    assert {file} <= set(file.parent.iterdir()) <= {file, file.with_suffix(".lock")}


def test_programs_that_begin_together_agree(tmp_path, monkeypatch):
    """Each measures something else; the one that comes second takes what the first found."""
    file, numbers = tmp_path / "costs.json", itertools.count()
    begun, measuring = threading.Barrier(2), threading.Barrier(2)

    def measured(device, dtype):
        with suppress(threading.BrokenBarrierError):
            measuring.wait(0.5)  # for the other to find no file, either
        return changed(row_call=float(next(numbers)))

    monkeypatch.setattr(policy, "measure", measured)

    def program():
        begun.wait()
        return load_or_measure(file, CPU, torch.float32)

    with ThreadPoolExecutor(2) as programs:
        first, second = (each.result() for each in [programs.submit(program) for _ in range(2)])
    assert first == second and next(numbers) == 1


@pytest.mark.parametrize("content", ["", "[]", '{"x": {"product": 1}}', '{"x": 3}'])
def test_a_damaged_file_is_measured_anew(tmp_path, content):
    file = tmp_path / "costs.json"
    file.write_text(content, encoding="utf-8")
    assert load_or_measure(file, CPU, torch.float32) == measure(CPU, torch.float32)
    assert len(json.loads(file.read_text(encoding="utf-8"))) == 1


def test_attention_costs_a_product_for_each_pair_of_positions_and_channel():
    nothing = dict.fromkeys(vars(EVEN), 0.0)
    (finest, *_) = level_costs(tiny_unet(), region(0.25), CostModel(**nothing | {"attention": 1.0}))
    transformers, width, positions = 3, 8, 64 * 64  # one on the way down, two on the way up
    assert finest.dense == 2 * transformers * width * positions**2
    active = len(region(0.25).levels[0].active)
    assert finest.rows == finest.box == 2 * transformers * width * active * positions


def times_of(costs, row, pixel, gathered):
    """What the probe's calls would take with such costs, beside the time that a call takes as such."""
    middle, wide = 9 * 640**2, 9 * 1280**2
    return {
        "row": row,
        "few rows": row + middle * (costs.weight + 8 * costs.product),
        "many rows": row + middle * (costs.weight + 136 * costs.product),
        "pixel": pixel,
        "few pixels": pixel + middle * (costs.repack + 2 * 4**2 * costs.convolution),
        "many pixels": pixel + middle * (costs.repack + 2 * 14**2 * costs.convolution),
        "few pixels, wide": pixel + wide * (costs.repack_large + 2 * 4**2 * costs.convolution),
        "few gathered": gathered,
        "many gathered": gathered + (9 * 512 - 64) * 128 * costs.gather,
        "attention": 2 * 2 * 256 * 2048 * 64 * costs.attention,
    }


def test_the_probe_finds_the_costs_that_explain_its_times(monkeypatch):
    true = CostModel(
        product=1e-11,
        weight=2e-10,
        convolution=3e-11,
        repack=5e-10,
        repack_large=9e-10,
        gather=4e-10,
        attention=6e-11,
        row_call=2e-5 + 1e-5,
        map_call=3e-5 + 1e-5,
        gather_call=1e-5,
    )
    monkeypatch.setattr(policy._Probe, "_seconds", lambda self, calls: times_of(true, 2e-5, 3e-5, 1e-5))
    assert vars(policy._Probe(CPU, torch.float32).measure()) == pytest.approx(vars(true))


def test_the_probe_does_as_much_as_its_times_are_divided_by():
    with torch.inference_mode():
        shapes = {
            name: tuple(call().shape) for name, call in policy._Probe(CPU, torch.float32)._calls().items()
        }
    assert shapes == {
        "row": (1, 64),
        "few rows": (8, 640),
        "many rows": (136, 640),
        "pixel": (1, 16, 1, 1),
        "few pixels": (2, 640, 4, 4),
        "many pixels": (2, 640, 14, 14),
        "few pixels, wide": (2, 1280, 4, 4),
        "few gathered": (1, 64, 128),
        "many gathered": (1, 9 * 512, 128),
        "attention": (2, 2, 256, 64),
    }
