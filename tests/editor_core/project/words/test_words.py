"""What pictures of other programs say of how they were made, in files as those programs write them."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sd_parsers
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, TiffImagePlugin, TiffTags
from PIL.PngImagePlugin import PngInfo

from editor_core.project.image_io import write_image
from editor_core.project.metadata import provenance
from editor_core.project.words import automatic1111, comfyui, invokeai, novelai, own
from editor_core.project.words.found import MAX_SEED, FoundWords
from editor_core.project.words.reading import words_in
from support.documents import make_turn

PICTURE = Image.new("RGB", (8, 8), (90, 120, 200))
RGB = np.full((8, 8, 3), 90, np.uint8)

INFOTEXT = """a fox, (masterpiece:1.2)
on the snow <lora:winter:0.8>
Negative prompt: blurry,
extra tails
Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 1234567890, Size: 512x768, Model hash: 0123456789, \
Model: photo_v51, TI hashes: "easy: 12ab, bad: 34cd", Version: v1.9.4"""
FOX = FoundWords(
    program="Automatic1111",
    prompt="a fox, (masterpiece:1.2)\non the snow <lora:winter:0.8>",
    negative="blurry,\nextra tails",
    seed=1234567890,
    steps=28,
    guidance=6.5,
    sampler="DPM++ 2M Karras",
    model="photo_v51",
)


def node(kind: str, **inputs):
    return {"class_type": kind, "inputs": inputs}


SIMPLE = {
    "3": node("KSampler", seed=5, steps=20, cfg=8.0, sampler_name="euler", scheduler="normal", denoise=1,
              model=["10", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0]),
    "4": node("CheckpointLoaderSimple", ckpt_name="photo_v51.safetensors"),
    "5": node("EmptyLatentImage", width=512, height=512, batch_size=1),
    "6": node("CLIPTextEncode", text="a fox", clip=["10", 1]),
    "7": node("CLIPTextEncode", text="blurry", clip=["10", 1]),
    "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    "10": node("LoraLoader", lora_name="winter.safetensors", model=["4", 0], clip=["4", 1]),
}  # fmt: skip
SIMPLE_WORDS = FoundWords("ComfyUI", "a fox", "blurry", 5, 20, 8.0, "euler", "photo_v51.safetensors")
# A second sampler refines the first one's picture; the words come from nodes of their own, through a control net.
REFINED = SIMPLE | {
    "6": node("CLIPTextEncode", text=["20", 0], clip=["4", 1]),
    "20": node("PrimitiveStringMultiline", value="a fox on the snow"),
    "11": node("ControlNetApplyAdvanced", strength=1.0, positive=["6", 0], negative=["7", 0], image=["9", 0]),
    "12": node("KSampler", seed=6, steps=12, cfg=4.5, sampler_name="dpmpp_2m", model=["10", 0],
               positive=["11", 0], negative=["11", 1], latent_image=["3", 0]),
    "8": node("VAEDecode", samples=["12", 0], vae=["4", 2]),
}  # fmt: skip
REFINING = {"seed": 6, "steps": 12, "guidance": 4.5, "sampler": "dpmpp_2m"}
GUIDED = {
    "1": node("UNETLoader", unet_name="flux1-dev.safetensors", weight_dtype="default"),
    "2": node("CLIPTextEncode", text="a fox", clip=["30", 0]),
    "3": node("FluxGuidance", guidance=3.5, conditioning=["2", 0]),
    "4": node("BasicGuider", model=["1", 0], conditioning=["3", 0]),
    "5": node("RandomNoise", noise_seed=77),
    "6": node("KSamplerSelect", sampler_name="euler"),
    "7": node("BasicScheduler", scheduler="simple", steps=24, denoise=1, model=["1", 0]),
    "8": node("SamplerCustomAdvanced", noise=["5", 0], guider=["4", 0], sampler=["6", 0], sigmas=["7", 0],
              latent_image=["9", 0]),
    "9": node("EmptySD3LatentImage", width=512, height=512, batch_size=1),
    "10": node("VAEDecode", samples=["8", 0], vae=["31", 0]),
    "11": node("SaveImage", images=["10", 0]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (SIMPLE, SIMPLE_WORDS),
        (
            REFINED,
            replace(
                SIMPLE_WORDS, prompt="a fox on the snow", seed=6, steps=12, guidance=4.5, sampler="dpmpp_2m"
            ),
        ),
        (GUIDED, FoundWords("ComfyUI", "a fox", "", 77, 24, 3.5, "euler", "flux1-dev.safetensors")),
    ],
)
def test_comfyui_graphs(graph, words):
    assert comfyui.read({"prompt": json.dumps(graph)}) == words


def test_a_graph_in_a_circle_ends():
    circle = {
        "1": node("A", positive=["2", 0], latent_image=["1", 0]),
        "2": node("B", x=["1", 0], y=["2", 0]),
    }
    assert comfyui.read({"prompt": json.dumps(circle)}) is None


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            {"invokeai_metadata": json.dumps({
                "positive_prompt": "a fox", "negative_prompt": "blurry", "seed": 9, "steps": 30, "cfg_scale": 7.5,
                "scheduler": "euler", "model": {"name": "photo", "hash": "blake3:12"},
            })},
            FoundWords("InvokeAI", "a fox", "blurry", 9, 30, 7.5, "euler", "photo"),
        ),
        (
            {"sd-metadata": json.dumps({
                "model_weights": "photo",
                "image": {"prompt": [{"prompt": "a fox [blurry]", "weight": 1}], "seed": 9, "steps": 30,
                          "cfg_scale": 7.5, "sampler": "k_lms"},
            })},
            FoundWords("InvokeAI", "a fox", "blurry", 9, 30, 7.5, "k_lms", "photo"),
        ),
        (
            {"Dream": '"a \\"sly\\" fox [blurry]" -s 30 -S 9 -W 512 -H 512 -C 7.5 -A k_lms'},
            FoundWords("InvokeAI", 'a "sly" fox', "blurry", 9, 30, 7.5, "k_lms"),
        ),
    ],
)  # fmt: skip
def test_invokeai_in_its_three_notations(texts, words):
    assert invokeai.read(texts) == words


def test_novelai():
    comment = json.dumps({"steps": 28, "sampler": "k_euler", "seed": 9, "scale": 11, "uc": "lowres"})
    texts = {"Title": "AI generated image", "Description": "a fox", "Software": "NovelAI"}
    texts |= {"Source": "Stable Diffusion 81274D13", "Comment": comment}
    assert novelai.read(texts) == FoundWords(
        "NovelAI", "a fox", "lowres", 9, 28, 11.0, "k_euler", "Stable Diffusion"
    )
    assert novelai.read({**texts, "Software": "GIMP"}) is None


def test_automatic1111_and_fooocus():
    assert automatic1111.read({"parameters": INFOTEXT}) == FOX
    values = {"prompt": "a fox", "negative_prompt": "", "seed": "9", "steps": 30, "guidance_scale": 4,
              "sampler": "dpmpp_2m_sde_gpu", "base_model": "juggernaut"}  # fmt: skip
    assert automatic1111.read({"parameters": json.dumps(values)}) == FoundWords(
        "Fooocus", "a fox", "", 9, 30, 4.0, "dpmpp_2m_sde_gpu", "juggernaut"
    )


# -- files


def as_png(path: Path, after: bool = False, **texts: str) -> Path:
    info = PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    PICTURE.save(path, pnginfo=info)
    if after:  # the chunks of the texts moved behind the pixels
        data = path.read_bytes()
        begin, pixels, end = data.index(b"iTXt") - 4, data.index(b"IDAT") - 4, data.index(b"IEND") - 4
        path.write_bytes(data[:begin] + data[pixels:end] + data[begin:pixels] + data[end:])
    return path


def with_comment(path: Path, comment: bytes) -> Path:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    PICTURE.save(path, exif=exif)
    return path


@pytest.mark.parametrize("after", [False, True])
def test_texts_of_a_png_before_and_behind_its_pixels(tmp_path, after):
    assert words_in(as_png(tmp_path / "a.png", after, parameters=INFOTEXT)) == FOX
    assert (
        words_in(as_png(tmp_path / "b.png", after, prompt=json.dumps(SIMPLE), workflow="{}")) == SIMPLE_WORDS
    )


@pytest.mark.parametrize("ending", ["jpg", "webp"])
@pytest.mark.parametrize(
    "encoded",
    [
        b"UNICODE\0" + INFOTEXT.encode("utf-16-be"),
        b"UNICODE\0" + INFOTEXT.encode("utf-16-le"),
        b"ASCII\0\0\0" + INFOTEXT.encode(),
        b"\0" * 8 + INFOTEXT.encode(),
    ],
    ids=["big", "little", "ascii", "unnamed"],
)
def test_the_user_comment_of_jpeg_and_webp(tmp_path, ending, encoded):
    assert words_in(with_comment(tmp_path / f"a.{ending}", encoded)) == FOX


def test_comfyui_in_a_webp(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = f"prompt:{json.dumps(SIMPLE)}"
    exif[ExifTags.Base.Make] = "workflow:{}"
    PICTURE.save(tmp_path / "a.webp", exif=exif)
    assert words_in(tmp_path / "a.webp") == SIMPLE_WORDS


def test_where_nothing_is_said_nothing_is_found(tmp_path):
    (tmp_path / "none.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "text.png").write_text("hello")
    assert words_in(as_png(tmp_path / "a.png", Comment="by me", parameters="a note")) is None
    assert words_in(with_comment(tmp_path / "a.jpg", b"ASCII\0\0\0holiday")) is None
    assert [words_in(tmp_path / name) for name in ("none.png", "text.png", "missing.png")] == [None] * 3


# -- our own


HARD = "a fox\nNegative prompt: no\nSteps: 5, <&>\"' 小狐狸 😀 \x01"


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "avif", "tiff"])
def test_our_own_export_comes_back_exactly(tmp_path, ending):
    asked = {"prompt": HARD, "negative": f"no {HARD}", "seed": MAX_SEED, "guidance": 6.5}
    chain = [make_turn(1), make_turn(2, make_turn(1), **asked)]
    path = tmp_path / f"a.{ending}"
    write_image(path, RGB, provenance(chain))
    turn = chain[-1]
    assert words_in(path) == FoundWords(
        "Palimpsest", HARD, f"no {HARD}", MAX_SEED, turn.steps, 6.5, "ddim", turn.model
    )


def test_half_a_surrogate_pair_is_exported(tmp_path):
    for ending in ("png", "jpg", "webp", "tiff"):
        write_image(tmp_path / f"a.{ending}", RGB, provenance([make_turn(1, prompt="a \udcff fox")]))
    assert words_in(tmp_path / "a.png").prompt == words_in(tmp_path / "a.jpg").prompt == "a \udcff fox"


def test_a_prompt_too_long_for_a_jpegs_segment_goes_into_what_has_room(tmp_path):
    long = "a fox on the snow, " * 1000 + "<" * 12_000
    write_image(tmp_path / "a.jpg", RGB, provenance([make_turn(1, prompt=long)]))
    assert words_in(tmp_path / "a.jpg").prompt == long
    write_image(tmp_path / "a.jpg", RGB, provenance([make_turn(1, prompt=long * 3)]))
    assert (
        words_in(tmp_path / "a.jpg") is None
        and b"trainedAlgorithmicMedia" in (tmp_path / "a.jpg").read_bytes()
    )
    write_image(tmp_path / "a.png", RGB, provenance([make_turn(1, prompt=long * 3)]))
    assert words_in(tmp_path / "a.png").prompt == long * 3


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_other_programs_readers_read_our_exports(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    turn = make_turn(1, prompt="a fox, дом", negative="blurry", seed=41, guidance=7.0, model="Picture Book")
    write_image(path, RGB, provenance([turn]))
    found = sd_parsers.ParserManager().parse(path)
    assert found is not None
    [sampler] = found.samplers
    assert [prompt.value for prompt in sampler.prompts] == ["a fox, дом"]
    assert [prompt.value for prompt in sampler.negative_prompts] == ["blurry"]
    assert sampler.name == "DDIM" and sampler.model.name == "Picture Book"
    assert sampler.parameters["seed"] == "41" and sampler.parameters["steps"] == str(turn.steps)


def infotext_as_others_find_it(path):
    """Where the Stable Diffusion web UI and sd-prompt-reader look: a PNG's text, elsewhere the Exif user comment, of
    the type and with the prefix that Exif has for it (2.3, section 4.6.5)."""
    with Image.open(path) as image:
        if image.format == "PNG":
            return image.info["parameters"]
        exif = image.info["exif"].removeprefix(b"Exif\0\0")
    directory = TiffImagePlugin.ImageFileDirectory_v2(exif[:8])
    file = io.BytesIO(exif)
    file.seek(directory.next)
    directory.load(file)
    file.seek(directory[ExifTags.IFD.Exif])
    directory.load(file)
    assert directory.tagtype[ExifTags.Base.UserComment] == TiffTags.UNDEFINED
    comment = directory[ExifTags.Base.UserComment]
    assert comment.startswith(b"UNICODE\0")
    return comment[8:].decode("utf-16-be")


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "avif"])
@pytest.mark.parametrize("negative", ["blurry, extra tails", ""])
def test_the_rules_of_sd_prompt_reader_find_our_words(tmp_path, ending, negative):
    """Its releases want an old Pillow, so its rules are written out: lines that begin so and so, then "key: value"."""
    path = tmp_path / f"a.{ending}"
    prompt = "a fox: red, дом\n(snow:1.2)"
    turn = make_turn(1, prompt=prompt, negative=negative, seed=41, guidance=7.0, model="Picture Book")
    write_image(path, RGB, provenance([turn]))
    text = infotext_as_others_find_it(path)
    words, _, settings_line = text.partition("\nSteps:")
    positive, _, avoided = words.partition("\nNegative prompt:")
    assert (positive.strip(), avoided.strip()) == (prompt, negative)
    found = dict(re.findall(r"\s*([^:,]+):\s*([^,]+)", f"Steps:{settings_line}"))
    asked = {name: found[name] for name in ("Model", "Sampler", "Seed", "CFG scale", "Steps", "Size")}
    size = f"{turn.image.shape[1]}x{turn.image.shape[0]}"
    assert list(asked.values()) == ["Picture Book", "DDIM", "41", "7", str(turn.steps), size]


def links(graph):
    """As ComfyUI's ``workflow`` lists them: number, source, its output, target, its input, type."""
    ends = [(value, target) for target, each in graph.items() for value in each["inputs"].values()]
    between = [(value, target) for value, target in ends if isinstance(value, list)]
    return [[n, int(value[0]), value[1], int(target), 0, "*"] for n, (value, target) in enumerate(between)]


