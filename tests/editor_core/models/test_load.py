"""Real folders through the one door."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from safetensors.torch import load_file, save_file

from editor_core.base import paths
from editor_core.base.errors import DeviceError, JobCancelled, ModelError
from editor_core.models import latents, placement, prompts
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.models.load import load
from editor_core.sampling.samplers import SAMPLERS
from support.model_folders import change_json, refused
from support.tiny_models import KINDS, tiny_bundle, tiny_folder

UNET_WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of a tiny model that a test may break."""
    return Path(shutil.copytree(tiny_folder("sd1"), tmp_path / "model"))


@pytest.mark.parametrize(
    "kind, channels, grid, size, prediction", [
        ("sd1", 4, 16, (64, 64), "epsilon"),
        ("sd2", 4, 16, (64, 64), "v_prediction"),
        ("default", 8, 64, (128, 128), "epsilon"),
    ],
)  # fmt: skip
def test_facts_come_from_the_folder(kind, channels, grid, size, prediction):
    bundle = tiny_bundle(kind)
    assert (bundle.latent_channels, bundle.downscale, bundle.grid) == (channels, 8, grid)
    assert (bundle.default_size, bundle.schedule.prediction_type) == (size, prediction)
    assert bundle.capabilities.prediction_type == prediction
    assert not bundle.capabilities.inpainting and not bundle.capabilities.adapter
    assert bundle.scaling_factor == pytest.approx(0.8 if kind == "default" else 0.18215)
    assert bundle.schedule.beta_start == 0.00085 and bundle.schedule.beta_schedule == "scaled_linear"
    assert bundle.schedule.steps_offset == (0 if kind == "default" else 1)
    assert (bundle.device, bundle.dtype) == (torch.device("cpu"), torch.float32)
    assert bundle.latent_shape(2 * grid, grid) == (1, channels, grid // 8, grid // 4)


def test_the_card_gives_name_and_defaults():
    bundle = tiny_bundle("default")
    assert (bundle.name, bundle.default_steps, bundle.default_guidance) == ("Tiny", 4, 3.0)
    assert bundle.example_prompts[0] == "a red cat on a sofa"
    plain = tiny_bundle("sd1")
    assert (plain.name, plain.default_steps, plain.default_guidance) == ("sd1", 30, 7.5)
    assert plain.example_prompts == ()


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_the_networks_are_ready_to_run_and_never_trained(part):
    network = getattr(tiny_bundle("default"), part)
    assert not network.training
    assert not any(weight.requires_grad for weight in network.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_is_the_files(kind):
    bundle = tiny_bundle(kind)
    for part in ("unet", "vae"):
        saved = load_file(tiny_folder(kind) / part / "diffusion_pytorch_model.safetensors")
        loaded = getattr(bundle, part).state_dict()
        assert saved.keys() == loaded.keys()
        assert all(torch.equal(saved[name], loaded[name]) for name in saved)


def test_default_is_the_shipped_model(monkeypatch):
    monkeypatch.setattr(paths, "default_model", lambda: tiny_folder("default"))
    bundle = load(device="cpu")
    assert (bundle.source, bundle.name) == ("default", "Tiny")
    assert bundle.fingerprint == tiny_bundle("default").fingerprint


def test_an_installation_without_the_shipped_model_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "default_model", lambda: tmp_path / "none")
    with pytest.raises(ModelError, match="built-in model is missing"):
        load()


def test_progress_runs_to_its_end():
    reports = []
    load(str(tiny_folder("sd1")), device="cpu", on_progress=lambda done, total: reports.append((done, total)))
    assert reports == [(done, 4) for done in range(5)]


def test_loading_can_be_cancelled_between_parts():
    class Cancel:
        looks = 0

        def raise_if_cancelled(self):
            self.looks += 1
            if self.looks == 3:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        load(str(tiny_folder("sd1")), device="cpu", cancel=Cancel())


def test_loading_prints_nothing(capfd):
    load(str(tiny_folder("sd1")), device="cpu")
    assert capfd.readouterr() == ("", "")


def test_a_graphics_card_that_is_not_here_is_said_plainly(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="No supported NVIDIA graphics card"):
        load(str(tiny_folder("sd1")), device="cuda")


@pytest.mark.parametrize("name, dtype", [("bfloat16", torch.bfloat16), ("float16", torch.float16)])
def test_half_precision_can_be_asked_for(name, dtype):
    bundle = load(str(tiny_folder("default")), device="cpu", dtype=name)
    assert bundle.dtype == bundle.unet.dtype == bundle.text_encoder.dtype == dtype
    assert bundle.vae.dtype == torch.float32
    expected, embedded = (
        prompts.embed_tokens(model, prompts.tokenize(model, "a cat")).hidden
        for model in (tiny_bundle("default"), bundle)
    )
    assert embedded.dtype == dtype
    torch.testing.assert_close(embedded.float(), expected, rtol=0.05, atol=0.05)


# Other ways to lay out the same folder.


def test_half_precision_files_load_as_float32_on_the_cpu(folder):
    for part in ("unet", "vae", "text_encoder"):
        (file,) = (folder / part).glob("*.safetensors")
        halves = {name: tensor.half() for name, tensor in load_file(file).items()}
        save_file(
            halves, file.with_name(file.name.replace(".safetensors", ".fp16.safetensors")), {"format": "pt"}
        )
        file.unlink()
    bundle = load(str(folder), device="cpu")
    assert bundle.unet.dtype == bundle.vae.dtype == bundle.text_encoder.dtype == torch.float32
    expected = tiny_bundle("sd1").unet.conv_in.weight
    torch.testing.assert_close(bundle.unet.conv_in.weight, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("wide", [torch.float16, torch.float32])
def test_a_large_network_stays_as_its_files_are_where_a_processor_gains(folder, monkeypatch, wide):
    """What small tensors are kept in, such as a file's own numbers of the noise, does not count."""
    tensors = {name: tensor.to(wide) for name, tensor in load_file(folder / UNET_WEIGHTS).items()}
    save_file(tensors | {"few": torch.zeros(3)}, folder / UNET_WEIGHTS, {"format": "pt"})
    monkeypatch.setattr(placement, "LARGE", 1)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True)
    bundle = load(str(folder), device="cpu")
    expected = torch.bfloat16 if wide is torch.float16 else torch.float32
    assert bundle.dtype == bundle.unet.dtype == bundle.text_encoder.dtype == expected
    assert bundle.vae.dtype == torch.float32


def split_weights(folder: Path) -> list[Path]:
    """Divide the U-Net's weights into two files with an index, as saving large models does."""
    whole = folder / UNET_WEIGHTS
    tensors = sorted(load_file(whole).items())
    weight_map, files = {}, []
    for number, part in enumerate((tensors[::2], tensors[1::2]), 1):
        files.append(whole.with_name(f"diffusion_pytorch_model-{number:05}-of-00002.safetensors"))
        save_file(dict(part), files[-1], {"format": "pt"})
        weight_map |= {name: files[-1].name for name, _ in part}
    size = sum(file.stat().st_size for file in files)
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    whole.with_name(whole.name + ".index.json").write_text(json.dumps(index))
    whole.unlink()
    return files


def test_weights_in_several_files_load(folder):
    split_weights(folder)
    bundle = load(str(folder), device="cpu")
    expected = tiny_bundle("sd1").unet.state_dict()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in bundle.unet.state_dict().items())


