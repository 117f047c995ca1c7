"""What the session tells: frozen events, plain data, safe to hand to another thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from editor_core.base.loras import LoraChoice
from editor_core.base.message import Message
from editor_core.base.vocabulary import Vocabulary
from editor_core.messages.parameters import Parameter
from editor_core.messages.run import DEFAULT_SAMPLER, RunRecord


@dataclass(frozen=True)
class MethodInfo:
    """A way to edit a turn."""

    name: str
    """What ``Edit.method`` takes."""
    label: str
    """What the artist reads."""
    paper: str
    parameters: tuple[Parameter, ...] = ()
    """What can be set besides words, mask and sketch: of ``Edit.parameters``."""


@dataclass(frozen=True)
class BaselineInfo:
    """A published method that ours are compared with."""

    name: str
    """What ``RunBaseline.method`` takes."""
    label: str
    """A proper name."""
    paper: str
    takes_mask: bool = False
    needs_model: bool = False
    """Weights of its own, in a folder that is named for it."""


@dataclass(frozen=True)
class SamplerInfo:
    """A way from noise to a picture."""

    name: str
    """What ``Sampling.sampler`` takes."""
    label: str
    """What the artist reads; a proper name."""


@dataclass(frozen=True)
class ModelInfo:
    """The model now in memory."""

    name: str
    source: str
    fingerprint: str
    device: str
    grid: int
    """Pixels: the sides of what the model paints are multiples of it; other sizes are padded and cropped."""
    default_width: int
    default_height: int
    default_steps: int
    default_guidance: float
    default_sampler: str = DEFAULT_SAMPLER
    example_prompts: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    """The words it was taught, if its card lists them."""
    methods: tuple[MethodInfo, ...] = ()
    samplers: tuple[SamplerInfo, ...] = ()
    baselines: tuple[BaselineInfo, ...] = ()
    loras: tuple[LoraChoice, ...] = ()
    """Those in its weights, by path."""
    generating: tuple[Parameter, ...] = ()
    """What can be set of a new picture besides its sampling."""
    few_steps: str = ""
    """The name of the model's own LoRA that makes it paint in few steps; empty where it brings none."""
    opening: tuple[Parameter, ...] = ()
    """What can be set of reading a picture made elsewhere: fields of ``OpenPicture``."""
    largest_whole: int = 2048
    """Pixels: how long the sides of a picture may be that is edited as a whole."""


@dataclass(frozen=True, eq=False)
class TurnResult:
    """A finished turn, not yet part of any document."""

    method: str
    prompt: str
    negative: str
    seed: int
    steps: int
    guidance: float
    model: str
    fingerprint: str
    image: np.ndarray
    """uint8 (H, W, 3), read-only."""
    mask: np.ndarray | None
    """uint8 (H, W): 0 where every pixel is the parent's; None for a first turn."""
    latents: Mapping[str, np.ndarray]
    parameters: Mapping[str, Any]
    log: Mapping[str, Any]
    """What the run did, for people to read: share of the picture, choices, seconds per stage."""
    cache_space: str
    seconds: float
    sampler: str = DEFAULT_SAMPLER
    strength: float = 1.0
    """Of the edit: how far the picture was noised before it was denoised, 0..1."""
    record: RunRecord = field(default_factory=RunRecord)
    model_source: str = ""
    """"default", or the path of the model's folder or file."""
    loras: tuple[LoraChoice, ...] = ()
    """Those in the model's weights, by path."""
    vae: str = ""
    """Of an autoencoder instead of the model's own, the folder or file."""
    clip_skip: int = 1
    """The text encoder's layer, counted from its end, that the words were read from."""


@dataclass(frozen=True, eq=False)
class BaselineResult:
    """What a method that ours are compared with made of a turn."""

    method: str
    image: np.ndarray
    """uint8 (H, W, 3), read-only."""
    seconds: float


@dataclass(frozen=True, eq=False)
class PredictionPreviews:
    """What a model's pictures look like, by what it is taken to predict."""

    source: str
    pictures: Mapping[str, np.ndarray]
    """`models/remembered_predictions.py: KINDS` to uint8 (H, W, 3), read-only."""


@dataclass(frozen=True, eq=False)
class WordHeat:
    """Where a word of the phrase looks."""

    text: str
    start: int
    """Characters from the phrase's beginning."""
    end: int
    heat: np.ndarray
    """uint8 (h, w) on the latent grid."""


@dataclass(frozen=True, eq=False)
class FoundMask:
    """Where a phrase would change a picture, as far as it is known."""

    phrase: str
    mask: np.ndarray
    """uint8 (H, W): 255 where the picture would change, else 0; may be empty."""
    heat: np.ndarray
    """uint8 (H, W): how strongly each pixel is meant."""
    words: tuple[WordHeat, ...]
    step: int
    """Steps done."""
    steps: int
    parameters: Mapping[str, Any]
    """The recipe, every number of it."""
    seconds: float


@dataclass(frozen=True, eq=False)
class FoundObject:
    """The thing that a click or a box means."""

    mask: np.ndarray
    """uint8 (H, W): 255 where it is, else 0."""


@dataclass(frozen=True)
class CacheSpace:
    """What the cache holds of one turn."""

    name: str
    memory_bytes: int
    disk_bytes: int


@dataclass(frozen=True)
class CacheInfo:
    """How full the cache is."""

    memory_bytes: int
    memory_limit: int
    """Of the graphics memory and the RAM together, like ``memory_bytes``."""
    disk_bytes: int
    disk_limit: int
    folder: str
    spaces: tuple[CacheSpace, ...] = ()


@dataclass(frozen=True)
class Event:
    job: int
    """The number the queue gave the job."""


@dataclass(frozen=True)
class Queued(Event):
    title: str


@dataclass(frozen=True)
class Started(Event):
    pass


@dataclass(frozen=True)
class Placed(Event):
    """The job was given to a worker elsewhere."""

    worker: str


@dataclass(frozen=True)
class Progress(Event):
    stage: str
    """"loading", "inverting", "looking", "painting", "refining", "decoding", "recomputing"."""
    done: int
    total: int
    """0 when it cannot be known."""


@dataclass(frozen=True, eq=False)
class Preview(Event):
    image: np.ndarray
    """uint8 (h, w, 3), a coarse look at the picture as it stands; may be smaller than the picture."""


@dataclass(frozen=True, eq=False)
class RegionFound(Event):
    mask: np.ndarray
    """uint8 (H, W): where the picture will change."""
    window: tuple[int, int, int, int] | None = None
    """(left, top, width, height) of what the model sees of a picture that is too large for it; None: all of it."""


@dataclass(frozen=True, eq=False)
class MaskFound(Event):
    """A FindMask job's mask after one more step."""

    found: FoundMask


@dataclass(frozen=True, eq=False)
class Variant(Event):
    """One of the results of an edit that was asked for several; the last comes with Finished."""

    result: TurnResult


@dataclass(frozen=True)
class CacheUsed(Event):
    """How full the cache is after a job, without its spaces."""

    info: CacheInfo


@dataclass(frozen=True)
class Notice(Event):
    message: Message
    """What the program did by itself, e.g. to fit the memory."""


@dataclass(frozen=True, eq=False)
class Finished(Event):
    result: TurnResult | ModelInfo | FoundMask | FoundObject | CacheInfo | BaselineResult | PredictionPreviews


@dataclass(frozen=True)
class Failed(Event):
    message: Message
    details: str = ""
    """A traceback when it is the program's fault, else empty."""
    elsewhere: bool = False
    """Whether it is that the workers elsewhere could not do it."""


@dataclass(frozen=True)
class Cancelled(Event):
    pass