def test_other_programs_readers_agree_with_ours(tmp_path):
    paths = [
        as_png(tmp_path / "a.png", parameters=INFOTEXT),
        as_png(tmp_path / "b.png", prompt=json.dumps(SIMPLE), workflow=json.dumps({"links": links(SIMPLE)})),
    ]
    for path in paths:
        theirs, ours = sd_parsers.ParserManager().parse(path), words_in(path)
        [sampler] = theirs.samplers
        assert ours.prompt == sampler.prompts[0].value and ours.negative == sampler.negative_prompts[0].value
        assert str(ours.seed) == str(sampler.parameters["seed"]) and ours.sampler == sampler.name
        if isinstance(sampler.model.name, str):  # of a LoRA in ComfyUI they have the link instead
            assert ours.model == sampler.model.name


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_without_words_only_the_source_is_told(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    write_image(path, RGB, provenance([make_turn(1, prompt="a secret fox", seed=4242)]).without_words())
    data = path.read_bytes()
    assert b"trainedAlgorithmicMedia" in data and words_in(path) is None
    assert not [word for word in (b"secret", b"4242", "secret".encode("utf-16-be")) if word in data]


# -- hostile


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(["1", 0]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
inputs = st.dictionaries(
    st.sampled_from(["positive", "negative", "text", "seed", "images", "latent_image", "guider", "model"]),
    json_values,
)
graphs = st.dictionaries(
    st.sampled_from(["1", "2", "3"]), st.fixed_dictionaries({"inputs": inputs}) | json_values
)
KEYS = ("parameters", "prompt", "invokeai_metadata", "sd-metadata", "Dream", "Comment", "palimpsest:edit")
KEYS += ("XMP", "UserComment")


@settings(deadline=None, max_examples=150)
@given(
    texts=st.dictionaries(
        st.sampled_from(KEYS), st.text(max_size=40) | (json_values | graphs).map(json.dumps)
    )
)
def test_no_text_breaks_a_reader(texts):
    texts = {"Software": "NovelAI", **texts}
    for program in (own, invokeai, novelai, automatic1111, comfyui):
        found = program.read(texts)
        if found is not None:
            assert isinstance(found.prompt, str) and isinstance(found.model, str)
            assert found.seed is None or 0 <= found.seed <= MAX_SEED


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, '"' + "\\" * 100_000, "a: b, " * 50_000, '"[' * 50_000 + '"']
)
def test_long_texts_take_no_time(tmp_path, text):
    for key in ("parameters", "prompt", "Dream", "invokeai_metadata"):
        words_in(as_png(tmp_path / "a.png", **{key: text}))


def test_a_cut_off_picture_still_says_its_words(tmp_path):
    path = as_png(tmp_path / "a.png", parameters=INFOTEXT)
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"IDAT") + 6])
    assert words_in(path) == FOX