@pytest.mark.parametrize("named", ["safetensors.index.fp16.json", "fp16.safetensors.index.json"])
def test_the_index_of_a_variant_has_had_two_names(folder, named):
    split_weights(folder)
    (folder / f"{UNET_WEIGHTS}.index.json").rename(folder / "unet" / f"diffusion_pytorch_model.{named}")
    unet = load(str(folder), device="cpu").unet
    assert torch.equal(unet.conv_in.weight, tiny_bundle("sd1").unet.conv_in.weight)


def test_a_missing_file_of_several_is_named(folder):
    files = split_weights(folder)
    files[1].unlink()
    assert refused(folder) == f"The model file “unet/{files[1].name}” is missing."


def test_autoencoders_with_the_old_attention_names_load(folder):
    """Stable Diffusion 1.x folders of 2022 call them query, key, value and proj_attn."""
    file = folder / "vae/diffusion_pytorch_model.safetensors"
    old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    tensors = load_file(file)
    for new, former in old.items():
        tensors = {
            name.replace(f"attentions.0.{new}.", f"attentions.0.{former}."): t for name, t in tensors.items()
        }
    assert any("proj_attn" in name for name in tensors)
    save_file(tensors, file, {"format": "pt"})
    expected = tiny_bundle("sd1").vae.state_dict()
    loaded = load(str(folder), device="cpu").vae.state_dict()
    assert all(torch.equal(loaded[name], expected[name]) for name in expected)


