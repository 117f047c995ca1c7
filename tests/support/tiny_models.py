"""Real models at a tiny size, with random weights, saved as ordinary diffusers folders."""

import functools
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderDC,
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    T2IAdapter,
    UNet2DConditionModel,
)
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

from editor_core.base import paths
from editor_core.models.bundle import ModelBundle
from editor_core.models.load import load

KINDS = ("sd1", "sd2", "default", "sdxl")
MAX_TOKENS = 24
START, END = "<|startoftext|>", "<|endoftext|>"
# Whole words of the tiny vocabulary; anything else falls apart into letters.
WORDS = [
    "a",
    "an",
    "and",
    "the",
    "on",
    "in",
    "red",
    "blue",
    "green",
    "cat",
    "dog",
    "hat",
    "sofa",
    "fox",
    "owl",
    "apple",
    "pear",
    "table",
    "beach",
    "forest",
    "snow",
]

_UNET: dict[str, dict[str, Any]] = {
    "sd1": {
        "in_channels": 4,
        "out_channels": 4,
        "sample_size": 8,
        "block_out_channels": (32, 64),
        "layers_per_block": 2,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "attention_head_dim": 8,
        "cross_attention_dim": 32,
    },
    "sd2": {
        "in_channels": 4,
        "out_channels": 4,
        "sample_size": 8,
        "block_out_channels": (32, 64),
        "layers_per_block": 2,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "cross_attention_dim": 32,
    },
    "sdxl": {
        "in_channels": 4,
        "out_channels": 4,
        "sample_size": 16,
        "block_out_channels": (16, 32, 48),
        "layers_per_block": 2,
        "down_block_types": ("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
        "up_block_types": ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
        "transformer_layers_per_block": (1, 2, 3),
        "attention_head_dim": (1, 2, 3),
        "norm_num_groups": 8,
        "use_linear_projection": True,
        "cross_attention_dim": 32 + 48,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 24 + 6 * 8,
    },
    "default": {
        "in_channels": 8,
        "out_channels": 8,
        "sample_size": 16,
        "block_out_channels": (16, 32, 48, 64),
        "layers_per_block": 1,
        "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        "attention_head_dim": (1, 2, 3, 4),
        "norm_num_groups": 8,
        "cross_attention_dim": 32,
    },
}
SDXL = paths.resources() / "families" / "sdxl"
_CARD = {
    "name": "Tiny",
    "default_size": [128, 128],
    "steps": 4,
    "guidance": 3.0,
    "example_prompts": ["a red cat on a sofa", "a blue owl in the snow"],
}


@functools.cache
def tiny_folder(kind: str) -> Path:
    """The folder of a tiny model ("sd1", "sd2" or "default"), written once per process. Do not change it."""
    folder = Path(_temporary_folder().name) / kind
    write_tiny_model(folder, kind)
    return folder


@functools.cache
def tiny_bundle(kind: str) -> ModelBundle:
    """A tiny model in memory on the CPU in float32, loaded once per test process. Do not change it."""
    return load(str(tiny_folder(kind)), device="cpu")


def write_tiny_adapter(folder: Path, kind: str, channels: int = 1) -> None:
    """Write a random T2I-Adapter that fits a tiny model, in diffusers' layout."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        widths = list(_UNET[kind]["block_out_channels"])
        xl = {"downscale_factor": 16, "adapter_type": "full_adapter_xl"} if kind == "sdxl" else {}
        adapter = T2IAdapter(channels, widths + widths[-1:] * bool(xl), num_res_blocks=1, **xl)
        adapter.save_pretrained(folder)


def write_tiny_controlnet(folder: Path, kind: str, zero: bool = False) -> None:
    """Write a ControlNet that fits a tiny model, in diffusers' layout: random, or as untrained ones are, all zero."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(8)
        unet = UNet2DConditionModel(**_UNET[kind])
        net = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 8, 8, 8))
        for name, weight in net.named_parameters():
            if not zero and name.startswith(("controlnet_", "controlnet_cond_embedding.conv_out")):
                torch.nn.init.normal_(weight, std=0.3)
        net.save_pretrained(folder)


