"""A session that paints without a model: every job can be held, made to fail, or followed step by step."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from editor_core.base.message import Message
from editor_core.messages.events import (
    BaselineInfo,
    BaselineResult,
    CacheInfo,
    CacheSpace,
    CacheUsed,
    Event,
    FoundMask,
    FoundObject,
    MaskFound,
    MethodInfo,
    ModelInfo,
    Notice,
    PredictionPreviews,
    Preview,
    Progress,
    RegionFound,
    SamplerInfo,
    TurnResult,
    Variant,
    WordHeat,
)
from editor_core.messages.parameters import GIVEN_SKETCH, Choice, Kind, Parameter, Setting
from editor_core.messages.requests import (
    Configure,
    Edit,
    FindMask,
    FindObject,
    Generate,
    LoadModel,
    OpenPicture,
    PreviewPredictions,
    ReadCache,
    Request,
    RunBaseline,
    Upscale,
)
from editor_core.models.remembered_predictions import KINDS
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Result

_PICTURE = Setting(Message("Reference picture"), Message("Taken after"), is_picture=True)
_INVERSION = Setting(
    Message("Inversion"),
    Message("How the noise is found"),
    choices=(
        Choice("direct", Message("Direct inversion")),
        Choice("null-text", Message("Null-text inversion")),
    ),
)


def _about(label: str, **more: Any) -> Setting:
    return Setting(Message(label), Message("What it does"), **more)


_PRESETS = (Choice("exact", Message("Exact")), Choice("faithful", Message("As in the paper")))
_ONLY_SKETCHED = {"lowest": 0, "highest": 1.5, "unit": "%", "only_if": (GIVEN_SKETCH, True)}
_REDRAWING = (  # one of every kind
    Parameter("preset", Kind.TEXT, "exact", _about("Preset", choices=_PRESETS)),
    Parameter("sketch_strength", Kind.NUMBER, 1.0, _about("Sketch strength", **_ONLY_SKETCHED)),
    Parameter("sketch_share", Kind.NUMBER, 1.0, _about("Sketch steps", **_ONLY_SKETCHED)),
    Parameter("adapter", Kind.TEXT, "", _about("Adapter", is_folder=True)),
    Parameter("fused_layers", Kind.WHOLE, 6, _about("Fused layers", lowest=0, highest=128, expert=True)),
    Parameter(
        "fusion_start", Kind.NUMBER, None, _about("From", lowest=0, highest=1, unit="%"), optional=True
    ),
    Parameter("weight", Kind.NUMBER, 0.5, _about("Weight", lowest=0, highest=3)),
    Parameter("growth", Kind.WHOLES, [], _about("Growth", lowest=0, highest=9)),
    Parameter("batched", Kind.SWITCH, None, _about("Batched"), optional=True),
    Parameter("note", Kind.TEXT, "", _about("Note")),
    Parameter("hide", Kind.SWITCH, True, _about("Hide", only_if=("preset", "exact"))),
)
MODEL = ModelInfo(
    name="fake",
    source="default",
    fingerprint="f" * 12,
    device="cpu",
    grid=8,
    default_width=64,
    default_height=64,
    default_steps=4,
    default_guidance=5.0,
    samplers=(SamplerInfo("ddim", "DDIM"), SamplerInfo("euler", "Euler")),
    methods=(
        MethodInfo("fisedit", "Reword", "FISEdit"),
        MethodInfo("instdiffedit", "Repaint", "InstDiffEdit"),
        MethodInfo("masafusion", "Redraw", "MaSaFusion", _REDRAWING),
        MethodInfo("embctrl", "Recolour", "EmbCtrl"),
    ),
    baselines=(
        BaselineInfo("p2p", "Prompt-to-Prompt", "arXiv 2208.01626"),
        BaselineInfo("inpainting", "SD inpainting", "arXiv 2112.10752", takes_mask=True, needs_model=True),
    ),
    generating=(Parameter("reference", Kind.TEXT, "", _PICTURE),),
    opening=(Parameter("how", Kind.TEXT, "direct", _INVERSION),),
    example_prompts=("a fox on snow", "a cat on grass", "an owl at night", "a boat", "a red house", "a bee"),
)


@dataclass
class FakeSession:
    """Runs requests in a few steps; the tests' thread scripts it."""

    model: ModelInfo = MODEL
    error: BaseException | None = None
    """Raised by the next job, once."""
    notice: str = ""
    gate: threading.Event = field(default_factory=threading.Event)
    """Closed: a job stops before its last step until it is opened, or the job is cancelled."""
    window: tuple[int, int, int, int] | None = None
    """What it would see of a large picture."""
    requests: list[Request] = field(default_factory=list)
    spaces: list[CacheSpace] = field(default_factory=list)
    """What the cache would hold."""
    closed: bool = False
    at_once: int = 1
    thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    def run(
        self, job_id: int, request: Request, emit: Callable[[Event], None], cancel: CancelToken
    ) -> Result:
        self.thread = threading.current_thread()
        self.requests.append(request)
        if isinstance(request, LoadModel):
            emit(Progress(job_id, "loading", 1, 1))
            return self.model
        if isinstance(request, Configure | ReadCache):
            self.spaces = [space for space in self.spaces if space.name not in getattr(request, "drop", ())]
            disk = sum(space.disk_bytes for space in self.spaces)
            return CacheInfo(3 << 20, 1 << 30, disk, 4 << 30, "/cache", tuple(self.spaces))
        if isinstance(request, PreviewPredictions):
            emit(Progress(job_id, "painting", 0, 2))
            self._wait(cancel)
            greys = {kind: np.full((64, 64, 3), 60 * n, np.uint8) for n, kind in enumerate(KINDS, 1)}
            return PredictionPreviews(request.source, greys)
        if isinstance(request, FindObject):
            mask = np.zeros(request.image.shape[:2], np.uint8)
            if request.box is not None:
                left, top, right, bottom = request.box
                mask[top:bottom, left:right] = 255
            elif request.at is not None:
                mask[request.at[1] - 4 : request.at[1] + 4, request.at[0] - 4 : request.at[0] + 4] = 255
            return FoundObject(mask)
        if isinstance(request, FindMask):
            return self._find(job_id, request, emit, cancel)
        if isinstance(request, RunBaseline):
            return self._baseline(job_id, request, emit, cancel)
        if self.notice:
            emit(Notice(job_id, Message(self.notice)))
        result = painted(request, self.model)
        if result.mask is not None:
            emit(RegionFound(job_id, result.mask, self.window))
        for step in range(1, self.model.default_steps + 1):
            if step == self.model.default_steps:
                for _ in range(getattr(request, "parameters", {}).get("variants", 1) - 1):
                    emit(Variant(job_id, result))
                self._wait(cancel)
            cancel.raise_if_cancelled()
            emit(Progress(job_id, "painting", step, self.model.default_steps))
            emit(Preview(job_id, result.image[::8, ::8]))
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        emit(CacheUsed(job_id, CacheInfo(300 << 20, 1 << 30, 1 << 30, 4 << 30, "/cache")))
        return result

    def _find(
        self, job_id: int, request: FindMask, emit: Callable[[Event], None], cancel: CancelToken
    ) -> FoundMask:
        """A mask in the left half after each of two steps; the gate holds it before the second."""
        for step in (1, 2):
            if step == 2:
                self._wait(cancel)
            cancel.raise_if_cancelled()
            mask = np.zeros(request.image.shape[:2], np.uint8)
            mask[:, : mask.shape[1] // 2] = 255
            words = tuple(
                WordHeat(word, 0, len(word), np.full((8, 8), 255, np.uint8))
                for word in request.phrase.split()
            )
            found = FoundMask(request.phrase, mask, mask, words, step, 2, request.parameters, 0.1)
            emit(MaskFound(job_id, found))
        return found

    def _baseline(
        self, job_id: int, request: RunBaseline, emit: Callable[[Event], None], cancel: CancelToken
    ) -> BaselineResult:
        """Everything in the words' colour; the gate holds it at its first step."""
        emit(Progress(job_id, "painting", 1, 4))
        self._wait(cancel)
        cancel.raise_if_cancelled()
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        image = np.full_like(request.base.image, colour_of(request.prompt))
        return BaselineResult(request.method, image, 0.5)

    def close(self) -> None:
        self.closed = True

    def _wait(self, cancel: CancelToken) -> None:
        while not self.gate.wait(0.005):
            cancel.raise_if_cancelled()


def painted(request: Request, model: ModelInfo) -> TurnResult:
    """What a request gives: a plain colour from its words, in a square for an edit."""
    if isinstance(request, Upscale):
        return _upscaled(request, model)
    mask = None
    sampler = request.base.sampler if isinstance(request, Edit) else request.sampling.sampler
    if isinstance(request, Generate):
        shape = (request.height or model.default_height, request.width or model.default_width, 3)
        image = np.full(shape, colour_of(request.prompt), np.uint8)
        method, sampling = "generate", request.sampling
        negative, seed, steps, guidance = sampling.negative, sampling.seed, sampling.steps, sampling.guidance
    elif isinstance(request, OpenPicture):
        image, method = request.image.copy(), "open"
        negative, seed, steps, guidance = "", request.sampling.seed, None, None
    elif isinstance(request, Edit):
        image, mask = request.base.image.copy(), request.mask
        if mask is None:
            mask = np.zeros(image.shape[:2], np.uint8)
            mask[image.shape[0] // 4 : image.shape[0] // 2, image.shape[1] // 4 : image.shape[1] // 2] = 255
        image[mask > 0] = colour_of(request.prompt)
        method, base = request.method, request.base
        negative, seed, steps, guidance = request.negative or "", base.seed, base.steps, request.guidance
    latents = {"trajectory": np.zeros((2, 4, 8, 8), np.float32)}
    if method == "masafusion":
        latents["intermediate"] = image
    return TurnResult(
        method=method,
        prompt=request.prompt,
        negative=negative,
        seed=41 if seed is None else seed,
        steps=steps or model.default_steps,
        guidance=guidance or model.default_guidance,
        sampler=sampler,
        model=model.name,
        fingerprint=model.fingerprint,
        image=image,
        mask=mask,
        latents=latents,
        parameters={},
        log={},
        cache_space="",
        seconds=0.1,
    )


def colour_of(words: str) -> np.ndarray:
    """A colour that differs between sentences and is the same in every run."""
    return np.array([sum(map(ord, words[i::3])) * 37 % 256 for i in range(3)], np.uint8)


def _upscaled(request: Upscale, model: ModelInfo) -> TurnResult:
    base, factor = request.base, request.factor
    words = {
        name: getattr(base, name) for name in ("prompt", "negative", "seed", "steps", "guidance", "sampler")
    }
    return TurnResult(
        **words,
        method="upscale",
        model=model.name,
        fingerprint=model.fingerprint,
        image=np.repeat(np.repeat(base.image, factor, 0), factor, 1),
        mask=None,
        latents={},
        parameters={"factor": factor, "upscaler": Path(request.upscaler).stem},
        log={},
        cache_space="",
        seconds=0.1,
    )