def test_the_two_file_form_of_the_tokenizer_loads(folder):
    """Stable Diffusion's folders have vocab.json and merges.txt."""
    model = json.loads((folder / "tokenizer/tokenizer.json").read_text())["model"]
    (folder / "tokenizer/vocab.json").write_text(json.dumps(model["vocab"]))
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    (folder / "tokenizer/merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    (folder / "tokenizer/tokenizer.json").unlink()
    text = "the red cat's zebra"
    bundle = load(str(folder), device="cpu")
    assert prompts.tokenize(bundle, text) == prompts.tokenize(tiny_bundle("sd1"), text)


def test_a_folder_without_an_index_loads(folder):
    (folder / "model_index.json").unlink()
    assert load(str(folder), device="cpu").name == "model"


def test_the_scheduler_of_another_sampler_gives_its_noise(folder):
    """Stable Diffusion 1.5 ships PNDM's configuration, without a prediction type."""
    config = {
        "_class_name": "PNDMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
        "num_train_timesteps": 1000, "set_alpha_to_one": False, "skip_prk_steps": True, "steps_offset": 1,
        "trained_betas": None, "clip_sample": False,
    }  # fmt: skip
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(config))
    assert load(str(folder), device="cpu").schedule == tiny_bundle("sd1").schedule


def test_a_tiny_autoencoder_goes_through_the_same_functions(folder):
    shutil.rmtree(folder / "vae")
    torch.manual_seed(0)
    widths = {"encoder_block_out_channels": (8,) * 4, "decoder_block_out_channels": (8,) * 4}
    AutoencoderTiny(**widths, num_encoder_blocks=(1,) * 4, num_decoder_blocks=(1,) * 4).save_pretrained(
        folder / "vae"
    )
    bundle = load(str(folder), device="cpu")
    z = latents.encode(bundle, np.zeros((32, 64, 3), np.uint8))
    assert z.shape == bundle.latent_shape(64, 32)
    assert latents.decode(bundle, z).shape == (32, 64, 3)
    assert latents.decoder_reach(bundle) is not None


def test_an_inpainting_unet_is_recognised(folder):
    config = json.loads((folder / "unet/config.json").read_text())
    shutil.rmtree(folder / "unet")
    UNet2DConditionModel.from_config(config | {"in_channels": 9}).save_pretrained(folder / "unet")
    (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionInpaintPipeline"}')
    assert load(str(folder), device="cpu").capabilities.inpainting


def test_an_adapter_in_the_folder_is_noticed(folder):
    (folder / "adapter_sketch").mkdir()
    (folder / "adapter_sketch/config.json").write_text('{"_class_name": "T2IAdapter"}')
    assert load(str(folder), device="cpu").capabilities.adapter


def test_a_card_says_that_attention_was_grounded(folder):
    assert not load(str(folder), device="cpu").capabilities.grounded
    (folder / "palimpsest.json").write_text('{"grounded_attention": true}')
    assert load(str(folder), device="cpu").capabilities.grounded


@pytest.mark.parametrize("variant", ["bf16", "non_ema"])
def test_variants_of_the_weights_load(folder, variant):
    for part in ("unet", "vae", "text_encoder"):
        (file,) = (folder / part).glob("*.safetensors")
        file.rename(file.with_name(file.name.replace(".safetensors", f".{variant}.safetensors")))
    expected = tiny_bundle("sd1").unet.state_dict()
    loaded = load(str(folder), device="cpu").unet.state_dict()
    assert all(torch.equal(loaded[name], expected[name]) for name in expected)


def test_weights_in_several_files_print_nothing(folder, capfd):
    split_weights(folder)
    load(str(folder), device="cpu")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "pipeline",
    [
        "StableDiffusionImg2ImgPipeline",
        "StableDiffusionControlNetPipeline",
        "StableDiffusionDiffEditPipeline",
        "LatentConsistencyModelPipeline",
        "SomebodysOwnPipeline",
    ],
)
def test_folders_of_any_pipeline_of_the_family_load(folder, pipeline):
    change_json(folder / "model_index.json", _class_name=pipeline)
    assert inspect_model(folder).name == "model"


