"""LoRAs: as diffusers loads them, in every way of writing, taken out again to the bit, and refusals with a way out."""

import copy
import shutil
from pathlib import Path

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F
from transformers import CLIPTokenizer

from editor_core.backbones.unet.weight_layout import lay_out
from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.models import lora_merge
from editor_core.models.find_lora import find_lora
from editor_core.models.folder_layout import inspect_folder
from editor_core.models.load import load
from editor_core.models.lora_file import inspect_lora
from editor_core.models.lora_merge import LoraMerger
from editor_core.models.prompts import embed_prompt
from support.loras import (
    ALL_OF_UNET,
    ATTENTION,
    TEXT,
    factors_for,
    says,
    write_dotted,
    write_kohya,
    write_processors,
)
from support.original_files import unet_name, with_attention
from support.tiny_models import tiny_bundle, tiny_folder

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:peft.*", "ignore::UserWarning:diffusers.*")


@pytest.fixture(scope="module")
def merger():
    """One model for all; what a test leaves merged is no matter."""
    return LoraMerger(load(str(tiny_folder("sd1")), device="cpu"))


@pytest.fixture
def written(tmp_path):
    bundle = tiny_bundle("sd1")
    return write_kohya(
        tmp_path / "style.safetensors", factors_for(bundle.unet, ALL_OF_UNET),
        factors_for(bundle.text_encoder, TEXT, seed=1),
    )  # fmt: skip


def merged(merger, *files: Path | tuple[Path, float]):
    pairs = [file if isinstance(file, tuple) else (file, 1.0) for file in files]
    return merger.merged([LoraChoice(str(file), weight) for file, weight in pairs])


