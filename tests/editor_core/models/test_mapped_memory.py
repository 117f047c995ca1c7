"""Loaded weights stay the file's pages until they are used; what is copied then is the same and not held twice."""

import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from editor_core.backbones.registry import backbone_of
from editor_core.backbones.unet.weight_layout import lay_out
from editor_core.models.load import load
from editor_core.models.mapped_memory import MappedFiles, in_precision
from editor_core.models.prompts import embed_prompt
from support.tiny_models import tiny_folder

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="proc(5) and madvise(2) are Linux's")


def mapped(folder, **tensors):
    file = folder / "weights.safetensors"
    save_file(tensors, file)
    with safe_open(file, "pt") as opened:
        return {name: opened.get_tensor(name) for name in tensors}


def resident(tensor):
    """KiB of the mapping around a tensor that are in memory."""
    inside = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        head = line.split()[0]
        if "-" in head and not head.endswith(":"):
            begin, end = (int(each, 16) for each in head.split("-"))
            inside = begin <= tensor.data_ptr() < end
        elif inside and head == "Rss:":
            return int(line.split()[1])
    return None


@linux
def test_released_pages_leave_memory_and_come_back_from_the_file(tmp_path):
    weight = mapped(tmp_path, weight=torch.arange(1 << 20, dtype=torch.float32))["weight"]
    total = weight.sum()
    read = resident(weight)
    assert read >= 4096
    MappedFiles().release(weight)
    assert resident(weight) < read - 4000
    assert weight.sum() == total


def test_memory_that_is_no_files_is_left_alone():
    weight = torch.ones(1 << 16)
    MappedFiles().release(weight)
    assert weight.sum() == 1 << 16


def test_neighbours_changed_in_place_stay_changed(tmp_path):
    """LoRAs are merged in place, before anything is laid out."""
    ones = torch.ones(3000)
    tensors = mapped(tmp_path, a=ones, b=ones.clone(), c=ones.clone())
    tensors["a"].fill_(2)
    tensors["c"].fill_(3)
    MappedFiles().release(tensors["b"])
    assert (tensors["a"] == 2).all() and (tensors["c"] == 3).all() and (tensors["b"] == 1).all()


def test_another_precision_is_the_same_numbers(tmp_path):
    network = nn.Sequential(nn.Conv2d(8, 8, 3), nn.Linear(4, 4))
    expected = {name: tensor.half().float() for name, tensor in network.state_dict().items()}
    half = mapped(tmp_path, **{name: tensor.half() for name, tensor in network.state_dict().items()})
    network.load_state_dict(half, assign=True)
    found = in_precision(network.requires_grad_(False), torch.float32)
    assert all(torch.equal(found.state_dict()[name], tensor) for name, tensor in expected.items())
    assert found[0].weight.is_contiguous(memory_format=torch.channels_last)


@linux
def test_loading_reads_no_weights_and_the_first_call_lays_them_out():
    bundle = load(str(tiny_folder("sd1")), device="cpu")
    weight, before = bundle.unet.conv_in.weight, bundle.unet.conv_in.weight.clone()
    low_high = MappedFiles()._ranges
    assert any(low <= weight.data_ptr() < high for low, high in low_high)
    told = embed_prompt(bundle, "a red cat").cond
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        plain = bundle.unet(x, 500, told.hidden, return_dict=False)[0]
        found = backbone_of(bundle.unet).predict(x, 500, told)
    torch.testing.assert_close(found, plain)
    laid_out = bundle.unet.conv_in.weight
    assert torch.equal(laid_out, before) and laid_out.is_contiguous(memory_format=torch.channels_last)
    places = [parameter.data_ptr() for parameter in bundle.unet.parameters()]
    lay_out(bundle.unet)
    assert [parameter.data_ptr() for parameter in bundle.unet.parameters()] == places
