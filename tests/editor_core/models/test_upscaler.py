"""Files of networks that enlarge: read by spandrel, never unpickled but as weights, and used as they were trained."""

import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from editor_core.base.errors import ModelError
from editor_core.models.upscaler import Upscaler, load_upscaler
from support.pretend_card.machine import pretend_cards
from support.tiny_upscaler import needs_spandrel, write_tiny_upscaler

CPU = torch.device("cpu")


def picture():
    return np.random.default_rng(1).integers(0, 256, (5, 8, 3), np.uint8)


@needs_spandrel
@pytest.mark.parametrize("name, factor", [("4x.pth", 4), ("2x.safetensors", 2), ("8x.pth", 8)])
def test_pixels_keep_their_place_colour_and_range(tmp_path, name, factor):
    upscaler = load_upscaler(write_tiny_upscaler(tmp_path / name, factor), CPU)
    before = picture()
    assert (upscaler.name, upscaler.factor) == (name[:2], factor) and before.min() < 5 and before.max() > 250
    found = upscaler(before)
    assert found.dtype == np.float32
    assert np.abs(found - before.repeat(factor, 0).repeat(factor, 1)).max() < 1e-3


@needs_spandrel
def test_torchvision_is_neither_needed_nor_kept_from_others(tmp_path):
    load_upscaler(write_tiny_upscaler(tmp_path / "4x.pth"), CPU)
    assert "torchvision.transforms.functional" not in sys.modules


@needs_spandrel
def test_old_files_of_torch_are_read(tmp_path):
    file = write_tiny_upscaler(tmp_path / "4x.pth")
    torch.save(torch.load(file), file, _use_new_zipfile_serialization=False)
    assert load_upscaler(file, CPU).factor == 4


class Runs:
    """Unpickled, it would write a file."""

    def __init__(self, file):
        self._file = file

    def __reduce__(self):
        return open, (str(self._file), "w")


@needs_spandrel
@pytest.mark.parametrize("old", [True, False])
def test_nothing_is_run_that_a_pickled_file_says(tmp_path, old):
    file, written = tmp_path / "4x.pth", tmp_path / "written"
    torch.save({"params": Runs(written)}, file, _use_new_zipfile_serialization=not old)
    with pytest.raises(ModelError, match="run any program"):
        load_upscaler(file, CPU)
    assert not written.exists()


@needs_spandrel
@pytest.mark.parametrize("ending", ["pth", "pt"])
def test_a_program_in_torchscript_is_refused(tmp_path, ending):
    file = tmp_path / f"4x.{ending}"
    with pytest.warns(DeprecationWarning):
        torch.jit.script(torch.nn.Conv2d(3, 3, 1)).save(str(file))
    with pytest.raises(ModelError, match="run any program"):
        load_upscaler(file, CPU)


@needs_spandrel
def test_what_is_no_such_network_is_said_in_a_sentence(tmp_path):
    other, text = tmp_path / "lora.safetensors", tmp_path / "notes.pth"
    save_file({"a.weight": torch.zeros(2, 2)}, other)
    text.write_text("no weights")
    deep = torch.load(write_tiny_upscaler(tmp_path / "4x.pth"))["params_ema"]
    torch.save(deep | {"body.999999999.rdb1.conv1.weight": torch.zeros(1)}, tmp_path / "deep.pth")
    torch.save(deep | {"conv_last.weight": torch.zeros(1, 4, 3, 3), "conv_last.bias": torch.zeros(1)},
               tmp_path / "grey.pth")  # fmt: skip
    torch.save([1, 2], tmp_path / "list.pth")
    for name in ("lora.safetensors", "deep.pth", "grey.pth", "list.pth"):
        with pytest.raises(ModelError, match=f"“{name}” holds no network"):
            load_upscaler(tmp_path / name, CPU)
    with pytest.raises(ModelError, match=r"“notes\.pth” holds something else"):
        load_upscaler(text, CPU)
    with pytest.raises(ModelError, match="damaged"):
        load_upscaler(tmp_path / "gone.pth", CPU)


def test_without_spandrel_the_way_to_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "spandrel", None)
    with pytest.raises(ModelError, match="pip install --no-deps spandrel einops"):
        load_upscaler(write_tiny_upscaler(tmp_path / "4x.pth"), CPU)


class Network(torch.nn.Module):
    """As spandrel describes one: each pixel four times, the numbers between far beyond half precision."""

    scale, supports_half = 2, True

    def __init__(self, between=1.0):
        super().__init__()
        self.weight, self.between = torch.nn.Parameter(torch.ones(())), between

    @property
    def dtype(self):
        return self.weight.dtype

    def forward(self, image):
        assert image.dtype == self.dtype
        image = image * (self.weight * self.between) / self.between
        return image.repeat_interleave(2, 2).repeat_interleave(2, 3)


@pytest.mark.parametrize("between, dtype", [(1.0, torch.float16), (1e6, torch.float32)])
def test_a_card_computes_in_half_precision_as_far_as_that_reaches(between, dtype):
    with pretend_cards():
        network = Network(between)
        found = Upscaler("2x", network, torch.device("cuda:0"))(picture())
        assert network.dtype is dtype
    assert np.abs(found - picture().repeat(2, 0).repeat(2, 1)).max() < 0.1