def test_a_snapshot_in_the_hubs_cache_has_its_repositorys_name(folder, tmp_path):
    repository = tmp_path / "models--someone--dream-v2"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs/main").write_text("abc123")
    snapshot = Path(shutil.copytree(folder, repository / "snapshots/abc123"))
    shutil.copytree(folder, repository / "snapshots/def456")
    assert inspect_model(snapshot).name == inspect_model(repository).name == "someone/dream-v2"
    assert inspect_model(repository).path == snapshot
    (repository / "refs/main").unlink()
    assert inspect_model(repository).name == "someone/dream-v2"


def test_the_index_of_a_folder_stands_for_it(folder):
    assert inspect_model(folder / "model_index.json").path == folder


def test_without_a_scheduler_stable_diffusions_noise_is_taken(folder):
    shutil.rmtree(folder / "scheduler")
    assert load(str(folder), device="cpu").schedule == tiny_bundle("sd1").schedule
    # As large as Stable Diffusion 2 at 768 pixels, which was trained to predict v.
    for part, changes in (
        ("unet", {"cross_attention_dim": 1024, "sample_size": 96}),
        ("text_encoder", {"hidden_size": 1024}),
    ):
        change_json(folder / part / "config.json", **changes)
    assert inspect_model(folder).schedule.prediction_type == "v_prediction"


@pytest.mark.parametrize(
    "scheduler, sampler",
    [
        ("DDIMScheduler", "ddim"),
        ("EulerDiscreteScheduler", "euler"),
        ("DPMSolverMultistepScheduler", "dpm++2m"),
        ("HeunDiscreteScheduler", "heun"),
        ("LCMScheduler", "lcm"),
        ("TCDScheduler", "tcd"),
        ("UniPCMultistepScheduler", "dpm++2m"),
        ("PNDMScheduler", "ddim"),
        (None, "ddim"),
    ],
)
def test_the_schedulers_class_decides_the_sampler(folder, scheduler, sampler):
    change_json(folder / "scheduler/scheduler_config.json", _class_name=scheduler)
    assert inspect_model(folder).default_sampler == sampler
    assert sampler in SAMPLERS


def test_what_a_scheduler_leaves_out_is_its_classs_default(folder):
    file = folder / "scheduler/scheduler_config.json"
    for scheduler, spacing in (("EulerDiscreteScheduler", "linspace"), ("DDIMScheduler", "leading")):
        change_json(file, _class_name=scheduler, timestep_spacing=None)
        assert inspect_model(folder).schedule.timestep_spacing == spacing
    change_json(file, _class_name="DPMSolverMultistepScheduler", use_karras_sigmas=True)
    assert inspect_model(folder).default_sampler == "dpm++2m-karras"


def test_a_schedule_that_ends_in_pure_noise_wants_a_model_that_predicts_v(folder):
    before = fingerprint(inspect_model(folder))
    change_json(folder / "scheduler/scheduler_config.json", rescale_betas_zero_snr=True)
    assert "ends in pure noise" in refused(folder)
    change_json(folder / "scheduler/scheduler_config.json", prediction_type="v_prediction")
    bundle = load(str(folder), device="cpu")
    assert bundle.schedule.rescale_betas_zero_snr and bundle.fingerprint != before


def test_an_old_folders_offset_is_mended_as_diffusers_does(folder):
    for offset in (0, None):
        change_json(folder / "scheduler/scheduler_config.json", steps_offset=offset)
        assert inspect_model(folder).schedule.steps_offset == 1
    (folder / "palimpsest.json").write_text('{"name": "Ours"}')  # whoever writes our card means what it says
    assert inspect_model(folder).schedule.steps_offset == 0


@pytest.mark.parametrize(
    "name, found",
    [
        ("t2iadapter_sketch_sd14v1", True),
        ("t2i-adapter-lineart", True),
        ("t2iadapter_canny_sd15v2", True),
        ("t2iadapter_depth_sd14v1", False),
        ("t2iadapter_openpose_sd14v1", False),
    ],
)
def test_only_an_adapter_for_lines_is_taken_for_sketches(folder, name, found):
    (folder.parent / name).mkdir()
    (folder.parent / name / "config.json").write_text('{"_class_name": "T2IAdapter"}')
    assert inspect_model(folder).capabilities.adapter == found
