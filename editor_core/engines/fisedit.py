"""FISEdit: change the words, keep the rest (arXiv 2305.17423).

1. The first k steps run densely with the new words, from the base's own noise; unchanged words keep the base's
   cross-attention maps (Prompt-to-Prompt), so that the two runs differ only where the edit belongs.
2. The differences of the latents over those steps become the region: min-max per step, sum, OTSU, opening, growth.
   A region that is given replaces 1 and 2.
3. The remaining steps paint the region only; outside it the latents *are* the base's at every step, so the background
   cannot drift (the released code never resets it, and it does).
4. Decode, and lay the region over the base's picture: every pixel outside keeps its bytes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from editor_core.diffusion.ddim import Denoiser, ddim_step
from editor_core.diffusion.latents import crop, decode, mask_to_latent, pad_to_grid, preview
from editor_core.diffusion.prompts import align, tokenize
from editor_core.engines import keys
from editor_core.engines.composite import composite, inner_edge, soft_edge
from editor_core.engines.context import EngineContext
from editor_core.engines.denoiser import check_words, denoiser
from editor_core.engines.recall import Maps, Reference, RerunReference, StoredReference, warmup_steps
from editor_core.engines.result import finished
from editor_core.errors import NothingToChangeError, RegionError
from editor_core.opencv import cv2
from editor_core.session.events import TurnResult
from editor_core.session.requests import BaseTurn, Edit
from editor_core.unet.attention import Injection, control_cross_attention
from editor_core.unet.instrument import instrumented


@dataclass(frozen=True)
class FISEditParameters:
    warmup_share: float = 0.3
    """Share of the steps that run densely to find the region."""
    warmup_most: int = 10
    """At most so many of them (the paper's k)."""
    growth: int = 1
    """Latent positions the found region grows by on every side."""


@dataclass(eq=False)
class _Run:
    """One edit on its way."""

    context: EngineContext
    base: BaseTurn
    denoise: Denoiser
    base_path: torch.Tensor  # (steps + 1, C, h, w), noise first
    path: list[torch.Tensor]  # the edit's own latents so far, each (1, C, h, w)
    maps: list[Maps]  # per warm-up step, as used
    recalled: int = 0

    def step(self, index: int) -> None:
        """One DDIM step from the newest latents."""
        schedule = self.context.schedule
        t, t_prev = schedule.step_pairs(self.base.steps)[index]
        eps = self.denoise(self.path[-1], t)
        self.path.append(ddim_step(self.path[-1], eps, t, t_prev, schedule))


@torch.no_grad()
def edit(request: Edit, context: EngineContext) -> TurnResult:
    """Run the edit. Raises PromptError, RegionError, NothingToChangeError and, between steps, JobCancelled."""
    base, bundle = request.base, context.bundle
    negative = base.negative if request.negative is None else request.negative
    guidance = base.guidance if request.guidance is None else request.guidance
    parameters = _parameters(request.parameters)
    check_words(context, tokenize(bundle, request.prompt))
    _check_changed(request, negative, guidance)
    base_path = context.tensor(base.latents["trajectory"])
    run = _Run(
        context, base, denoiser(context, request.prompt, negative, guidance), base_path, [base_path[:1]], []
    )

    if request.mask is None:
        region = _find_region(run, request, negative, guidance, parameters)
    else:
        region = _given_region(request.mask, base, bundle)
    opacity = _opacity(region, request.mask, base.image, bundle.downscale)
    context.region((opacity > 0).astype(np.uint8) * 255)

    _reimpose(run, region)
    _paint(run, region)
    with context.timed("decoding"):
        image = composite(base.image, _decode(context, run.path[-1], base.image.shape), opacity)
    space = keys.run_space(
        fingerprint=bundle.fingerprint,
        method="fisedit",
        prompt=request.prompt,
        negative=negative,
        seed=base.seed,
        steps=base.steps,
        guidance=guidance,
        latent_size=region.shape,
        parent=base.cache_space,
        region=region,
    )
    for index, maps in enumerate(run.maps):
        for site, probs in maps.items():
            context.cache.put(keys.map_key(space, index, site), probs)
    return finished(
        context,
        method="fisedit",
        prompt=request.prompt,
        negative=negative,
        seed=base.seed,
        steps=base.steps,
        guidance=guidance,
        image=image,
        mask=opacity,
        trajectory=torch.cat(run.path),
        space=space,
        parameters=asdict(parameters) | {"region": "found" if request.mask is None else "given"},
        log={
            "warmup_steps": len(run.maps),
            "steps_recalled": run.recalled,
            "region_share": round(float(region.mean()), 4),
        },
    )


def summed_differences(base: list[torch.Tensor], edited: list[torch.Tensor]) -> np.ndarray:
    """Sum over steps of |X_t - Y_t|, each step scaled to 0..1 by itself so that noisy steps do not drown the others.

    base, edited: per step (1, C, h, w). Returns float32 (h, w). FISEdit scales once after the sum; its code scales per
    step, and that finds the better masks.
    """
    total = np.zeros(base[0].shape[-2:], np.float32)
    for x, y in zip(base, edited, strict=True):
        total += _min_max((x - y).abs().sum(1)[0].float().cpu().numpy())
    return total


def mask_from_difference(difference: np.ndarray) -> np.ndarray:
    """The region an edit changes: OTSU's threshold on the summed differences (h, w), then an opening. Bool (h, w).

    The opening is 3x3 and symmetric: the authors' 2x2 one moves the mask by a position down and right. A difference
    that is the same everywhere, or nowhere a number, gives an empty region.
    """
    if not np.isfinite(difference).all() or np.ptp(difference) == 0:
        return np.zeros(difference.shape, bool)
    grey = np.rint(255 * _min_max(difference)).astype(np.uint8)
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _cross())
    return (opened if opened.any() else mask).astype(bool)


