"""SDXL at tiny widths: what is loaded and painted is diffusers', from a folder and from one file."""

import json
import shutil

import diffusers
import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, StableDiffusionXLPipeline

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.engines.generate import generate
from editor_core.messages.requests import Generate, Sampling
from editor_core.models.fingerprint import fingerprint
from editor_core.models.handed_in import Parts, bundle_of
from editor_core.models.inspection import inspect_model
from editor_core.models.latents import seeded_noise
from editor_core.models.load import load
from editor_core.models.networks import load_layout
from editor_core.models.other_parts import with_clip_skip
from editor_core.models.prompts import embed_prompt
from support.engine_runs import context_for
from support.original_files import write_packed
from support.tiny_models import tiny_bundle, tiny_folder

PARTS = ("unet", "vae", "text_encoder", "text_encoder_2")
WORDS, NEGATIVE = "a red cat on the sofa", "a blue dog"


@pytest.fixture(scope="module")
def pipeline():
    found = StableDiffusionXLPipeline.from_pretrained(tiny_folder("sdxl"), add_watermarker=False)
    found.set_progress_bar_config(disable=True)
    return found


def test_it_is_known_for_what_it_is():
    bundle = tiny_bundle("sdxl")
    assert bundle.text_encoder_2 is not None and bundle.zero_for_no_words
    assert (bundle.grid, bundle.default_size, bundle.default_guidance) == (32, (128, 128), 5.0)
    assert bundle.default_sampler == "euler"


@pytest.mark.parametrize("negative", ["", NEGATIVE])
def test_words_are_told_as_the_pipeline_tells_them(pipeline, negative):
    """To the bit: both hidden states, the pooled text, padding of either tokenizer, and zeros for no words."""
    bundle = tiny_bundle("sdxl")
    expected = pipeline.encode_prompt(WORDS, negative_prompt=negative or None, device="cpu")
    words = embed_prompt(bundle, WORDS, negative)
    found = words.cond.hidden, words.uncond.hidden, words.cond.pooled, words.uncond.pooled
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(found, expected, strict=True))
    assert bool(words.uncond.hidden.any()) == bool(negative)


def test_each_chunk_is_told_as_a_prompt_and_the_first_as_the_whole():
    """Both encoders read chunk after chunk, each filled up with its own padding."""
    bundle = tiny_bundle("sdxl")
    told = embed_prompt(bundle, f"{WORDS} BREAK {NEGATIVE}").cond
    first, second = (embed_prompt(bundle, words).cond for words in (WORDS, NEGATIVE))
    torch.testing.assert_close(told.hidden, torch.cat([first.hidden, second.hidden], 1))
    torch.testing.assert_close(told.pooled, first.pooled)


def test_earlier_layers_are_read_as_the_pipeline_reads_them(pipeline):
    bundle = load_layout(with_clip_skip(inspect_model(tiny_folder("sdxl")), 2), "x", "cpu")
    hidden, _, pooled, _ = pipeline.encode_prompt(WORDS, device="cpu", clip_skip=1)
    told = embed_prompt(bundle, WORDS).cond
    assert torch.equal(told.hidden, hidden) and torch.equal(told.pooled, pooled)


@pytest.mark.parametrize(
    "sampler, scheduler", [("ddim", DDIMScheduler), ("euler", EulerDiscreteScheduler)], ids=["ddim", "euler"]
)
@pytest.mark.parametrize("negative, size", [("", (128, 64)), (NEGATIVE, (96, 96))])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_pictures_are_the_pipelines(pipeline, sampler, scheduler, negative, size):
    """Within 2 levels of 255, at other sides than the model's own, which the network is told."""
    width, height = size
    bundle = tiny_bundle("sdxl")
    pipeline.scheduler = scheduler.from_pretrained(tiny_folder("sdxl") / "scheduler")
    theirs = pipeline(
        WORDS,
        width=width,
        height=height,
        num_inference_steps=4,
        guidance_scale=5.0,
        negative_prompt=negative or None,
        latents=seeded_noise(3, bundle.latent_shape(width, height)),
        output_type="np",
    ).images[0]
    with context_for(bundle) as context:
        sampling = Sampling(3, 4, 5.0, negative, sampler)
        ours = generate(Generate(WORDS, width, height, sampling), context, 3).image
    assert ours.std() > 5, "a picture that is no flat field"
    assert np.abs(255 * theirs - ours).max() <= 2


def test_the_size_is_told(pipeline):
    """A network that is told another size paints something else, so the test above looks at the numbers, too."""
    bundle = tiny_bundle("sdxl")
    told = embed_prompt(bundle, WORDS).cond
    x = seeded_noise(3, bundle.latent_shape(96, 96))
    with context_for(bundle) as context:
        one, other = (context.backbone.predict(x, 5, told.of_size(*size)) for size in ((96, 96), (96, 128)))
    assert told.of_size(96, 128).sizes.tolist() == [[96, 128, 0, 0, 96, 128]]
    assert not torch.allclose(one, other)


