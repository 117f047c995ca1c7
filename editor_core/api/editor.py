"""One model in memory, and what is asked of it."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from editor_core.api.arrays import File, Parameters, Picture, by_name, mask_of, pixels_of
from editor_core.api.methods import METHODS, Compared, check_methods
from editor_core.api.project import Project
from editor_core.base.errors import EditorError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.baselines.registry import needs_own_model
from editor_core.document.commands import AcceptTurn, CompositeCommand, JumpToTurn
from editor_core.document.document import Document
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from editor_core.engines.embctrl import EmbCtrlParameters
from editor_core.engines.fisedit_parameters import FISEditParameters
from editor_core.engines.generate import GenerateParameters
from editor_core.engines.instdiffedit import InstDiffEditParameters
from editor_core.engines.masafusion import MaSaFusionParameters
from editor_core.messages import events
from editor_core.messages.events import CacheInfo, FoundMask, ModelInfo, TurnResult
from editor_core.messages.requests import (
    Edit,
    FindMask,
    LoadModel,
    OpenPicture,
    ReadCache,
    RunBaseline,
    Sampling,
)
from editor_core.models.bundle import ModelBundle
from editor_core.models.handed_in import Parts, bundle_of
from editor_core.models.progress import OnProgress
from editor_core.remote.places import session_at
from editor_core.session.jobs import CancelToken
from editor_core.session.listener import Asking, Listener, telling
from editor_core.session.session import Session
from editor_core.workflow import turns as workflow
from editor_core.workflow.comparison import compared_request
from editor_core.workflow.paintings import accept_painting


class Editor(AbstractContextManager["Editor"]):
    """One model in memory, and the activations of what was made with it."""

    def __init__(
        self,
        model: "str | os.PathLike[str] | Parts | Any" = "default",
        *,
        device: str = "auto",
        precision: str = "auto",
        loras: Sequence[LoraChoice] = (),
        vae: str = "",
        clip_skip: int = 1,
        cache_folder: File | None = None,
        ram_cache_mb: int = 0,
        on: str = "",
        listener: Listener | None = None,
    ) -> None:
        """The model is loaded by the first call that needs it.

        model: "default", a .safetensors file or a folder in diffusers' layout, a diffusers pipeline, or `Parts`.
        Networks that are handed in are used as they are, in evaluation mode, on ``device``.
        device: "auto", "cpu", "cuda", "cuda:1" or "mps". precision: "auto", "float32", "bfloat16" or "float16".
        loras, vae, clip_skip: what is merged into the weights, another autoencoder's folder or file, the text encoder's
        layer counted from its end. These and the precision are for models that are loaded, not handed in.
        cache_folder: where activations outlive the editor; None keeps them in memory alone.
        ram_cache_mb: memory for them; 0 takes a quarter of what is free.
        on: a cluster's address, such as "ray://studio:10001", where the work is done (`palimpsest worker`); its workers
        have caches and devices of their own, and must have the model. Raises RemoteError where it cannot be reached.
        listener: of every call that gets none of its own.
        """
        self._listener = listener or Listener()
        loader, source = None, "default"
        if isinstance(model, str | os.PathLike):
            source = os.fspath(model)
        else:
            parts = model if isinstance(model, Parts) else Parts.of(model)
            loader = partial(_handed_in, parts)
        folder = "" if cache_folder is None else os.fspath(cache_folder)
        settings = Settings(
            model=source,
            device=device,
            precision=precision,
            loras=tuple(loras),
            vae=vae,
            clip_skip=clip_skip,
            cache_folder=folder,
            ram_cache_mb=ram_cache_mb,
        )
        self._opened = ExitStack()
        if on:
            # it answers every request with what a session of this process would answer
            self._session = cast(Session, self._opened.enter_context(session_at(on, settings)))
        else:
            session = Session(settings, loader=loader, keep_on_disk=cache_folder is not None)
            self._session = self._opened.enter_context(session)
        self._wanted = LoadModel.chosen(settings)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write out what the cache holds, if it has a folder, and let go of it. May be called twice."""
        self._opened.close()

    def model(self, listener: Listener | None = None) -> ModelInfo:
        """Load the model now, and its facts: name, sizes, default steps and guidance, samplers, methods."""
        return self._session.run(0, self._wanted, *self._heard(listener))

    # -- first turns

    def generate(
        self,
        prompt: str,
        *,
        width: int | None = None,
        height: int | None = None,
        seed: int | None = None,
        steps: int | None = None,
        guidance: float | None = None,
        negative: str = "",
        sampler: str = "",
        reference: Picture | File | None = None,
        parameters: GenerateParameters | Mapping[str, Any] | None = None,
        listener: Listener | None = None,
    ) -> Project:
        """A picture from words. What is None, or an empty sampler, is the model's own; the seed is then random.

        reference: a picture, as pixels or a file, whose things and manner the new one takes after, by an IP-Adapter
        (arXiv 2308.06721); how much, and by which, is said in ``parameters``.
        Raises EditorError, JobCancelled.
        """
        sampling = Sampling(seed, steps, guidance, negative, sampler)
        given = by_name(parameters, "generate")
        if isinstance(reference, str | os.PathLike):
            given["reference"], reference = os.fspath(reference), None
        request = workflow.generate_request(prompt, sampling, (width, height), given)
        if reference is not None:
            request = replace(request, reference=pixels_of(reference))
        return self._project(self._session.run(0, request, *self._heard(listener)))

    def open(
        self,
        picture: Picture | File,
        prompt: str,
        *,
        how: str = "direct",
        seed: int | None = None,
        steps: int | None = None,
        guidance: float | None = None,
        negative: str = "",
        sampler: str = "ddim",
        listener: Listener | None = None,
    ) -> Project:
        """A picture made elsewhere, as pixels or a file, inverted with the words that describe it.

        how: what later edits take for the picture's own path: "direct" (the inverted latents, arXiv 2310.01506),
        "null-text" (arXiv 2211.09794) or "ddim". Raises EditorError, JobCancelled.
        """
        sampling = Sampling(seed, steps, guidance, negative, sampler)
        request = OpenPicture(pixels_of(picture), prompt, sampling, how)
        return self._project(self._session.run(0, request, *self._heard(listener)))

    def invert(self, project: Project, how: str, *, listener: Listener | None = None) -> Turn:
        """Find the shown turn's path in another way, as `open` has it; a new turn in which no pixel changed."""
        turn = project.current
        result = self._session.run(0, workflow.inversion_request(turn, how), *self._heard(listener))
        inverted = workflow.inverted_turn(result, turn)
        project._document.execute(AcceptTurn(inverted))
        return inverted

    # -- edits

    def reword(
        self,
        project: Project,
        prompt: str,
        parameters: FISEditParameters | None = None,
        *,
        mask: NDArray[Any] | None = None,
        strength: float = 1.0,
        listener: Listener | None = None,
    ) -> Turn:
        """FISEdit (arXiv 2305.17423): change the words, and what the change touches is painted again."""
        return self.edit(
            project, prompt, "fisedit", parameters, mask=mask, strength=strength, listener=listener
        )

    def repaint(
        self,
        project: Project,
        prompt: str,
        parameters: InstDiffEditParameters | Mapping[str, Any] | None = None,
        *,
        mask: NDArray[Any] | None = None,
        strength: float = 1.0,
        listener: Listener | None = None,
    ) -> tuple[Turn, ...]:
        """InstDiffEdit (arXiv 2401.07709): paint a phrase into the place that it finds itself, or into ``mask``.

        One turn per variant, all changes of the same turn; the first is shown.
        """
        return self._edit(
            project, prompt, "instdiffedit", parameters, mask=mask, strength=strength, listener=listener
        )

    def redraw(
        self,
        project: Project,
        prompt: str,
        parameters: MaSaFusionParameters | None = None,
        *,
        mask: NDArray[Any] | None = None,
        sketch: NDArray[Any] | None = None,
        strength: float = 1.0,
        listener: Listener | None = None,
    ) -> Turn:
        """MaSaFusion (arXiv 2405.15313): redraw a region after a sketch; one of the two may be left out."""
        return self.edit(
            project,
            prompt,
            "masafusion",
            parameters,
            mask=mask,
            sketch=sketch,
            strength=strength,
            listener=listener,
        )

    def recolour(
        self,
        project: Project,
        prompt: str,
        parameters: EmbCtrlParameters | None = None,
        *,
        strength: float = 1.0,
        listener: Listener | None = None,
    ) -> Turn:
        """EmbCtrl (arXiv 2405.15313, Algorithm 4): change a colour or a material and keep every shape."""
        return self.edit(project, prompt, "embctrl", parameters, strength=strength, listener=listener)

    def edit(
        self,
        project: Project,
        prompt: str,
        method: str,
        parameters: Parameters = None,
        *,
        mask: NDArray[Any] | None = None,
        sketch: NDArray[Any] | None = None,
        negative: str | None = None,
        guidance: float | None = None,
        strength: float = 1.0,
        listener: Listener | None = None,
    ) -> Turn:
        """Change the shown turn by a method's name; the new turn is shown then.

        parameters: the method's own, as its dataclass or by name; what is left out has its default.
        mask: of the picture's size, nonzero where it may change; None lets the method find the region. One of floats
        from 0 to 1 says how much each pixel may change (Differential Diffusion, arXiv 2306.00950).
        strength: how far the picture is noised before it is denoised; 0 leaves it as it is, 1 paints anew.
        negative, guidance: None keeps the shown turn's.
        Raises NothingToChangeError, other EditorErrors, JobCancelled.
        """
        drawn: dict[str, Any] = {"mask": mask, "sketch": sketch, "negative": negative, "guidance": guidance}
        drawn["strength"] = strength
        return self._edit(project, prompt, method, parameters, listener=listener, **drawn)[0]

    def _edit(
        self,
        project: Project,
        prompt: str,
        method: str,
        parameters: Parameters,
        listener: Listener | None,
        mask: NDArray[Any] | None = None,
        **asked: Any,
    ) -> tuple[Turn, ...]:
        document = project._document
        accept_painting(document, lambda request: self._session.run(0, request, *self._heard(listener)))
        parent = project.current
        request = workflow.edit_request(
            document,
            prompt,
            mask=None if mask is None else mask_of(mask),
            method=method,
            parameters=by_name(parameters, method),
            **asked,
        )
        results: list[TurnResult] = []
        results.append(self._session.run(0, request, *self._heard(listener, results)))
        turns = [workflow.turn_from_result(result, parent.id) for result in results]
        steps: list[Command] = [accept(document, turns[0], ResultPlacement.REPLACE, name=prompt)]
        steps += [AcceptTurn(turn, shown=True) for turn in turns[1:]]
        steps += [JumpToTurn(turns[0].id)] if len(turns) > 1 else []
        document.execute(steps[0] if len(steps) == 1 else CompositeCommand(steps[0].text, steps))
        return tuple(turns)

    def upscale(
        self,
        project: Project,
        factor: int = 2,
        *,
        upscaler: str = "",
        repaint: bool | None = None,
        listener: Listener | None = None,
    ) -> Turn:
        """The shown turn's picture at 2 or 4 times its pixels, with the detail that enlarging leaves out; a new turn.

        upscaler: a network that enlarges, by name or file (ESRGAN and others that spandrel reads); empty for none.
        repaint: whether the model paints the detail; None: where there is no upscaler.
        Raises EditorError, JobCancelled.
        """
        document, heard = project._document, self._heard(listener)
        accept_painting(document, lambda request: self._session.run(0, request, *heard))
        parent = project.current
        result = self._session.run(
            0, workflow.upscale_request(document, factor, None, upscaler, repaint), *heard
        )
        turn = workflow.turn_from_result(result, parent.id)
        document.execute(AcceptTurn(turn))
        return turn

    # -- looking

    def find_mask(
        self,
        picture: Project | Picture | File,
        phrase: str,
        *,
        sentence: str = "",
        before: str = "",
        negative: str = "",
        seed: int = 0,
        steps: int | None = None,
        parameters: Mapping[str, Any] | None = None,
        listener: Listener | None = None,
    ) -> FoundMask:
        """Where a phrase would change a picture (InstDiffEdit's masks), with each word's heat; nothing is painted.

        sentence: what the whole picture shows then. before: what it shows now; a project knows that itself.
        steps: of a whole run, of which a search takes a share.
        parameters: "preset" ("auto", "paper", "printed", "demo", "grounded") and any number of the recipe, such as
        "strength", "threshold", "rounds", "steps". Raises EditorError, JobCancelled.
        """
        if isinstance(picture, Project):
            before = before or picture.current.prompt
        pixels = picture.picture() if isinstance(picture, Project) else pixels_of(picture)
        asked = FindMask(pixels, phrase, sentence, before, negative, seed, dict(parameters or {}), steps)
        return self._session.run(0, asked, *self._heard(listener))

    def compare(
        self,
        project: Project,
        prompt: str,
        methods: Sequence[str] = (),
        *,
        mask: NDArray[Any] | None = None,
        sketch: NDArray[Any] | None = None,
        instruction: str = "",
        models: Mapping[str, File] | None = None,
        listener: Listener | None = None,
    ) -> tuple[Compared, ...]:
        """The same edit of the shown turn by several methods; the project stays as it is.

        methods: ours by `Editor.edit`'s names, the papers' baselines by `METHODS`; empty is every one that the loaded
        model can run. instruction: for models that read orders. models: a method's name to the folder of weights that
        it needs ("inpainting", "instruct-pix2pix"). Raises JobCancelled, EditorError for a name that there is not.
        """
        turn = project.current
        region = None if mask is None else (np.asarray(mask) != 0).astype(np.uint8) * 255
        known = {name: os.fspath(folder) for name, folder in (models or {}).items()}
        wanted = tuple(methods) or tuple(n for n in METHODS if not needs_own_model(n) or n in known)
        check_methods(wanted)
        found = []
        for name in wanted:
            request = compared_request(
                project._document, turn, prompt, name, mask=region, sketch=sketch, instruction=instruction, models=known
            )  # fmt: skip
            found.append(self._compared(name, request, turn.image, region, listener))
        return tuple(found)

    def _compared(
        self,
        name: str,
        request: RunBaseline | Edit,
        before: Picture,
        region: Picture | None,
        listener: Listener | None,
    ) -> Compared:
        start = perf_counter()
        try:
            image = self._session.run(0, request, *self._heard(listener)).image
        except EditorError as error:
            return Compared(name, None, perf_counter() - start, 0.0, None, str(error))
        differ = (image != before).any(2)
        outside = None if region is None else int(differ[region == 0].sum())
        return Compared(name, image, perf_counter() - start, float(differ.mean()), outside)

    # -- activations

    def cache(self) -> CacheInfo:
        """What is kept of activations, by turn (``turn.cache_space`` is the space's name), and the limits in bytes."""
        return self._session.run(0, ReadCache(), *self._heard())

    def drop(self, turns: Turn | Sequence[Turn]) -> CacheInfo:
        """Forget the activations of these turns; an edit of them computes them again."""
        dropped = [turns] if isinstance(turns, Turn) else turns
        spaces = [
            space for turn in dropped for space in (turn.cache_space, *turn.record.cache_spaces) if space
        ]
        return self._session.run(0, ReadCache(tuple(spaces)), *self._heard())

    def _project(self, result: TurnResult) -> Project:
        return Project(Document.new_from_turn(workflow.turn_from_result(result, None)))

    def _heard(
        self, listener: Listener | None = None, variants: list[TurnResult] | None = None
    ) -> tuple[Callable[[events.Event], None], CancelToken]:
        """What a run of the session tells, and what stops it."""
        hearing = listener or self._listener
        return telling(hearing, variants), Asking(hearing.cancelled)


def _handed_in(parts: Parts, wanted: LoadModel, on_progress: OnProgress, cancel: CancelToken) -> ModelBundle:
    cancel.raise_if_cancelled()
    bundle = bundle_of(parts, wanted.device)
    on_progress(1, 1)
    return bundle
