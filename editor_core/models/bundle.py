"""A model in memory: its networks, and every fact about it that the rest of the program asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from editor_core.base.loras import LoraChoice
from editor_core.base.vocabulary import Vocabulary

if TYPE_CHECKING:  # the catalogue of models reads this module without loading torch
    import torch

    from editor_core.models.inversions import Inversion


TIMESTEP_SPACINGS = ("leading", "linspace", "trailing")


@dataclass(frozen=True)
class NoiseScheduleConfig:
    """The numbers of `scheduler_config.json` that fix the noise; defaults are diffusers' DDIMScheduler's."""

    num_train_timesteps: int = 1000
    beta_start: float = 0.0001
    beta_end: float = 0.02
    beta_schedule: str = "linear"
    """"linear", "scaled_linear" or "squaredcos_cap_v2"."""
    trained_betas: tuple[float, ...] | None = None
    prediction_type: str = "epsilon"
    """"epsilon" or "v_prediction"."""
    steps_offset: int = 0
    set_alpha_to_one: bool = True
    timestep_spacing: str = "leading"
    """One of `TIMESTEP_SPACINGS`."""
    rescale_betas_zero_snr: bool = False
    """Whether the noisiest timestep is pure noise (https://arxiv.org/abs/2305.08891, Algorithm 1)."""


@dataclass(frozen=True)
class Capabilities:
    prediction_type: str
    inpainting: bool
    """The U-Net also takes a mask and the masked picture (9 channels in Stable Diffusion's inpainting
    models)."""
    adapter: bool
    """A T2I-Adapter or ControlNet for sketches lies in the folder or beside it."""
    prediction_is_guessed: bool = False
    """Neither the model nor the artist said what it predicts."""
    grounded: bool = False
    """The words' cross-attention was trained to lie on what they name; only the model's card can say so."""


@dataclass(frozen=True, eq=False)
class ModelBundle:
    """A loaded text-to-image model. The networks are in evaluation mode and take no gradients."""

    unet: Any
    vae: Any
    text_encoder: Any
    tokenizer: Any
    schedule: NoiseScheduleConfig
    name: str
    source: str
    """"default", or the path of the folder or file."""
    fingerprint: str
    """Equal exactly when the weights and configurations are; see `fingerprint.py`. LoRAs count."""
    device: "torch.device"
    dtype: "torch.dtype"
    """Of the U-Net and the text encoders; the autoencoder is float32 everywhere."""
    latent_channels: int
    downscale: int
    """Pixels per latent position and side."""
    grid: int
    """Pixels: the picture's sides must be multiples of it, so that every level of the U-Net halves evenly."""
    scaling_factor: float
    shift_factor: float
    default_size: tuple[int, int]
    """Pixels, (width, height)."""
    default_steps: int
    default_guidance: float
    default_sampler: str
    """By name, as `sampling/samplers.py` lists them."""
    example_prompts: tuple[str, ...]
    capabilities: Capabilities
    text_encoder_2: Any = None
    """SDXL's second text encoder, which has the first one's vocabulary; None for families with one."""
    padding_id_2: int = 0
    """The token that fills its prompts up."""
    skipped_layers_2: int = 0
    """So many more of its last layers than usual its hidden states leave out (CLIP skip); its pooled text reads all."""
    zero_for_no_words: bool = False
    """Whether the network is told zeros where there are no words."""
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    """The words that the model was taught, if its card lists them."""
    loras: tuple[LoraChoice, ...] = ()
    """Those that are merged into the weights, by path."""
    few_steps: str = ""
    """The name of its own LoRA that makes it paint in few steps; empty where it brings none."""
    distilled: bool = False
    """Whether a LoRA for few steps is merged: the steps, the guidance and the timesteps' spacing are that one's."""
    inversions: Mapping[int, "Inversion"] = field(default_factory=dict)
    """Token ids that stand for textual inversions; see `inversions.py`."""
    vae_source: str = ""
    """The folder or file of an autoencoder that is not the model's own; empty for that."""
    clip_skip: int = 1
    """The layer of the text encoder, counted from its end, that the words are read from."""

    @property
    def max_tokens(self) -> int:
        """Token positions of the text encoder, the start and end tokens included."""
        return int(self.text_encoder.config.max_position_embeddings)

    def latent_shape(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The latents' shape (1, C, h, w) for a picture whose sides, in pixels, lie on the grid."""
        return 1, self.latent_channels, height // self.downscale, width // self.downscale
