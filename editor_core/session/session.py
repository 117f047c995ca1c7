"""The session: owns the model, the cache and the engines for one long-lived caller.

``run`` blocks, and one thread at a time may call it: the worker of the window, or a headless command.
"""

import secrets
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import overload

from cache import ActivationCache, Budget
from editor_core.backbones.backbone import Backbone
from editor_core.backbones.registry import backbone_of
from editor_core.base.errors import EditorError, OutOfMemoryError
from editor_core.base.message import Message
from editor_core.base.settings import Settings
from editor_core.baselines.registry import BASELINES
from editor_core.baselines.run import run_baseline
from editor_core.engines import registry
from editor_core.engines.common.context import MOST_RECORDED, EngineContext
from editor_core.engines.common.parameters import described
from editor_core.engines.common.result import unchanged
from editor_core.engines.common.sizes import fits_one_pass, largest_whole, picture_size
from editor_core.engines.common.visible import tell_where_nothing_is_seen
from editor_core.engines.generate import GenerateParameters, generate
from editor_core.engines.open_picture import OpenParameters, open_picture
from editor_core.engines.prediction_previews import preview_predictions
from editor_core.engines.regions.find_mask import EncodedPictures
from editor_core.engines.regions.instant_region import can_look, instant_mask
from editor_core.engines.regions.object_at import Graphs, find_object
from editor_core.engines.window.context_window import (
    edit_in_window,
    goes_on_in_window,
    needs_window,
    open_large,
)
from editor_core.engines.window.enlarging import generate_large
from editor_core.engines.window.finding import find_mask_at_own_size
from editor_core.engines.window.upscaling import upscale
from editor_core.library.embeddings import inversion_files
from editor_core.library.upscalers import find_upscaler
from editor_core.messages import events
from editor_core.messages.requests import (
    BaseTurn,
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
    Sampling,
    Upscale,
)
from editor_core.models.available import source_folder
from editor_core.models.beside import model_beside
from editor_core.models.bundle import ModelBundle
from editor_core.models.load import load
from editor_core.models.lora_merge import LoraMerger
from editor_core.models.progress import OnProgress
from editor_core.sampling.samplers import SAMPLERS
from editor_core.session.cache_warnings import CACHE_WARNINGS
from editor_core.session.jobs import CancelToken
from editor_core.session.memory import Fallback, MemoryFallback, free_memory, is_out_of_memory
from editor_core.session.segmenters import Segmenters

Emit = Callable[[events.Event], None]
Loader = Callable[[LoadModel, OnProgress, CancelToken], ModelBundle]
"""What brings a model into memory; raises ModelError, DeviceError, JobCancelled."""
Painting = Generate | OpenPicture | Edit | Upscale
Found = events.FoundMask | events.FoundObject
Result = (
    events.TurnResult
    | events.ModelInfo
    | Found
    | events.CacheInfo
    | events.BaselineResult
    | events.PredictionPreviews
)