@pytest.fixture
def families(monkeypatch, tmp_path):
    """The program's resources with the tiny model's widths."""
    root = tmp_path / "resources"
    shipped = paths.resources() / "families/sdxl"
    for part in (*PARTS, "scheduler", "tokenizer", "tokenizer_2"):
        ignored = shutil.ignore_patterns("*.safetensors", "tokenizer.json")
        shutil.copytree(tiny_folder("sdxl") / part, root / "families/sdxl" / part, ignore=ignored)
    shutil.copy(shipped / "model_index.json", root / "families/sdxl")
    monkeypatch.setattr(paths, "resources", lambda: root)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return root / "families"


@pytest.fixture
def file(families, tmp_path):
    home = tmp_path / "models"
    shutil.copytree(tiny_folder("sdxl") / "tokenizer", home / "tokenizer")
    return write_packed(tiny_folder("sdxl"), home / "dream.safetensors")


def test_one_file_is_the_folder(families, file, pipeline):
    """Every tensor, and what both encoders are told; as diffusers loads the same file."""
    bundle, folder = load(str(file), device="cpu"), tiny_bundle("sdxl")
    for name in ("tokenizer", "tokenizer_2"):
        shutil.copytree(tiny_folder("sdxl") / name, families / "sdxl" / name, dirs_exist_ok=True)
    theirs = diffusers.StableDiffusionXLPipeline.from_single_file(
        str(file), config=str(families / "sdxl"), local_files_only=True, add_watermarker=False
    )
    for part in PARTS:
        ours = getattr(bundle, part).state_dict()
        for other in (getattr(theirs, part).state_dict(), getattr(folder, part).state_dict()):
            assert ours.keys() == other.keys()
            assert all(torch.equal(ours[name], other[name]) for name in ours), part
    told, expected = (embed_prompt(each, WORDS, "") for each in (bundle, folder))
    for name in (
        "hidden",
        "pooled",
    ):  # mapped weights lie otherwise in memory, and products round by where they lie
        torch.testing.assert_close(getattr(told.cond, name), getattr(expected.cond, name), rtol=0, atol=1e-5)
    assert not told.uncond.hidden.any()
    assert bundle.default_sampler == "euler" and bundle.schedule == folder.schedule


def test_a_pipeline_in_memory_is_the_folder(pipeline):
    pipeline.scheduler = EulerDiscreteScheduler.from_pretrained(tiny_folder("sdxl") / "scheduler")
    bundle = bundle_of(Parts.of(pipeline), "cpu")
    told, expected = embed_prompt(bundle, WORDS), embed_prompt(tiny_bundle("sdxl"), WORDS)
    assert torch.equal(told.cond.pooled, expected.cond.pooled)
    assert torch.equal(told.uncond.hidden, expected.uncond.hidden)
    assert bundle.default_sampler == "euler"


@pytest.mark.parametrize(
    "change, says",
    [
        ({"_class_name": "StableDiffusionXLImg2ImgPipeline", "text_encoder": [None, None]}, "refiner"),
        ({"_class_name": "KolorsPipeline"}, "Kolors"),
        ({"_class_name": "StableDiffusionXLInstructPix2PixPipeline"}, "Pix2Pix"),
    ],
)
def test_what_only_looks_like_it_is_refused(tmp_path, change, says):
    folder = shutil.copytree(tiny_folder("sdxl"), tmp_path / "other")
    (folder / "model_index.json").write_text(json.dumps(change))
    with pytest.raises(ModelError, match=says):
        inspect_model(folder)


@pytest.mark.parametrize(
    "part, name", [("text_encoder_2", "projection_dim"), ("text_encoder", "hidden_size")]
)
def test_parts_of_different_models_are_refused(tmp_path, part, name):
    folder = shutil.copytree(tiny_folder("sdxl"), tmp_path / "mixed")
    config = json.loads((folder / part / "config.json").read_text())
    (folder / part / "config.json").write_text(json.dumps(config | {name: config[name] + 8}))
    with pytest.raises(ModelError, match="do not match"):
        inspect_model(folder)


def test_whatever_decides_what_is_told_is_part_of_the_name(tmp_path):
    """Zeros for no words, and what fills prompts up for the second encoder, change what a run leaves behind."""
    folder = shutil.copytree(tiny_folder("sdxl"), tmp_path / "other")
    names = [fingerprint(inspect_model(folder))]
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"force_zeros_for_empty_prompt": False}))
    names.append(fingerprint(inspect_model(folder)))
    shutil.rmtree(folder / "tokenizer_2")
    shutil.copytree(folder / "tokenizer", folder / "tokenizer_2")
    names.append(fingerprint(inspect_model(folder)))
    assert names[0] == tiny_bundle("sdxl").fingerprint and len(set(names)) == 3


def test_other_pipelines_of_the_family_open(tmp_path):
    folder = shutil.copytree(tiny_folder("sdxl"), tmp_path / "inpainting")
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionXLInpaintPipeline"}))
    assert inspect_model(folder).zero_for_no_words
