"""IP-Adapters: what diffusers' own does, the same on rows, nothing at no strength; turns keep what they took after."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from editor_core.backbones.rows import DEFAULT_SPARSITY
from editor_core.backbones.unet import network
from editor_core.base.errors import ModelError
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.common.guides import guide_of
from editor_core.engines.embctrl import EmbCtrlParameters, recolour
from editor_core.engines.generate import generate
from editor_core.engines.incremental.activations import IncrementalDenoiser, RecordedLineage
from editor_core.engines.incremental.reference import RerunReference
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.conditioning import Conditioning
from editor_core.models.prompts import embed_prompt, embed_prompts
from editor_core.models.reference import (
    as_seen,
    own_reference_adapter,
    reference_adapter_for,
    references,
)
from editor_core.sampling.guidance import Guidance
from editor_core.sampling.positions import rows_of
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import tiny_bundle, tiny_folder, write_tiny_ip_adapter

SIDE, STEPS = 64, 3
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
PROMPT, OTHER = "a red cat on the sofa", "a blue cat on the sofa"
MASK = np.zeros((SIDE, SIDE), np.uint8)
MASK[16:48, 16:48] = 255
PICTURE = np.random.default_rng(0).integers(0, 255, (40, 90, 3), np.uint8)
families = pytest.mark.parametrize("kind", ["sd1", "sdxl"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def kind(request):
    return getattr(request, "param", "sd1")


@pytest.fixture(scope="module")
def adapter(kind, tmp_path_factory):
    return write_tiny_ip_adapter(tmp_path_factory.mktemp("adapters") / "models", kind)


@pytest.fixture(scope="module")
def context(kind):
    with context_for(tiny_bundle(kind)) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate(PROMPT, SIDE, SIDE, SAMPLING), context, 3))


def told_with(bundle, adapter, strength=0.7):
    loaded = reference_adapter_for(bundle, adapter)
    cond, uncond = references(loaded, as_seen(loaded, PICTURE), strength)
    words = embed_prompt(bundle, "a red cat").cond.of_size(SIDE, SIDE)
    return Conditioning.batch([words.with_reference(uncond), words.with_reference(cond)])


@families
def test_the_network_does_what_diffusers_does(context, adapter):
    bundle = context.bundle
    told = told_with(bundle, adapter)
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    ours = network.predict(bundle.unet, x, 500, told)
    theirs, tensors = copy.deepcopy(bundle.unet), load_file(adapter)
    parts = {
        part: {name.removeprefix(f"{part}."): each for name, each in tensors.items() if name.startswith(part)}
        for part in ("image_proj", "ip_adapter")
    }
    theirs._load_ip_adapter_weights([parts], low_cpu_mem_usage=False)
    for processor in theirs.attn_processors.values():
        if hasattr(processor, "scale"):
            processor.scale = [0.7]
    loaded = reference_adapter_for(bundle, adapter)
    pixels = torch.from_numpy(as_seen(loaded, PICTURE) / 255).float()
    mean, deviation = (
        torch.tensor([0.48145466, 0.4578275, 0.40821073]),
        torch.tensor([0.26862954, 0.26130258, 0.27577711]),
    )
    seen = loaded.encoder(((pixels - mean) / deviation).permute(2, 0, 1)[None]).image_embeds
    added = {"image_embeds": [torch.cat([torch.zeros_like(seen), seen])[:, None]]}
    if told.pooled is not None:
        added |= network.pooled_text(told)
    with torch.no_grad():
        expected = theirs(x, 500, told.hidden, added_cond_kwargs=added, return_dict=False)[0]
    torch.testing.assert_close(ours, expected, rtol=1e-4, atol=1e-5)
    assert (ours - network.predict(bundle.unet, x, 500, replace(told, reference=None))).abs().max() > 0.01


def pipeline_of(bundle, kind, encoder):
    """diffusers' own; its U-Net is a copy, for adapters change it."""
    side = encoder.config.image_size
    processor = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    parts = {name: getattr(bundle, name) for name in ("vae", "text_encoder", "tokenizer")}
    parts |= {"unet": copy.deepcopy(bundle.unet), "image_encoder": encoder, "feature_extractor": processor}
    parts["scheduler"] = DDIMScheduler.from_pretrained(tiny_folder(kind) / "scheduler")
    if kind == "sdxl":
        parts["tokenizer_2"] = CLIPTokenizer.from_pretrained(tiny_folder(kind) / "tokenizer_2")
        return StableDiffusionXLPipeline(**parts, text_encoder_2=bundle.text_encoder_2, add_watermarker=False)
    return StableDiffusionPipeline(**parts, safety_checker=None, requires_safety_checker=False)