class Session(AbstractContextManager["Session"]):
    at_once = 1

    def __init__(
        self, settings: Settings, *, loader: Loader | None = None, keep_on_disk: bool = True
    ) -> None:
        """loader: in place of loading from the disk. keep_on_disk: whether activations outlive the session."""
        self._settings = settings
        self._load = loader or self._from_disk
        self._keep_on_disk = keep_on_disk
        self._wanted = LoadModel.chosen(settings)
        self._loaded: LoadModel | None = None
        self._bundle: ModelBundle | None = None
        self._merger: LoraMerger | None = None
        self._backbone: Backbone | None = None
        self._cache: ActivationCache | None = None
        self._pictures = EncodedPictures()
        self._graphs = Graphs()
        self._segmenters = Segmenters()
        self._fallbacks = MemoryFallback()
        self._warnings: deque[Message] = deque()
        """What the cache's own threads had to say since they were last told."""

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write out what the cache still holds and let go of it. May be called twice."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    @property
    def _folder(self) -> Path | None:
        """Where activations are kept on disk, if they are."""
        return self._settings.cache_path if self._keep_on_disk else None

    @overload
    def run(
        self, job: int, request: LoadModel, emit: Emit, cancel: CancelToken | None = None
    ) -> events.ModelInfo: ...

    @overload
    def run(
        self, job: int, request: Painting, emit: Emit, cancel: CancelToken | None = None
    ) -> events.TurnResult: ...

    @overload
    def run(
        self, job: int, request: FindMask, emit: Emit, cancel: CancelToken | None = None
    ) -> events.FoundMask: ...

    @overload
    def run(
        self, job: int, request: FindObject, emit: Emit, cancel: CancelToken | None = None
    ) -> events.FoundObject: ...

    @overload
    def run(
        self, job: int, request: RunBaseline, emit: Emit, cancel: CancelToken | None = None
    ) -> events.BaselineResult: ...

    @overload
    def run(
        self, job: int, request: PreviewPredictions, emit: Emit, cancel: CancelToken | None = None
    ) -> events.PredictionPreviews: ...

    @overload
    def run(
        self, job: int, request: Configure | ReadCache, emit: Emit, cancel: CancelToken | None = None
    ) -> events.CacheInfo: ...

    @overload
    def run(self, job: int, request: Request, emit: Emit, cancel: CancelToken | None = None) -> Result: ...

    def run(self, job: int, request: Request, emit: Emit, cancel: CancelToken | None = None) -> Result:
        """Do what is asked; where memory is short, give something up and say so.

        Raises EditorError subclasses with one sentence each, and JobCancelled.
        """
        cancel = cancel or CancelToken()
        self._tell_warnings(job, emit)
        while True:
            try:
                result = self._run(job, request, emit, cancel)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                fallback = self._fallbacks.next(self._bundle, self._cache, _has_rounds(request))
                if fallback is None:
                    raise OutOfMemoryError(
                        "There is not enough memory for this. Try a smaller picture, or close other programs."
                    ) from error
            self._fall_back(fallback)
            emit(events.Notice(job, fallback.message))
        if self._cache is not None:
            emit(events.CacheUsed(job, replace(self._cache_info(self._cache), spaces=())))
        self._tell_warnings(job, emit)
        return result

    def _warn(self, warning: str) -> None:
        """On one of the cache's threads."""
        self._warnings.append(CACHE_WARNINGS[warning])

    def _tell_warnings(self, job: int, emit: Emit) -> None:
        """Say on the caller's thread what the cache met: a full disk, a folder it cannot use."""
        while self._warnings:
            emit(events.Notice(job, self._warnings.popleft()))

    def _fall_back(self, fallback: Fallback) -> None:
        """Give one thing up; outside the handler, so that the failed run's tensors are gone by now."""
        if fallback.reload_on:
            self._wanted = replace(self._wanted, device=fallback.reload_on)
            self._bundle = self._merger = self._backbone = None
        free_memory(self._backbone)

    def _run(self, job: int, request: Request, emit: Emit, cancel: CancelToken) -> Result:
        cancel.raise_if_cancelled()
        if isinstance(request, Configure):
            self._configure(request.settings)
        if isinstance(request, Configure | ReadCache):
            return self._read_cache(request.drop if isinstance(request, ReadCache) else ())
        if isinstance(request, LoadModel):
            if request.anew:
                self._bundle = self._merger = self._backbone = None
            self._wanted = replace(request, anew=False)
            self._fallbacks = MemoryFallback()
        if isinstance(request, PreviewPredictions):
            return self._preview_predictions(job, request, emit, cancel)
        bundle, backbone = self._model(job, emit, cancel)
        if isinstance(request, LoadModel):
            self._activations(bundle)  # so that the artist sees at once how full it is
            return model_info(bundle)
        context = self._context(job, bundle, backbone, emit, cancel)
        size = _size_of(request, bundle)
        for fallback in self._fallbacks.before(bundle, *size) if size else ():
            emit(events.Notice(job, fallback.message))
        with context.cache.writing_later():
            return self._compute(request, context)

    def _compute(
        self, request: Painting | FindMask | FindObject | RunBaseline, context: EngineContext
    ) -> Result:
        bundle = context.bundle
        if isinstance(request, Generate):
            width, height = picture_size(request.width, request.height, bundle.default_size)
            at_once = request.one_pass or fits_one_pass(bundle, width, height)
            return (generate if at_once else generate_large)(request, context, _seed(request.sampling))
        if isinstance(request, FindMask) and can_look(request.base, context.bundle):
            return instant_mask(request, context)
        if isinstance(request, FindMask):
            return find_mask_at_own_size(request, context, self._pictures)
        if isinstance(request, FindObject):
            found = self._segmenters.find(request, context, self._settings)
            return found or find_object(request, context, self._graphs)
        if isinstance(request, RunBaseline):
            if request.base.fingerprint != context.bundle.fingerprint:
                request = replace(request, base=_reopened(request.base, context))
            return run_baseline(request, context)
        if isinstance(request, OpenPicture):
            height, width = request.image.shape[:2]
            at_once = request.one_pass or fits_one_pass(context.bundle, width, height)
            at_once = at_once and not goes_on_in_window(request)
            return (open_picture if at_once else open_large)(request, context, _seed(request.sampling))
        if isinstance(request, Upscale):
            if request.upscaler:
                file = find_upscaler(request.upscaler, self._settings.library_folders)
                request = replace(request, upscaler=str(file))
            return upscale(request, context)
        result = self._edit(request, context)
        tell_where_nothing_is_seen(context, request.method, request.base.image, result.image)
        return result

    def _preview_predictions(
        self, job: int, request: PreviewPredictions, emit: Emit, cancel: CancelToken
    ) -> events.PredictionPreviews:
        """With the model in place of the one in use, which the next job loads again."""
        wanted = self._wanted
        self._wanted = LoadModel(request.source, wanted.device, precision=wanted.precision)
        try:
            bundle, backbone = self._model(job, emit, cancel)
            return preview_predictions(request, self._context(job, bundle, backbone, emit, cancel))
        finally:
            self._wanted = wanted

    def _configure(self, settings: Settings) -> None:
        moved = settings.cache_path != self._settings.cache_path
        self._settings = settings
        if self._cache is None:
            return
        if moved:
            self.close()
        elif self._bundle is not None:
            self._cache.trim(_budget(settings, self._bundle, self._cache))

    def _read_cache(self, drop: tuple[str, ...]) -> events.CacheInfo:
        """What the cache holds; before the first job it is opened on its disk alone."""
        if self._cache is not None:
            return self._dropped_and_read(self._cache, drop)
        disk = self._settings.disk_cache_mb << 20 or Budget.from_machine(self._folder).disk_bytes
        with ActivationCache(self._folder, Budget(0, 0, disk)) as cache:
            return self._dropped_and_read(cache, drop)

    def _dropped_and_read(self, cache: ActivationCache, drop: tuple[str, ...]) -> events.CacheInfo:
        for name in drop:
            cache.drop_space(name)
        return self._cache_info(cache)

    def _cache_info(self, cache: ActivationCache) -> events.CacheInfo:
        stats, budget = cache.stats(), cache.budget
        spaces = [
            events.CacheSpace(space.name, space.device_bytes + space.ram_bytes, space.disk_bytes)
            for space in cache.spaces()
        ]
        return events.CacheInfo(
            memory_bytes=stats.device_bytes + stats.ram_bytes,
            memory_limit=budget.device_bytes + budget.ram_bytes,
            disk_bytes=stats.disk_bytes,
            disk_limit=budget.disk_bytes,
            folder="" if self._folder is None else str(self._folder),
            spaces=tuple(spaces),
        )

    def _edit(self, request: Edit, context: EngineContext) -> events.TurnResult:
        engine = registry.engine(request.method)
        if not 0 <= request.strength <= 1:
            raise EditorError("The strength must be from 0 to 100 %.")
        if not request.strength:
            context.notice(Message("At a strength of 0 % the picture stays as it is."))
            return unchanged(context, request)
        if request.base.fingerprint != context.bundle.fingerprint and not needs_window(request.base):
            context.notice(
                Message(
                    "This turn was made with another model or other LoRAs, so its picture was analysed again."
                )
            )
            height, width = request.base.image.shape[:2]
            if not fits_one_pass(context.bundle, width, height):
                request = replace(request, lineage=(replace(request.base, latents={}, cache_space=""),))
                return edit_in_window(request, context, engine.edit)
            request = replace(request, lineage=(_reopened(request.base, context),))
            tell = context.variant
            context.variant = lambda result: tell(_on_its_own(result))
            return _on_its_own(engine.edit(request, context))
        if needs_window(request.base):
            return edit_in_window(request, context, engine.edit)
        return engine.edit(request, context)

    def _model(self, job: int, emit: Emit, cancel: CancelToken) -> tuple[ModelBundle, Backbone]:
        if self._bundle is None or self._backbone is None or self._loaded != self._wanted:
            self._bundle = None  # never two models in memory at once
            merger, self._backbone = self._base_model(job, emit, cancel)
            self._bundle = merger.merged(self._wanted.loras)
            self._loaded = self._wanted
            if self._bundle.capabilities.prediction_is_guessed:
                emit(events.Notice(job, _guessed(self._bundle)))
            for name, layers in merger.unmatched:
                emit(events.Notice(job, _layers_left_out(name, layers)))
        return self._bundle, self._backbone

    def _base_model(self, job: int, emit: Emit, cancel: CancelToken) -> tuple[LoraMerger, Backbone]:
        """The model that is wanted, without LoRAs or ready for others; read from disk only where it must be."""
        loaded = self._loaded and replace(self._loaded, loras=self._wanted.loras)
        here = self._merger is not None and self._merger.can_switch and loaded == self._wanted
        if self._merger is None or self._backbone is None or not here:
            if self._merger is not None:
                self._merger = self._backbone = None
                free_memory(None)

            def report(done: int, total: int) -> None:
                emit(events.Progress(job, "loading", done, total))

            base = self._load(self._wanted, report, cancel)
            self._merger, self._backbone = LoraMerger(base), backbone_of(base.unet)
            self._loaded = replace(self._wanted, loras=())
        return self._merger, self._backbone

    def _from_disk(self, wanted: LoadModel, on_progress: OnProgress, cancel: CancelToken) -> ModelBundle:
        """With the words of textual inversions that lie by the model or in watched folders."""
        precision = None if wanted.precision == "auto" else wanted.precision
        return load(
            wanted.source,
            wanted.device,
            precision,
            on_progress,
            cancel,
            vae=wanted.vae,
            clip_skip=wanted.clip_skip,
            inversions=inversion_files(source_folder(wanted.source), self._settings.library_folders),
        )

    def _context(
        self, job: int, bundle: ModelBundle, backbone: Backbone, emit: Emit, cancel: CancelToken
    ) -> EngineContext:
        return EngineContext(
            bundle=bundle,
            backbone=backbone,
            cache=self._activations(bundle),
            progress=lambda stage, done, total: emit(events.Progress(job, stage, done, total)),
            preview=lambda image: emit(events.Preview(job, image)),
            region=lambda mask, window=None: emit(events.RegionFound(job, mask, window)),
            notice=lambda message: emit(events.Notice(job, message)),
            check_cancelled=cancel.raise_if_cancelled,
            variant=lambda result: emit(events.Variant(job, result)),
            mask_found=lambda found: emit(events.MaskFound(job, found)),
            model_beside=partial(_model_beside, bundle),
            live_preview=self._settings.live_preview,
            batched=self._fallbacks.batched,
            most_recorded=sys.maxsize if self._settings.disk_cache_mb else MOST_RECORDED,
            packed=bundle.device.type == "cpu" and not self._settings.disk_cache_mb,
        )

    def _activations(self, bundle: ModelBundle) -> ActivationCache:
        """The cache, beside the model: on a GPU its first tier is the GPU's own memory."""
        if self._cache is not None and self._cache.device != bundle.device:
            self.close()
        if self._cache is None:
            budget = _budget(self._settings, bundle)
            self._cache = ActivationCache(self._folder, budget, bundle.device, self._warn)
        return self._cache


