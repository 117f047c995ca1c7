"""Textual inversions: the words of a file are what diffusers makes of them, with one text encoder and with two."""

from dataclasses import replace

import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer

from editor_core.engines.incremental.keys import run_space
from editor_core.messages.run import RunSpec
from editor_core.models.inversions import with_inversions
from editor_core.models.load import load
from editor_core.models.prompts import digest_of_inversions, embed_prompt, tokenize
from support.tiny_models import tiny_bundle, tiny_folder

TEXT = "a red cat, moody on the sofa"


def write(file, kind, count=2, seed=0):
    """Vectors as large as the model's own."""
    bundle, generator = tiny_bundle(kind), torch.Generator().manual_seed(seed)
    encoders = {
        "clip_l" if kind == "sdxl" else "emb_params": bundle.text_encoder,
        "clip_g": bundle.text_encoder_2,
    }
    save_file(
        {
            name: torch.randn(count, encoder.config.hidden_size, generator=generator) * 0.5
            for name, encoder in encoders.items()
            if encoder is not None
        },
        file,
    )
    return file


@pytest.fixture(params=["sd1", "sdxl"])
def kind(request):
    return request.param


def test_a_word_is_its_vectors_as_diffusers_has_them(tmp_path, kind):
    file = write(tmp_path / "moody.safetensors", kind)
    bundle = load(str(tiny_folder(kind)), device="cpu", inversions=[file])
    assert [word.text for word in tokenize(bundle, TEXT).words][4] == "moody"
    ours = embed_prompt(bundle, TEXT, "moody").cond
    theirs = diffusers_states(kind, file, TEXT)
    assert torch.equal(ours.hidden, theirs[0])
    if kind == "sdxl":
        assert torch.equal(ours.pooled, theirs[1])
    plain = embed_prompt(tiny_bundle(kind), TEXT).cond
    assert (ours.hidden - plain.hidden).abs().max() > 0.01


def diffusers_states(kind, file, text):
    own = load(str(tiny_folder(kind)), device="cpu")  # of its own, for it is changed
    parts = {"vae": own.vae, "text_encoder": own.text_encoder, "tokenizer": own.tokenizer, "unet": own.unet}
    if kind == "sdxl":
        tokenizer = CLIPTokenizer.from_pretrained(tiny_folder(kind) / "tokenizer_2")
        parts |= {"text_encoder_2": own.text_encoder_2, "tokenizer_2": tokenizer}
        pipeline = StableDiffusionXLPipeline(scheduler=DDIMScheduler(), **parts)
    else:
        rest = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        pipeline = StableDiffusionPipeline(scheduler=DDIMScheduler(), **parts, **rest)
    tensors = load_file(file)
    if kind == "sdxl":
        for key, encoder, tokenizer in (
            ("clip_l", pipeline.text_encoder, pipeline.tokenizer),
            ("clip_g", pipeline.text_encoder_2, pipeline.tokenizer_2),
        ):
            pipeline.load_textual_inversion(
                tensors[key], token="moody", text_encoder=encoder, tokenizer=tokenizer
            )
        states, _, pooled, _ = pipeline.encode_prompt(text, do_classifier_free_guidance=True)
        return states, pooled
    pipeline.load_textual_inversion(str(file), token="moody")
    states, _ = pipeline.encode_prompt(text, "cpu", 1, True)
    return states, None


def test_every_way_to_write_it_means_the_same_and_inside_of_words_it_means_nothing(tmp_path):
    bundle = load(
        str(tiny_folder("sd1")),
        device="cpu",
        inversions=[write(tmp_path / "Bad-Hands_5.safetensors", "sd1", 3)],
    )
    plain = tokenize(bundle, "a Bad-Hands_5 cat")
    for text in ("a <Bad-Hands_5> cat", "a embedding:Bad-Hands_5 cat", "a bad-hands_5 cat"):
        assert tokenize(bundle, text).ids == plain.ids, text
    assert len(plain.words[1].ids) == 3 and plain.words[1].known
    assert tokenize(bundle, "a bad-hands_55 cat").ids != plain.ids
    weighed = tokenize(bundle, "a (Bad-Hands_5:1.3) cat")
    assert weighed.ids == plain.ids and weighed.words[1].weight == 1.3


def test_what_is_for_another_model_or_damaged_is_no_word(tmp_path):
    other = write(tmp_path / "moody.safetensors", "sdxl")
    (tmp_path / "cut.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    save_file({"emb_params": torch.full((1, 32), torch.nan)}, tmp_path / "nan.safetensors")
    bundle = tiny_bundle("sd1")
    assert with_inversions(bundle, [other, *tmp_path.glob("*.safetensors"), tmp_path / "gone"]) is bundle


def test_a_run_with_other_vectors_of_the_same_word_has_a_space_of_its_own(tmp_path):
    spec = RunSpec("model", "generate", "a moody cat", "", 1, 4, 3.0, (8, 8))
    bundles = [
        load(
            str(tiny_folder("sd1")),
            device="cpu",
            inversions=[write(tmp_path / str(seed) / "moody.safetensors", "sd1", seed=seed)],
        )
        for seed in (0, 1)
        if (tmp_path / str(seed)).mkdir() is None
    ]
    spaces = {run_space(spec, bundle) for bundle in bundles}
    assert len(spaces) == 2 and run_space(spec, tiny_bundle("sd1")) == run_space(spec) not in spaces
    assert digest_of_inversions(bundles[0], "a red cat") == ""
    assert run_space(replace(spec, prompt="a cat"), bundles[0]) == run_space(replace(spec, prompt="a cat"))