@families
@pytest.mark.parametrize("plus", [False, True], ids=["plain", "plus"])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_new_picture_is_what_diffusers_pipeline_paints(context, adapter, kind, plus, tmp_path):
    if plus:
        adapter = write_tiny_ip_adapter(tmp_path / "plus", kind, plus=True)
    named = {"reference_adapter": str(adapter), "reference_strength": 0.7}
    asked = Generate(PROMPT, SIDE, SIDE, SAMPLING, parameters=named, reference=PICTURE)
    after = generate(asked, context, 3)
    pipeline = pipeline_of(context.bundle, kind, reference_adapter_for(context.bundle, adapter).encoder)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.load_ip_adapter(
        adapter.parent,
        subfolder="",
        weight_name=adapter.name,
        image_encoder_folder=None,
        low_cpu_mem_usage=False,
    )
    pipeline.set_ip_adapter_scale(0.7)
    noise = torch.from_numpy(after.latents["trajectory"][:1].copy())
    theirs = pipeline(
        PROMPT,
        ip_adapter_image=Image.fromarray(PICTURE),
        width=SIDE,
        height=SIDE,
        num_inference_steps=STEPS,
        guidance_scale=SAMPLING.guidance,
        latents=noise,
        output_type="latent",
    ).images
    ours = torch.from_numpy(after.latents["trajectory"][-1:].copy())
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)
    plain = generate(replace(asked, reference=None), context, 3)
    assert np.abs(plain.latents["trajectory"][-1] - after.latents["trajectory"][-1]).max() > 0.01
    assert plain.cache_space != after.cache_space and after.record.reference["strength"] == 0.7


def test_the_picture_is_seen_as_clips_own_processor_makes_it(context, adapter):
    loaded = reference_adapter_for(context.bundle, adapter)
    side = loaded.encoder.config.image_size
    processor = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    made = processor(Image.fromarray(PICTURE), do_normalize=False, do_rescale=False, return_tensors="np")
    assert np.array_equal(as_seen(loaded, PICTURE), made.pixel_values[0].transpose(1, 2, 0).astype(np.uint8))
    again = as_seen(loaded, PICTURE)
    assert np.array_equal(as_seen(loaded, again), again)


def request_for(adapter=None, method="instdiffedit", **more):
    one = {"variants": 1, "plant": False} if method == "instdiffedit" else {"plant": False}
    named = {} if adapter is None else {"reference_adapter": str(adapter)}
    picture = None if adapter is None else PICTURE
    return lambda base: Edit((base,), OTHER, MASK, method, {**one, **named, **more}, reference=picture)


@families
def test_rows_see_it_as_the_dense_network_does(context, base, adapter):
    """For the latents that were recorded; the whole picture was painted after the same reference."""
    asked = replace(
        request_for(adapter, incremental=False, reference_strength=1.0)(base), mask=MASK * 0 + 255
    )
    painted = as_base(engine_edit(context, asked))
    guide, words = guide_of(context, painted), (painted.record.painted_words, painted.negative, 3.0)
    region = torch.zeros(painted.latents["trajectory"].shape[-2:], dtype=torch.bool)
    region[2:5, 3:6] = True
    x = context.tensor(painted.latents["trajectory"][1:2])
    at = context.plan(painted.sampler, painted.steps, painted.seed)[1]
    lineage, sparsity = RecordedLineage(context, (painted,)), DEFAULT_SPARSITY.on(x.device)
    on_rows = IncrementalDenoiser(
        context, lineage, region, *words[:2], Guidance(3.0), (), sparsity, guide=guide
    )
    found = on_rows(rows_of(x, on_rows.active), 1, at.t, STEPS - 1)
    dense = denoiser(context, *words, refer=guide.refer)(x, at.t)
    free = denoiser(context, *words)(x, at.t)
    assert (found - rows_of(dense, on_rows.active)).abs().max() < 2e-3  # the record is in half precision
    assert (dense - free).abs().max() > 2e-2


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion"])
def test_an_edit_takes_after_it_and_not_at_no_strength(context, base, adapter, method):
    plain = engine_edit(context, request_for(method=method)(base))
    none = engine_edit(context, request_for(adapter, method, reference_strength=0.0)(base))
    after = engine_edit(context, request_for(adapter, method)(base))
    path = plain.latents["trajectory"]
    assert np.abs(none.latents["trajectory"] - path).max() < 1e-4
    assert np.abs(after.latents["trajectory"] - path).max() > 1e-3
    assert np.array_equal(after.image[after.mask == 0], base.image[after.mask == 0])
    assert len({plain.cache_space, none.cache_space, after.cache_space}) == 3
    assert after.log["ip_adapter"] == "ip-adapter" and after.record.reference["strength"] == 0.6