def write_tiny_ip_adapter(folder: Path, kind: str, strong: float = 0.3, plus: bool = False) -> Path:
    """Write a random IP-Adapter that fits a tiny model, in the layout of h94/IP-Adapter, with its image encoder.

    plus: one that reads the encoder's hidden states.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        unet = UNet2DConditionModel(**_UNET[kind])
        words, seen = unet.config.cross_attention_dim, 24
        tensors = {
            "image_proj.proj.weight": torch.randn(4 * words, seen),
            "image_proj.proj.bias": torch.randn(4 * words),
            "image_proj.norm.weight": torch.randn(words),
            "image_proj.norm.bias": torch.randn(words),
        }
        if plus:
            tensors = {f"image_proj.{name}": 0.3 * torch.randn(shape) for name, shape in _plus(words).items()}
        sites = [name for name in unet.attn_processors if "attn2" in name]
        for number, name in enumerate(sites):
            shape = unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape
            for each in "kv":
                tensors[f"ip_adapter.{2 * number + 1}.to_{each}_ip.weight"] = strong * torch.randn(shape)
        encoder = CLIPVisionModelWithProjection(
            CLIPVisionConfig(
                hidden_size=32, intermediate_size=64, projection_dim=seen, num_hidden_layers=2,
                num_attention_heads=4, image_size=32, patch_size=8,
            )
        )  # fmt: skip
    folder.mkdir(parents=True)
    encoder.save_pretrained(folder / "image_encoder")
    save_file(tensors, folder / "ip-adapter.safetensors")
    return folder / "ip-adapter.safetensors"


def _plus(words: int, seen: int = 32, inside: int = 64) -> dict[str, tuple[int, ...]]:
    """The names and shapes of a resampler with four queries and the four layers that all have."""
    shapes: dict[str, tuple[int, ...]] = {"latents": (1, 4, inside)}
    for name, out, into in (("proj_in", inside, seen), ("proj_out", words, inside)):
        shapes |= {f"{name}.weight": (out, into), f"{name}.bias": (out,)}
    norms = {"norm_out": words}
    for layer in range(4):
        norms |= {f"layers.{layer}.{name}": inside for name in ("0.norm1", "0.norm2", "1.0")}
        for name, out, into in (
            ("0.to_q", 1, 1),
            ("0.to_kv", 2, 1),
            ("0.to_out", 1, 1),
            ("1.1", 4, 1),
            ("1.3", 1, 4),
        ):
            shapes[f"layers.{layer}.{name}.weight"] = (out * inside, into * inside)
    return shapes | {f"{name}.{each}": (size,) for name, size in norms.items() for each in ("weight", "bias")}


@functools.cache
def sketching_folder(kind: str) -> Path:
    """As `tiny_folder`, with a sketch adapter in the folder."""
    folder = Path(_temporary_folder().name) / f"{kind}-sketching"
    write_tiny_model(folder, kind)
    write_tiny_adapter(folder / "adapter_sketch", kind)
    return folder


@functools.cache
def sketching_bundle(kind: str) -> ModelBundle:
    """As `tiny_bundle`, with a sketch adapter in the folder."""
    return load(str(sketching_folder(kind)), device="cpu")


def inpainting_bundle() -> ModelBundle:
    """The "sd1" model with a U-Net that also takes the mask and the masked picture."""
    bundle = tiny_bundle("sd1")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        unet = UNet2DConditionModel(**_UNET["sd1"] | {"in_channels": 2 * bundle.latent_channels + 1})
    capabilities = replace(bundle.capabilities, inpainting=True)
    return replace(bundle, unet=unet.eval().requires_grad_(False), capabilities=capabilities)


def write_pipeline(folder: Path, **unet: Any) -> Path:
    """The "sd1" model as diffusers' own loader wants it, with an index of its parts; unet: of another U-Net."""
    shutil.copytree(tiny_folder("sd1"), folder)
    if unet:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            UNet2DConditionModel(**_UNET["sd1"] | unet).save_pretrained(folder / "unet")
    diffusers = {"unet": "UNet2DConditionModel", "vae": "AutoencoderKL", "scheduler": "DDIMScheduler"}
    transformers = {"text_encoder": "CLIPTextModel", "tokenizer": "CLIPTokenizer"}
    index: dict[str, Any] = {"_class_name": "StableDiffusionPipeline", "requires_safety_checker": False}
    index |= {part: ["diffusers", name] for part, name in diffusers.items()}
    index |= {part: ["transformers", name] for part, name in transformers.items()}
    index |= {part: [None, None] for part in ("safety_checker", "feature_extractor", "image_encoder")}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@functools.cache
def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="palimpsest-tiny-models-", ignore_cleanup_errors=True)