def by_diffusers(*files: tuple[Path, float]) -> torch.Tensor:
    bundle = tiny_bundle("sd1")
    pipeline = diffusers.StableDiffusionPipeline(
        vae=bundle.vae,
        text_encoder=copy.deepcopy(bundle.text_encoder),
        tokenizer=bundle.tokenizer,
        unet=copy.deepcopy(bundle.unet),
        scheduler=diffusers.DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    names = [f"lora{number}" for number in range(len(files))]
    for name, (file, _) in zip(names, files, strict=True):
        pipeline.load_lora_weights(
            file.parent, weight_name=file.name, adapter_name=name, local_files_only=True
        )
    pipeline.set_adapters(names, [weight for _, weight in files])
    tokens = bundle.tokenizer(
        ["a red cat"], padding="max_length", max_length=bundle.max_tokens, return_tensors="pt"
    )
    latents = torch.randn(1, bundle.latent_channels, 8, 8, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        return pipeline.unet(latents, 500, pipeline.text_encoder(tokens.input_ids)[0]).sample


def alike(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)
    assert (ours - says(tiny_bundle("sd1"))).abs().max() > 0.05  # the LoRA does something at all


def test_several_of_kohyas_with_weights_are_diffusers(merger, written, tmp_path):
    unet = factors_for(tiny_bundle("sd1").unet, ATTENTION, seed=2, rank=5, alpha=1.0)
    files = (written, 0.8), (write_kohya(tmp_path / "other.safetensors", unet), -0.5)
    alike(says(merged(merger, *files)), by_diffusers(*files))


def test_sdxls_with_both_text_encoders_is_diffusers(tmp_path):
    bundle = load(str(tiny_folder("sdxl")), device="cpu")
    file = write_kohya(tmp_path / "xl.safetensors", factors_for(bundle.unet, ATTENTION))
    tensors = load_file(file)
    for prefix, encoder in (("lora_te1_", bundle.text_encoder), ("lora_te2_", bundle.text_encoder_2)):
        write_kohya(tmp_path / "text.safetensors", {}, factors_for(encoder, TEXT, seed=len(prefix)))
        own = load_file(tmp_path / "text.safetensors")
        tensors |= {name.replace("lora_te_", prefix): tensor for name, tensor in own.items()}
    save_file(tensors, file)
    padding = CLIPTokenizer.from_pretrained(tiny_folder("sdxl") / "tokenizer_2")
    pipeline = diffusers.StableDiffusionXLPipeline(
        vae=bundle.vae, text_encoder=copy.deepcopy(bundle.text_encoder), tokenizer=bundle.tokenizer,
        text_encoder_2=copy.deepcopy(bundle.text_encoder_2), tokenizer_2=padding,
        unet=copy.deepcopy(bundle.unet), scheduler=diffusers.DDIMScheduler(),
    )  # fmt: skip
    pipeline.load_lora_weights(
        tmp_path, weight_name="xl.safetensors", adapter_name="xl", local_files_only=True
    )
    pipeline.set_adapters(["xl"], [0.7])
    theirs, _, pooled, _ = pipeline.encode_prompt("a red cat", do_classifier_free_guidance=True)
    before = copy.deepcopy(bundle.unet.state_dict())
    ours = LoraMerger(bundle).merged([LoraChoice(str(file), 0.7)])
    cond = embed_prompt(ours, "a red cat").cond
    torch.testing.assert_close(cond.hidden, theirs, rtol=0, atol=1e-4)
    torch.testing.assert_close(cond.pooled, pooled, rtol=0, atol=1e-4)
    state, expected = ours.unet.state_dict(), pipeline.unet
    expected.fuse_lora(lora_scale=1.0)
    fused = {name.replace(".base_layer", ""): tensor for name, tensor in expected.state_dict().items()}
    assert all(torch.allclose(tensor, fused[name], atol=1e-5) for name, tensor in state.items())
    assert ours.fingerprint != bundle.fingerprint and not torch.equal(
        state["mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight"],
        before["mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight"],
    )


@pytest.mark.parametrize(
    "config", [None, {"unet.r": 3, "unet.lora_alpha": 6, "unet.alpha_pattern": {"attn1.to_q": 9}}]
)
def test_dotted_names_are_diffusers(merger, tmp_path, config):
    unet = factors_for(tiny_bundle("sd1").unet, ATTENTION, alpha=None)
    if config is not None:
        config["unet.target_modules"] = sorted(unet)
    file = write_dotted(tmp_path / "peft.safetensors", unet, config=config)
    alike(says(merged(merger, file)), by_diffusers((file, 1.0)))


@pytest.mark.parametrize(
    "config", [{"unet.alpha_pattern": [9]}, {"unet.lora_alpha": float("inf")}, {"unet.lora_alpha": "6"}]
)
def test_a_scale_that_is_none_counts_as_not_said(merger, tmp_path, config):
    unet = factors_for(tiny_bundle("sd1").unet, ATTENTION, alpha=None)
    damaged = says(merged(merger, write_dotted(tmp_path / "damaged.safetensors", unet, config=config)))
    plain = says(merged(merger, write_dotted(tmp_path / "plain.safetensors", unet)))
    assert torch.equal(damaged, plain)


def test_a_text_encoders_dotted_names_are_diffusers(merger, tmp_path):
    unet = factors_for(tiny_bundle("sd1").unet, ATTENTION, alpha=None)
    text = factors_for(tiny_bundle("sd1").text_encoder, TEXT[:4], alpha=None)
    file = write_dotted(tmp_path / "peft.safetensors", unet, text)
    alike(says(merged(merger, file)), by_diffusers((file, 1.0)))


def test_the_older_names_are_diffusers(merger, tmp_path):
    file = write_processors(tmp_path / "old.safetensors", factors_for(tiny_bundle("sd1").unet, ATTENTION))
    alike(says(merged(merger, file)), by_diffusers((file, 1.0)))


def test_the_first_codes_blocks_are_the_same_modules(merger, tmp_path):
    unet = factors_for(tiny_bundle("sd1").unet, ALL_OF_UNET)
    plain = merged(merger, write_kohya(tmp_path / "plain.safetensors", unet))
    expected = says(plain)
    attentive = with_attention(name for name, _ in tiny_bundle("sd1").unet.named_modules())
    first = write_kohya(
        tmp_path / "first.safetensors",
        unet,
        rename=lambda name: unet_name(f"{name}.", 2, attentive).rstrip("."),
    )
    assert "lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q.alpha" in str(
        inspect_lora(first).layers
    )
    assert torch.equal(says(merged(merger, first)), expected)


def test_a_tucker_decomposition_runs_its_three_convolutions_in_turn(merger, tmp_path):
    """LyCORIS's LoCon with a middle factor, against the convolutions themselves."""
    name, rank = "down_blocks.0.resnets.0.conv1", 4
    conv, own = merger.merged([]).unet.get_submodule(name), tiny_bundle("sd1").unet.get_submodule(name)
    generator = torch.Generator().manual_seed(3)
    down, mid, up = (
        torch.randn(shape, generator=generator)
        for shape in ((rank, 32, 1, 1), (rank, rank, 3, 3), (32, rank, 1, 1))
    )
    slots = {"down": down, "mid": mid, "up": up, "alpha": torch.tensor(2.0)}
    merged(merger, write_kohya(tmp_path / "locon.safetensors", {name: slots}))
    x = torch.randn(1, 32, 6, 6, generator=generator)
    expected = own(x) + 2 / rank * F.conv2d(F.conv2d(F.conv2d(x, down), mid, padding=1), up)
    torch.testing.assert_close(conv(x), expected, rtol=1e-4, atol=1e-4)


def test_taken_out_again_every_bit_is_the_models(merger, written, tmp_path):
    """However often LoRAs were switched."""
    own = tiny_bundle("sd1")
    other = write_kohya(tmp_path / "other.safetensors", factors_for(own.unet, ("conv1", "to_k"), seed=4))
    first = merged(merger, (written, 0.7))
    before = says(first)
    merged(merger, other, (written, 0.3))
    assert torch.equal(says(merged(merger, (written, 0.7))), before)
    plain = merged(merger)
    assert plain.fingerprint == own.fingerprint and plain.loras == ()
    for part in ("unet", "text_encoder"):
        theirs = getattr(own, part).state_dict()
        assert all(torch.equal(t, theirs[name]) for name, t in getattr(plain, part).state_dict().items())


def test_convolutions_stay_where_rows_read_them(merger, written):
    lay_out(merger._base.unet)
    assert merged(merger, written).unet.conv_in.weight.is_contiguous(memory_format=torch.channels_last)


def test_every_choice_has_a_fingerprint_of_its_own(merger, written, tmp_path):
    bundle = tiny_bundle("sd1")
    other = write_kohya(tmp_path / "other.safetensors", factors_for(bundle.unet, ATTENTION, seed=9))
    moved = tmp_path / "elsewhere.safetensors"
    moved.write_bytes(written.read_bytes())
    prints = [
        merged(merger, *files).fingerprint
        for files in (
            [],
            [written],
            [(written, 0.5)],
            [other],
            [written, other],
            [(written, 0.5), (other, 0.5)],
        )
    ]
    assert len(set(prints)) == len(prints)
    assert merged(merger, other, written).fingerprint == prints[4]  # the order does not matter
    assert merged(merger, moved).fingerprint == prints[1]
    assert merged(merger, (written, 0.25), (moved, 0.25)).fingerprint == prints[2]
    assert merged(merger, (written, 0.0)).fingerprint == prints[0]


def test_where_memory_is_short_the_originals_are_let_go(written, monkeypatch):
    monkeypatch.setattr(lora_merge, "_room_for", lambda kept: False)
    short = LoraMerger(load(str(tiny_folder("sd1")), device="cpu"))
    merged(short)
    assert short.can_switch
    merged(short, written)
    assert not short.can_switch
    with pytest.raises(RuntimeError):
        merged(short)


def test_a_failure_halfway_leaves_the_models_own_weights(merger, written, monkeypatch):
    merged(merger)
    times, whole = iter(range(100)), lora_merge._Reader.delta

    def failing(self, change, module):
        if next(times) == 7:
            raise ModelError("The LoRA {file} could not be read.", file="style")
        return whole(self, change, module)

    monkeypatch.setattr(lora_merge._Reader, "delta", failing)
    with pytest.raises(ModelError):
        merged(merger, written)
    theirs = tiny_bundle("sd1").unet.state_dict()
    assert all(torch.equal(t, theirs[name]) for name, t in merger.merged([]).unet.state_dict().items())


def test_layers_that_have_no_place_are_counted(merger, tmp_path):
    unet = factors_for(tiny_bundle("sd1").unet, ATTENTION)
    unet["up_blocks.7.resnets.0.conv1"] = {"down": torch.ones(2, 4), "up": torch.ones(4, 2)}
    merged(merger, write_kohya(tmp_path / "more.safetensors", unet))
    assert merger.unmatched == (("more", 1),)


def told(file: Path, **said: str) -> Path:
    """The same weights, saying how they are to be used."""
    save_file(load_file(file), file, {f"palimpsest.{name}": value for name, value in said.items()})
    return file


def test_one_that_was_distilled_brings_its_own_sampling(merger, written):
    own = merged(merger)
    told(written, steps="8", guidance="1", timestep_spacing="trailing")
    found = merged(merger, written)
    assert (found.default_steps, found.default_guidance, found.distilled) == (8, 1.0, True)
    assert found.schedule.timestep_spacing == "trailing" != own.schedule.timestep_spacing
    for again in (merged(merger), merged(merger, (written, 0.0))):
        assert (again.default_steps, again.default_guidance) == (own.default_steps, own.default_guidance)
        assert again.schedule == own.schedule and not again.distilled


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": "0"},
        {"steps": "201"},
        {"steps": "many"},
        {"guidance": "-1"},
        {"guidance": "nan"},
        {"timestep_spacing": "wide"},
    ],
    ids=str,
)
def test_sampling_that_cannot_be_followed_is_passed_over(written, wrong):
    said = {"steps": "8", "guidance": "1", "timestep_spacing": "trailing"}
    assert inspect_lora(told(written, **said)).sampling is not None
    assert inspect_lora(told(written, **said | wrong)).sampling is None


