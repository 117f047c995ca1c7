"""What can be asked of the session: frozen requests that carry everything they need.

Pixels and latents are copies or read-only arrays; a request never holds the live document.
``None`` in a field means "as the model's own defaults say" (a random number for ``seed``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.messages.run import DEFAULT_SAMPLER, RunRecord

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Sampling:
    """How a run is sampled; together with prompt, size and model it repeats the run exactly."""

    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    negative: str = ""
    sampler: str = DEFAULT_SAMPLER
    """By name; for a new picture empty stands for the model's own."""


@dataclass(frozen=True, eq=False)
class BaseTurn:
    """What an engine needs of one finished turn: its words, its sampling, and what it left behind."""

    prompt: str
    negative: str
    seed: int
    steps: int
    guidance: float
    method: str
    fingerprint: str
    image: np.ndarray
    """uint8 (H, W, 3)."""
    mask: np.ndarray | None
    """uint8 (H, W): what the turn changed against its parent; None for a first turn."""
    latents: Mapping[str, np.ndarray]
    """Named arrays the engine kept, among them "trajectory" float32 (steps + 1, C, h, w), noise first."""
    cache_space: str
    """Where the turn's activations lie in the cache; empty if it left none."""
    sampler: str = DEFAULT_SAMPLER
    """By name, as `sampling/samplers.py` lists them."""
    record: RunRecord = field(default_factory=RunRecord)


@dataclass(frozen=True)
class LoadModel:
    """Get a model into memory. Result: ModelInfo."""

    source: str = "default"
    device: str = "auto"
    loras: tuple[LoraChoice, ...] = ()
    """Merged into its weights, by path."""
    vae: str = ""
    """A folder or file with an autoencoder instead of the model's own; empty for that."""
    clip_skip: int = 1
    """The layer of the text encoder, counted from its end, that the words are read from."""
    precision: str = "auto"
    """"auto", "float32", "bfloat16" or "float16"."""
    anew: bool = False
    """Read it from disk though it is in memory."""

    @staticmethod
    def chosen(settings: Settings, anew: bool = False) -> "LoadModel":
        """The model that the settings name."""
        names = ("device", "loras", "vae", "clip_skip", "precision")
        return LoadModel(settings.model, anew=anew, **{name: getattr(settings, name) for name in names})


@dataclass(frozen=True, eq=False)
class Generate:
    """Make a picture from words, and from a reference picture if there is one. Result: TurnResult."""

    prompt: str
    width: int | None = None
    """Pixels; None is the model's own size."""
    height: int | None = None
    sampling: Sampling = Sampling()
    one_pass: bool = False
    """Paint it at once, even where it is larger than the model paints well."""
    parameters: Parameters = field(default_factory=dict)
    """Of `engines/generate.py: GenerateParameters`."""
    reference: np.ndarray | None = None
    """uint8 (H, W, 3): a picture that the new one takes after, by an IP-Adapter."""


@dataclass(frozen=True, eq=False)
class OpenPicture:
    """Find the trajectory of a picture that was made elsewhere. Result: TurnResult."""

    image: np.ndarray
    """uint8 (H, W, 3)."""
    prompt: str
    sampling: Sampling = Sampling()
    how: str = "direct"
    """"direct", "null-text" or "ddim": what the later edits' source branch follows; see engines/open_picture.py."""
    lineage: tuple[BaseTurn, ...] = ()
    """The turns to the one that this picture was painted on: where it still is that one's, its trajectory is kept."""
    one_pass: bool = False
    """Analyse it as a whole, even where it is larger than the model paints well."""