def write_tiny_model(folder: Path, kind: str, **unet: Any) -> None:
    """Write a tiny model; the same numbers every time. unet: of another U-Net.

    "sd1": epsilon, AutoencoderKL, 1x1 convolutions around attention. "sd2": v-prediction, linear projections,
    heads per level. "default": shaped like the shipped model: AutoencoderDC with 8 latent channels, four
    levels, three with cross-attention, one layer per block, with a card. "sdxl": two text encoders, a pooled text, no
    attention at the finest level, several transformer blocks at the others.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(KINDS.index(kind))
        tokenizer = tiny_tokenizer(pad="!" if kind == "sd2" else END)  # as Stable Diffusion 2 pads
        tokenizer.save_pretrained(folder / "tokenizer")
        networks = {
            "text_encoder": _text_encoder(len(tokenizer)),
            "vae": _autoencoder(kind),
            "unet": UNet2DConditionModel(**_UNET[kind] | unet),
        }
        if kind == "sdxl":
            tiny_tokenizer(pad="!").save_pretrained(folder / "tokenizer_2")
            networks["text_encoder_2"] = _second_text_encoder(len(tokenizer))
        for part, network in networks.items():
            _randomise_norms(network)
            network.save_pretrained(folder / part)
    if kind == "sdxl":
        shutil.copytree(SDXL / "scheduler", folder / "scheduler")
    else:
        _scheduler(kind).save_pretrained(folder / "scheduler")
    index = json.dumps({"_class_name": "StableDiffusionPipeline"})
    (folder / "model_index.json").write_text(
        (SDXL / "model_index.json").read_text() if kind == "sdxl" else index
    )
    if kind == "default":
        (folder / "palimpsest.json").write_text(json.dumps(_CARD))


def tiny_tokenizer(pad: str = END) -> CLIPTokenizer:
    """CLIP's byte-level BPE over all bytes, with merges for `WORDS` only."""
    alphabet = _byte_alphabet()
    vocabulary = alphabet + [letter + "</w>" for letter in alphabet]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        piece = word[0] if len(word) > 1 else ""
        for position, letter in enumerate(word[1:], 2):
            right = letter + ("</w>" if position == len(word) else "")
            merges.append((piece, right))
            piece += right
            vocabulary.append(piece)
    vocabulary = list(dict.fromkeys([*vocabulary, START, END]))
    vocab = {token: index for index, token in enumerate(vocabulary)}
    merges = list(dict.fromkeys(merges))
    return CLIPTokenizer(vocab=vocab, merges=merges, pad_token=pad, model_max_length=MAX_TOKENS)


def _byte_alphabet() -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    return sorted(ByteLevel.alphabet())


def _text_encoder(vocabulary: int) -> CLIPTextModel:
    return CLIPTextModel(_text_config(vocabulary))


def _second_text_encoder(vocabulary: int) -> CLIPTextModelWithProjection:
    return CLIPTextModelWithProjection(
        _text_config(vocabulary, hidden_size=48, num_hidden_layers=3, hidden_act="gelu", projection_dim=24)
    )


def _text_config(vocabulary: int, **others: Any) -> CLIPTextConfig:
    shape = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": MAX_TOKENS,
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
        "pad_token_id": vocabulary - 1,
    }
    return CLIPTextConfig(vocab_size=vocabulary, **shape | others)


def _autoencoder(kind: str) -> AutoencoderKL | AutoencoderDC:
    if kind == "default":
        levels = 4
        return AutoencoderDC(
            latent_channels=8,
            encoder_block_out_channels=(8, 16, 32, 32),
            decoder_block_out_channels=(8, 16, 32, 32),
            encoder_layers_per_block=(1,) * levels,
            decoder_layers_per_block=(1,) * levels,
            encoder_qkv_multiscales=((),) * levels,
            decoder_qkv_multiscales=((),) * levels,
            scaling_factor=0.8,
        )
    return AutoencoderKL(
        block_out_channels=(16, 16, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=8,
        scaling_factor=0.18215,
    )


def _randomise_norms(network: torch.nn.Module) -> None:
    """A fresh norm multiplies by one and adds zero, which would hide a mistake in either."""
    for module in network.modules():
        if isinstance(module, torch.nn.GroupNorm | torch.nn.LayerNorm):
            torch.nn.init.normal_(module.weight, 1.0, 0.2)
            torch.nn.init.normal_(module.bias, 0.0, 0.2)


def _scheduler(kind: str) -> DDIMScheduler:
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=kind == "default",
        steps_offset=0 if kind == "default" else 1,
        prediction_type="v_prediction" if kind == "sd2" else "epsilon",
    )