def _model_beside(bundle: ModelBundle, source: str) -> tuple[ModelBundle, Backbone]:
    other = model_beside(bundle, source)
    return other, backbone_of(other.unet)


def model_info(bundle: ModelBundle) -> events.ModelInfo:
    """The facts about a model that a window or command shows."""
    width, height = bundle.default_size
    return events.ModelInfo(
        name=bundle.name,
        source=bundle.source,
        fingerprint=bundle.fingerprint,
        device=str(bundle.device).removesuffix(":0"),
        grid=bundle.grid,
        default_width=width,
        default_height=height,
        default_steps=bundle.default_steps,
        default_guidance=bundle.default_guidance,
        default_sampler=bundle.default_sampler,
        loras=bundle.loras,
        few_steps=bundle.few_steps,
        example_prompts=bundle.example_prompts,
        vocabulary=bundle.vocabulary,
        samplers=tuple(events.SamplerInfo(each.name, each.label) for each in SAMPLERS.values()),
        methods=tuple(
            events.MethodInfo(e.name, e.label, e.paper, described(e.parameters))
            for e in registry.ENGINES.values()
        ),
        baselines=tuple(
            events.BaselineInfo(each.name, each.label, each.paper, each.mask, each.own_model)
            for each in BASELINES.values()
        ),
        largest_whole=largest_whole(bundle),
        generating=described(GenerateParameters),
        opening=described(OpenParameters),
    )


