"""ControlNets: found, told apart, read from folders and files, and the same residuals as diffusers' pipeline adds."""

import pytest
import torch
from diffusers import ControlNetModel
from safetensors.torch import load_file, save_file

from editor_core.backbones.unet import network
from editor_core.base.errors import ModelError
from editor_core.models.adapter import adapter_for, own_control
from editor_core.models.control_files import Hint, find_line_control, hint_of, is_controlnet
from editor_core.models.controlnet import control_residuals, controlnet_for
from editor_core.models.load import load
from editor_core.models.prompts import embed_prompt
from editor_core.models.sketch_adapters import find_adapter
from support.original_files import original_control_names
from support.tiny_models import tiny_bundle, tiny_folder, write_tiny_adapter, write_tiny_controlnet


@pytest.fixture(scope="module", params=["sd1", "sdxl"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def folder(kind, tmp_path_factory):
    place = tmp_path_factory.mktemp("nets") / "controlnet-scribble"
    write_tiny_controlnet(place, kind)
    return place


def inputs(bundle, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(1, 4, 8, 16, generator=generator)
    told = embed_prompt(bundle, "a red cat").cond.of_size(64, 128)
    return x, told, torch.rand(1, 3, 64, 128, generator=generator)


def test_a_folder_gives_what_diffusers_adds(kind, folder):
    bundle = tiny_bundle(kind)
    x, told, hint = inputs(bundle)
    found = control_residuals(controlnet_for(bundle, folder), x, 500, told, hint, 0.7)
    ours = network.predict(bundle.unet, x, 500, told, control=found)
    theirs = ControlNetModel.from_pretrained(folder)
    more = network.pooled_text(told) if told.pooled is not None else None
    with torch.no_grad():
        skips, middle = theirs(
            x, 500, told.hidden, hint, conditioning_scale=0.7, added_cond_kwargs=more, return_dict=False
        )
        expected = bundle.unet(
            x, 500, told.hidden, added_cond_kwargs=more, down_block_additional_residuals=skips,
            mid_block_additional_residual=middle, return_dict=False,
        )[0]  # fmt: skip
    assert torch.equal(ours, expected)
    assert (ours - network.predict(bundle.unet, x, 500, told)).abs().max() > 0.01


def test_an_untrained_one_changes_nothing(kind, tmp_path):
    write_tiny_controlnet(tmp_path / "lineart", kind, zero=True)
    bundle = tiny_bundle(kind)
    x, told, hint = inputs(bundle)
    found = control_residuals(controlnet_for(bundle, tmp_path / "lineart"), x, 500, told, hint, 1.0)
    plain = network.predict(bundle.unet, x, 500, told)
    assert torch.equal(network.predict(bundle.unet, x, 500, told, control=found), plain)


def prefixed(tensors):
    return {f"control_model.{name}": tensor for name, tensor in original_control_names(tensors).items()}


@pytest.mark.parametrize("names", [dict, original_control_names, prefixed])
def test_a_file_is_its_network_under_any_names(tmp_path, names):
    bundle = tiny_bundle("sd1")
    net = ControlNetModel.from_unet(bundle.unet)  # with the embedding's usual widths, which files have
    for name, weight in net.named_parameters():
        if name.startswith("controlnet_"):
            torch.nn.init.normal_(weight, std=0.1)
    file = tmp_path / "control_scribble.safetensors"
    save_file(names(net.state_dict()), file)
    found = controlnet_for(bundle, file).network.state_dict()
    assert all(torch.equal(found[name], tensor) for name, tensor in net.state_dict().items())


def test_what_does_not_fit_is_refused(tmp_path):
    write_tiny_controlnet(tmp_path / "scribble", "sdxl")
    with pytest.raises(ModelError, match="not compatible"):
        controlnet_for(tiny_bundle("sd1"), tmp_path / "scribble")
    with pytest.raises(ModelError, match="is no ControlNet"):
        controlnet_for(tiny_bundle("sd1"), tiny_folder("sd1"))
    write_tiny_controlnet(tmp_path / "cut", "sd1")
    weights = tmp_path / "cut" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    tensors.pop("conv_in.bias")
    save_file(tensors, weights)
    with pytest.raises(ModelError, match="incomplete"):
        controlnet_for(tiny_bundle("sd1"), tmp_path / "cut")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("control_v11p_sd15_scribble_fp16.safetensors", Hint.LINES),
        ("control_v11f1p_sd15_depth.safetensors", Hint.DEPTH),
        ("thibaud_xl_openpose.safetensors", Hint.POSE),
        ("control_v11f1e_sd15_tile.safetensors", Hint.TILE),
        ("control_v11p_sd15_inpaint.safetensors", Hint.INPAINT),
        ("control_v11p_sd15_normalbae.safetensors", Hint.OTHER),
        ("control_v11p_sd15s2_lineart_anime.safetensors", Hint.LINES),
        ("sd-controlnet-canny/diffusion_pytorch_model.safetensors", Hint.LINES),
        ("mine.safetensors", Hint.LINES),
    ],
)
def test_what_one_reads_is_in_its_name(tmp_path, name, hint):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"")
    assert hint_of(tmp_path / name) is hint


def test_only_what_follows_lines_is_taken_for_a_sketch(tmp_path):
    """Neither a depth adapter nor a ControlNet for depth, nor one for words of another width."""
    model = tmp_path / "models" / "dream"
    model.mkdir(parents=True)
    write_tiny_adapter(model.parent / "t2iadapter_depth_sd14v1", "sd1", channels=3)
    write_tiny_controlnet(model.parent / "controlnet" / "control_depth", "sd1")
    write_tiny_controlnet(model.parent / "controlnet" / "canny_xl", "sdxl")
    assert find_adapter(model) is None and find_line_control(model, 32) is None
    write_tiny_controlnet(model.parent / "controlnet" / "canny", "sd1")
    write_tiny_controlnet(model.parent / "controlnet" / "scribble", "sd1")
    assert find_line_control(model, 32) == model.parent / "controlnet" / "scribble"
    assert is_controlnet(model.parent / "controlnet" / "canny") and not is_controlnet(model)


def test_a_model_with_one_beside_it_follows_sketches(tmp_path):
    model = tmp_path / "tiny"
    model.symlink_to(tiny_folder("sd1"))
    assert not load(str(model), device="cpu").capabilities.adapter
    write_tiny_controlnet(tmp_path / "ControlNet" / "lineart", "sd1")
    bundle = load(str(model), device="cpu")
    assert bundle.capabilities.adapter and own_control(bundle) == tmp_path / "ControlNet" / "lineart"
    with pytest.raises(ModelError, match="no sketch adapter"):
        adapter_for(bundle)