@dataclass(frozen=True, eq=False)
class Edit:
    """Change a finished turn. Result: TurnResult; where several were asked for, the others come as Variant events."""

    lineage: tuple[BaseTurn, ...]
    """The path from the first turn to the one being edited, which comes last."""
    prompt: str
    mask: np.ndarray | None = None
    """uint8 (H, W), nonzero where the picture may change, less where grey; None lets the engine find the region."""
    method: str = "fisedit"
    parameters: Parameters = field(default_factory=dict)
    negative: str | None = None
    """None keeps the words of the edited turn."""
    guidance: float | None = None
    sketch: np.ndarray | None = None
    """uint8 (H, W) or (H, W, 3), as drawn, usually dark on light: the lines of what should appear."""
    strength: float = 1.0
    """How far the picture is noised before it is denoised: 0 leaves it as it is, 1 paints anew."""
    painted: np.ndarray | None = None
    """uint8 (H, W, 3): the picture as it was painted over since, from which Repaint begins inside the mask at a
    strength below 1; None: the edited turn's own."""
    reference: np.ndarray | None = None
    """uint8 (H, W, 3): a picture that the edit takes after, by an IP-Adapter."""

    @property
    def base(self) -> BaseTurn:
        return self.lineage[-1]


@dataclass(frozen=True, eq=False)
class Upscale:
    """Make a finished turn's picture larger. Result: TurnResult, of another size and without a mask."""

    base: BaseTurn
    factor: int = 2
    """2 or 4."""
    upscaler: str = ""
    """The network that enlarges, by name or file; empty for Lanczos."""
    repaint: bool | None = None
    """Whether the model paints the detail; None: where no network did."""
    strength: float | None = None
    """How far it is noised for that, 0..1; None is what suits detail."""


@dataclass(frozen=True, eq=False)
class FindMask:
    """Find where a phrase would change a picture. Result: FoundMask."""

    image: np.ndarray
    """uint8 (H, W, 3)."""
    phrase: str
    """What to paint: "a fox", "on the beach"."""
    sentence: str = ""
    """What the whole picture shows then, the phrase among it; empty where only the phrase is known."""
    before: str = ""
    """What it shows now; empty where that is not known."""
    negative: str = ""
    seed: int = 0
    parameters: Parameters = field(default_factory=dict)
    """"preset", and any number of the recipe (`engines/regions/mask_recipes.py`)."""
    steps: int | None = None
    """Of a whole run, of which a search takes a share; None is the model's own number."""
    base: BaseTurn | None = None
    """The turn of the picture, where its own region is asked for: that of an edit by words ("fisedit") alone."""


@dataclass(frozen=True, eq=False)
class FindObject:
    """Find the thing at a place of a picture. Result: FoundObject. Without a place the picture is only looked at."""

    image: np.ndarray
    """uint8 (H, W, 3)."""
    at: tuple[int, int] | None = None
    """Pixel (x, y)."""
    box: tuple[int, int, int, int] | None = None
    """Around the thing, in pixels: left, top, right, bottom; it goes before ``at``."""


@dataclass(frozen=True, eq=False)
class RunBaseline:
    """Change a finished turn by a method that ours are compared with. Result: BaselineResult."""

    base: BaseTurn
    prompt: str
    method: str
    """By name, as `baselines/registry.py` lists them."""
    mask: np.ndarray | None = None
    """uint8 (H, W), nonzero where the picture may change, for those that take one; None is everywhere."""
    sketch: np.ndarray | None = None
    """uint8 (H, W) or (H, W, 3), as drawn, for those that take one."""
    instruction: str = ""
    """For models that read orders; empty is the prompt."""
    models: Mapping[str, str] = field(default_factory=dict)
    """A method's name to the folder of the weights that it needs."""


@dataclass(frozen=True)
class PreviewPredictions:
    """Paint the same small picture for each thing that a model may predict. Result: PredictionPreviews.

    The model in use is loaded again when it is next asked for.
    """

    source: str
    """The model's file."""
    prompt: str = "a photo of a cat on a sofa"


@dataclass(frozen=True)
class Configure:
    """Use other settings from the next job on. Result: CacheInfo."""

    settings: Settings


@dataclass(frozen=True)
class ReadCache:
    """Say what the cache holds, after dropping some of it. Result: CacheInfo."""

    drop: tuple[str, ...] = ()
    """Names of spaces."""


Finding = FindMask | FindObject
Request = (
    Configure
    | ReadCache
    | LoadModel
    | Generate
    | OpenPicture
    | Edit
    | Upscale
    | Finding
    | RunBaseline
    | PreviewPredictions
)