def test_a_models_card_names_its_own_lora_for_few_steps(written, tmp_path):
    folder = shutil.copytree(tiny_folder("sd1"), tmp_path / "model")
    (folder / "palimpsest.json").write_text('{"few_steps": "quick"}')
    assert not inspect_folder(folder).few_steps, "there is none"
    (folder / "loras").mkdir()
    written.rename(folder / "loras" / "quick.safetensors")
    assert inspect_folder(folder).few_steps == "quick"
    assert find_lora("quick", folder) == folder / "loras" / "quick.safetensors"
    (folder / "palimpsest.json").write_text('{"few_steps": "../quick"}')
    with pytest.raises(ModelError, match="few_steps"):
        inspect_folder(folder)


def refused(merger, file) -> str:
    with pytest.raises(ModelError) as caught:
        merged(merger, file)
    return str(caught.value)


@pytest.mark.parametrize(
    "ending, said",
    [
        ("hada_w1_a", "is a LoHa, which"),
        ("lokr_w1", "is a LoKr, which"),
        ("dora_scale", "is a DoRA, which"),
        ("weights", "is no LoRA"),
    ],
)
def test_other_kinds_are_refused_by_name(merger, tmp_path, ending, said):
    file = tmp_path / "kind.safetensors"
    save_file({f"lora_unet_conv_in.{ending}": torch.zeros(2, 2)}, file)
    assert refused(merger, file).startswith(f"kind.safetensors {said}")


def test_a_lora_of_another_family_is_refused(merger, tmp_path):
    wide = {"conv_in": {"down": torch.zeros(3, 9, 3, 3), "up": torch.zeros(32, 3, 1, 1)}}
    assert "another kind of model" in refused(merger, write_kohya(tmp_path / "a.safetensors", wide))
    other = {"transformer.single_blocks.0": {"down": torch.zeros(3, 9), "up": torch.zeros(32, 3)}}
    assert "another kind of model" in refused(merger, write_kohya(tmp_path / "b.safetensors", other))


def test_missing_half_and_pickled_files_are_refused(merger, tmp_path):
    assert "does not exist" in refused(merger, tmp_path / "none.safetensors")
    (tmp_path / "old.pt").touch()
    assert "pickled" in refused(merger, tmp_path / "old.pt")
    save_file({"lora_unet_conv_in.lora_down.weight": torch.zeros(3, 4)}, tmp_path / "half.safetensors")
    assert "half there" in refused(merger, tmp_path / "half.safetensors")
