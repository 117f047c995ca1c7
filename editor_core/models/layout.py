"""What a model on disk holds, wherever its parts lie: no torch, no weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor_core.base.message import Message
from editor_core.base.vocabulary import Vocabulary
from editor_core.models.bundle import Capabilities, NoiseScheduleConfig
from editor_core.models.sketch_adapters import follows_sketches
from editor_core.models.weight_files import WeightFiles

PARTS = {
    "unet": Message("U-Net"),
    "vae": Message("autoencoder"),
    "text_encoder": Message("text encoder"),
    "text_encoder_2": Message("second text encoder"),
}


def parts_beside(unet: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of a model with this U-Net: SDXL's reads a second text encoder."""
    second = ("text_encoder_2",) if has_two_encoders(unet) else ()
    return ("unet", "vae", "text_encoder", *second)


def has_two_encoders(unet: Mapping[str, Any]) -> bool:
    """Whether the U-Net is told a pooled text and size numbers, as SDXL's (https://arxiv.org/abs/2307.01952)."""
    return unet.get("addition_embed_type") == "text_time"


@dataclass(frozen=True)
class ModelLayout:
    """A checked model of the Stable Diffusion 1.x, 2.x or SDXL family."""

    path: Path
    """The folder, or the one file."""
    name: str
    configs: Mapping[str, Mapping[str, Any]]
    """Part ("unet", "vae", "text_encoder", "text_encoder_2") to its configuration."""
    folders: Mapping[str, Path]
    """Part, or "tokenizer" and "tokenizer_2", to the folder that it is read from."""
    weights: Mapping[str, WeightFiles]
    schedule: NoiseScheduleConfig
    card: Mapping[str, Any]
    default_sampler: str = "ddim"
    """The sampler that the model's scheduler names, where there is one like it."""
    tokenizer_options: Mapping[str, Any] = field(default_factory=dict)
    """What the tokenizer's files do not say, for a vocabulary that lies elsewhere; empty for a folder's own."""
    padding_2: str | None = None
    """What fills prompts up for the second text encoder, where no "tokenizer_2" says so."""
    zero_for_no_words: bool = False
    """Whether the network is told zeros where there are no words, as SDXL was trained."""
    prediction_is_sure: bool = True
    """False where the weights could be of either prediction type, and nothing beside them said which."""
    prediction_is_answered: bool = False
    """Whether the artist said which, then."""
    prediction_is_said: bool = True
    """Whether the weights or what lies beside them say it; else the artist may, though it seems sure."""

    @property
    def latent_channels(self) -> int:
        return latent_channels(self.configs["vae"])

    @property
    def downscale(self) -> int:
        return 1 << len(vae_levels(self.configs["vae"])) - 1

    @property
    def grid(self) -> int:
        return self.downscale << len(self.configs["unet"]["block_out_channels"]) - 1

    @property
    def default_size(self) -> tuple[int, int]:
        """Pixels, (width, height): the card's, else the size the U-Net was trained at."""
        if size := self.card.get("default_size"):
            return size[0], size[1]
        side = self.configs["unet"].get("sample_size") or 64
        height, width = side if isinstance(side, list) else (side, side)
        return width * self.downscale, height * self.downscale

    @property
    def default_steps(self) -> int:
        return int(self.card.get("steps", 30))

    @property
    def default_guidance(self) -> float:
        return float(self.card.get("guidance", 5.0 if has_two_encoders(self.configs["unet"]) else 7.5))

    @property
    def few_steps(self) -> str:
        """The name of the LoRA in its folder "loras" that makes it paint in few steps; empty where it brings none."""
        name = str(self.card.get("few_steps", ""))
        return name if (self.path / "loras" / f"{name}.safetensors").is_file() else ""

    @property
    def example_prompts(self) -> tuple[str, ...]:
        return tuple(self.card.get("example_prompts", ()))

    @property
    def vocabulary(self) -> Vocabulary:
        """What the card says that the model was taught; empty for models with CLIP's words."""
        return Vocabulary({name: tuple(words) for name, words in self.card.get("vocabulary", {}).items()})

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            prediction_type=self.schedule.prediction_type,
            inpainting=self.configs["unet"].get("in_channels", 4) > self.latent_channels,
            adapter=follows_sketches(self.path, self.configs["unet"].get("cross_attention_dim", 1280)),
            prediction_is_guessed=not (self.prediction_is_sure or self.prediction_is_answered),
            grounded=self.card.get("grounded_attention", False),
        )


def latent_channels(vae: Mapping[str, Any]) -> int:
    """Of an autoencoder with this configuration."""
    return int(vae.get("latent_channels", 4))


def vae_levels(vae: Mapping[str, Any]) -> Any:
    """The channels of each level, finest first; None where the configuration has none."""
    return vae.get("block_out_channels") or vae.get("encoder_block_out_channels")