def _guessed(bundle: ModelBundle) -> Message:
    return Message(
        "{name} does not say what it predicts; if its pictures are nothing but noise, say so among the models.",
        name=bundle.name,
    )


def _layers_left_out(name: str, layers: int) -> Message:
    return Message(
        "The LoRA {name} has {count} layers that this model does not have; they were left out.",
        name=name,
        count=layers,
    )


def _reopened(base: BaseTurn, context: EngineContext) -> BaseTurn:
    """The turn's picture, inverted with the model now in memory."""
    steps, guidance = base.steps, base.guidance
    if context.bundle.distilled:  # it does not paint well in other steps
        steps, guidance = context.bundle.default_steps, context.bundle.default_guidance
    sampling = Sampling(base.seed, steps, guidance, base.negative, base.sampler)
    result = open_picture(OpenPicture(base.image, base.prompt, sampling), context, base.seed)
    return replace(
        base,
        method="open",
        steps=steps,
        fingerprint=result.fingerprint,
        latents=result.latents,
        record=result.record,
        cache_space=result.cache_space,
        sampler=result.sampler,
        mask=None,
    )


def _on_its_own(result: events.TurnResult) -> events.TurnResult:
    """The result of editing a picture that was read anew: what its rows lie on is no turn, so it counts as whole."""
    latents = {name: array for name, array in result.latents.items() if name != "region"}
    return replace(result, latents=latents, cache_space=f"{result.cache_space}-whole")