def _find_region(
    run: _Run, request: Edit, negative: str, guidance: float, parameters: FISEditParameters
) -> np.ndarray:
    """Run the warm-up steps and return the region they show, bool (h, w)."""
    context, base = run.context, run.base
    count = warmup_steps(base.steps, parameters.warmup_share, parameters.warmup_most)
    reference = _reference(context, request, negative, guidance)
    alignment = align(tokenize(context.bundle, base.prompt), tokenize(context.bundle, request.prompt))
    with context.timed("looking"):
        for index in range(count):
            context.progress("looking", index, count)
            _controlled_step(run, index, reference, alignment, guided=guidance != 1)
    run.recalled = reference.recalled
    steps = range(1, count + 1)
    region = mask_from_difference(
        summed_differences([reference.latents(i) for i in steps], [run.path[i] for i in steps])
    )
    if not region.any():
        raise NothingToChangeError("Nothing would change: the model paints the same picture for these words.")
    return _grown(region, parameters.growth)


def _controlled_step(
    run: _Run, index: int, reference: Reference, alignment: torch.Tensor, guided: bool
) -> None:
    """A step in which unchanged words attend where they did in the base; keeps the maps as they were used."""
    t = run.context.schedule.timesteps(run.base.steps)[index]
    base_maps, used = reference.maps(index, t), {}
    inject = Injection(lambda site: base_maps[site.name], alignment)
    record = control_cross_attention(
        inject=inject, record=lambda site, probs: used.__setitem__(site.name, probs.half()), guided=guided
    )
    with instrumented(run.context.bundle.unet, record):
        run.step(index)
    run.maps.append(used)


def _reference(context: EngineContext, request: Edit, negative: str, guidance: float) -> Reference:
    """What the warm-up is compared with: the stored run if it was sampled as the edit is, else one made beside it."""
    base = request.base
    same = base.guidance == guidance and base.negative == negative and request.lineage[0].method == "generate"
    return StoredReference(context, base) if same else RerunReference(context, base, negative, guidance)


def _reimpose(run: _Run, region: np.ndarray) -> None:
    """Outside the region the latents of every step so far become the base's."""
    inside = torch.from_numpy(region).to(run.base_path.device)
    run.path = [torch.where(inside, x, run.base_path[i : i + 1]) for i, x in enumerate(run.path)]


def _paint(run: _Run, region: np.ndarray) -> None:
    """The remaining steps, with the base's latents outside the region at each of them."""
    context, steps = run.context, run.base.steps
    inside = torch.from_numpy(region).to(run.base_path.device)
    with context.timed("painting"):
        for index in range(len(run.path) - 1, steps):
            context.progress("painting", index, steps)
            run.step(index)
            run.path[-1] = torch.where(inside, run.path[-1], run.base_path[index + 1 : index + 2])
            if context.live_preview:
                context.preview(preview(context.bundle, run.path[-1]))
        context.progress("painting", steps, steps)


def _decode(context: EngineContext, x_0: torch.Tensor, shape: tuple[int, ...]) -> np.ndarray:
    return crop(decode(context.bundle, x_0), shape[1], shape[0])


def _given_region(mask: np.ndarray, base: BaseTurn, bundle: Any) -> np.ndarray:
    """The latent positions a mask uint8 (H, W) touches, bool (h, w). Raises RegionError."""
    if mask.shape != base.image.shape[:2]:
        raise RegionError(
            f"The mask is {mask.shape[1]}x{mask.shape[0]} pixels, the picture "
            f"{base.image.shape[1]}x{base.image.shape[0]}; they must be alike."
        )
    if not mask.any():
        raise RegionError("The mask is empty: paint white where the picture may change.")
    size = base.latents["trajectory"].shape[-2:]
    return mask_to_latent(pad_to_grid(mask, bundle.grid), size).numpy()


def _opacity(region: np.ndarray, mask: np.ndarray | None, image: np.ndarray, downscale: int) -> np.ndarray:
    """How much of the new picture shows at each pixel, uint8 (H, W); 0 is the base's pixel, bit for bit."""
    if mask is not None:
        return inner_edge(mask)
    return soft_edge(region, downscale, *image.shape[:2])


def _check_changed(request: Edit, negative: str, guidance: float) -> None:
    base = request.base
    same_words = request.prompt.split() == base.prompt.split() and negative.split() == base.negative.split()
    if same_words and guidance == base.guidance:
        raise NothingToChangeError("Nothing would change: the words are the same.")


def _parameters(given: Mapping[str, Any]) -> FISEditParameters:
    return FISEditParameters(
        **{k: v for k, v in given.items() if k in FISEditParameters.__dataclass_fields__}
    )


def _grown(region: np.ndarray, by: int) -> np.ndarray:
    return cv2.dilate(region.astype(np.uint8), _cross(), iterations=by).astype(bool) if by else region


def _cross() -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def _min_max(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