def test_recolour_takes_after_it(context, base, adapter):
    source, words = embed_prompts(context.bundle, [(PROMPT, ""), (OTHER, "")])
    parameters = EmbCtrlParameters()
    guide = guide_of(context, as_base(engine_edit(context, request_for(adapter)(base))))
    with torch.no_grad():
        plain = recolour(context, base, source, words, 3.0, parameters)
        after = recolour(context, base, source, words, 3.0, parameters, guide=guide)
    assert (after - plain).abs().max() > 1e-3


def test_its_steps_are_computed_again_as_they_were(context, base, adapter):
    turn = as_base(engine_edit(context, request_for(adapter)(base)))
    later = replace(request_for()(base), lineage=(base, turn), prompt="a green cat on the sofa")
    expected = engine_edit(context, later)
    context.cache.drop_space(turn.cache_space)
    again = engine_edit(context, later)
    assert again.log["steps_recomputed"] == STEPS
    assert np.abs(again.latents["trajectory"] - expected.latents["trajectory"]).max() < 1e-5


def test_a_new_pictures_steps_and_maps_are_computed_again_as_they_were(context, base, adapter):
    asked = Generate(PROMPT, SIDE, SIDE, SAMPLING, parameters={"reference_adapter": str(adapter)})
    first = as_base(generate(replace(asked, reference=PICTURE), context, 3))
    edit = Edit((first,), OTHER, MASK, "fisedit", {"plant": False})
    for request in (edit, replace(edit, mask=None, parameters={"search": "warm-up"})):
        expected = engine_edit(context, request)
        context.cache.drop_space(first.cache_space)
        again = engine_edit(context, request)
        assert again.log["steps_recomputed"] > 0
        assert np.abs(again.latents["trajectory"] - expected.latents["trajectory"]).max() < 1e-4
    rerun = RerunReference(context, first, first.negative, first.guidance)
    for at in context.plan(first.sampler, first.steps, first.seed):
        rerun.maps(at.index, at.t)
    assert np.abs(rerun.latents(STEPS).numpy() - first.latents["trajectory"][-1:]).max() < 1e-4


def test_what_cannot_be_used_is_said(context, base, adapter, tmp_path):
    with pytest.raises(ModelError, match="has no IP-Adapter"):
        engine_edit(context, replace(request_for()(base), reference=PICTURE))
    with pytest.raises(ModelError, match="is no IP-Adapter"):
        reference_adapter_for(context.bundle, tmp_path / "none.safetensors")
    alone = tmp_path / "alone" / "lonely.safetensors"
    alone.parent.mkdir()
    save_file(load_file(adapter), alone)
    with pytest.raises(ModelError, match="needs its image encoder"):
        reference_adapter_for(context.bundle, alone)
    other = write_tiny_ip_adapter(tmp_path / "other", "sdxl")
    with pytest.raises(ModelError, match="damaged or incompatible"):
        reference_adapter_for(context.bundle, other)
    tensors = load_file(adapter)
    words = tensors["image_proj.norm.weight"].shape[0]
    for name, shape in {"proj.0": (48, 24), "proj.2": (4 * words, 48)}.items():
        tensors |= {
            f"image_proj.{name}.weight": torch.zeros(shape),
            f"image_proj.{name}.bias": torch.zeros(shape[0]),
        }
    del tensors["image_proj.proj.weight"], tensors["image_proj.proj.bias"]
    faces = adapter.with_name("faces.safetensors")
    save_file(tensors, faces)
    with pytest.raises(ModelError, match="reads faces"):
        reference_adapter_for(context.bundle, faces)
    faces.unlink()
    turn = as_base(engine_edit(context, request_for(adapter)(base)))
    gone = replace(turn, record=replace(turn.record, reference={"source": "gone", "strength": 1.0}))
    with pytest.raises(ModelError, match="gone”, which is not found any more"):
        guide_of(context, gone)


def test_a_models_own_is_found_beside_it(tmp_path):
    bundle = replace(tiny_bundle("sd1"), source=str(tmp_path / "models" / "dream.safetensors"))
    assert own_reference_adapter(bundle) is None
    write_tiny_ip_adapter(tmp_path / "models" / "ip_adapter", "sdxl")
    assert own_reference_adapter(bundle) is None
    own = write_tiny_ip_adapter(tmp_path / "ip_adapter", "sd1")
    assert own_reference_adapter(bundle) == own