def _budget(settings: Settings, bundle: ModelBundle, cache: ActivationCache | None = None) -> Budget:
    """What the settings say or, where they say nothing, a share of what is free, or held by ``cache``, now."""
    held = (0, 0) if cache is None else (cache.stats().device_bytes, cache.stats().ram_bytes)
    budget = Budget.from_machine(settings.cache_path, bundle.device, *held)
    if settings.device_cache_mb and bundle.device.type == "cuda":
        budget = replace(budget, device_bytes=settings.device_cache_mb << 20)
    if settings.ram_cache_mb:
        budget = replace(budget, ram_bytes=settings.ram_cache_mb << 20)
    if settings.disk_cache_mb:
        budget = replace(budget, disk_bytes=settings.disk_cache_mb << 20)
    return budget


def _size_of(request: Request, bundle: ModelBundle) -> tuple[int, int] | None:
    """Width and height of the picture that the model will see, if one is made."""
    if isinstance(request, Generate):
        return request.width or bundle.default_size[0], request.height or bundle.default_size[1]
    image = request.base.image if isinstance(request, Edit) else getattr(request, "image", None)
    if image is None:
        return None
    most = largest_whole(bundle)
    return min(image.shape[1], most), min(image.shape[0], most)


def _has_rounds(request: Request) -> bool:
    """Whether some of the job's calls of the U-Net are a batch of several noises."""
    return isinstance(request, FindMask) or (isinstance(request, Edit) and request.method == "instdiffedit")


def _seed(sampling: Sampling) -> int:
    return secrets.randbelow(2**31) if sampling.seed is None else sampling.seed
