"""The base run as an edit sees it: its latents at every step and its cross-attention maps in the first ones.

What a run left in the cache is read; what is missing there (evicted, damaged, never recorded) is computed again from
the stored trajectory: x_t is known at every step, so one call of the network per step gives back exactly what the run's
own call gave. Only an edit that found its own region is different: its first steps attended as its base told them, at
latents of which the outside is not kept, so they are run again.
"""

from collections.abc import Callable
from functools import cache, partial

import torch

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.sites import AttentionSite, Size
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.common.guides import NO_GUIDE, Guide, guide_of
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.kept_maps import kept_map, map_to_keep
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called

Maps = dict[str, torch.Tensor]
"""Site name → the conditional half's map (heads, positions, tokens)."""


def warmup_steps(steps: int, share: float = 0.3, limit: int = 10) -> int:
    """How many first steps show where an edit changes the picture: 10 of 50 in FISEdit, 6 of 20 here."""
    return max(1, min(limit, round(share * steps)))


def recording_maps(
    context: EngineContext, space: str, step: int, size: Size, kept: RecordingMode, guided: bool
) -> AttentionControl:
    """What puts the maps of a step, at latents of `size` (h, w), into the cache."""
    sizes = context.backbone.level_sizes(*size)

    def record(site: AttentionSite, probs: torch.Tensor) -> None:
        context.cache.put(keys.map_key(space, step, site.name), map_to_keep(probs, sizes[site.level], kept))

    return AttentionControl(MapControl(record, guided=guided))


class StoredReference:
    """A base that was sampled with the same guidance as the edit: its stored trajectory is the path to compare with."""

    def __init__(
        self, context: EngineContext, base: BaseTurn, again: Callable[[], list[Maps]] = list
    ) -> None:
        """``again`` repeats the first steps of a run that steered its maps; of others, each step stands alone."""
        self._context, self._base = context, base
        self._steered = cache(again)
        self._guide = cache(partial(guide_of, context, base))
        self._trajectory = context.tensor(base.latents["trajectory"])
        height, width = self._trajectory.shape[-2:]
        sizes = context.backbone.level_sizes(height, width)
        self._sites = {site.name: sizes[site.level] for site in context.backbone.sites if site.is_cross}
        self.recomputed = 0
        """Steps whose maps had to be computed again."""

    def latents(self, index: int) -> torch.Tensor:
        """x entering step ``index``: (1, C, h, w)."""
        return self._trajectory[index : index + 1]

    def maps(self, index: int, t: float) -> Maps:
        """The maps of step ``index``, whose timestep is t."""
        found: Maps = {}
        for name, size in self._sites.items():
            probs = self._context.cache.get(keys.map_key(self._base.cache_space, index, name))
            if probs is None:
                self.recomputed += 1
                return self._recompute(index, t)
            found[name] = kept_map(probs, size)
        return found

    def computed(self, index: int, t: float) -> Maps:
        """As `maps`, neither read from the cache nor kept there."""
        words = (self._base.prompt, self._base.negative)
        return conditional_maps(self._context, *words, self.latents(index), t, self._guide())

    def _recompute(self, index: int, t: float) -> Maps:
        steered = self._steered()
        maps = steered[index] if index < len(steered) else self.computed(index, t)
        found: Maps = {}
        for name, probs in maps.items():
            kept = map_to_keep(probs, self._sites[name], self._base.record.recording)
            self._context.cache.put(keys.map_key(self._base.cache_space, index, name), kept)
            found[name] = kept_map(kept, self._sites[name])  # as it is read the next time
        return found


class RerunReference:
    """A base that was inverted, or sampled with another guidance: its prompt runs again beside the edit.

    A guided run does not retrace an unguided inversion: against the stored latents everything would seem changed.
    """

    def __init__(self, context: EngineContext, base: BaseTurn, negative: str, guidance: float) -> None:
        guide = guide_of(context, base)
        self._denoise = denoiser(
            context, base.prompt, negative, guidance, control=guide.control, refer=guide.refer
        )
        self._guided = guidance != 1
        self._backbone = context.backbone
        self._maps: Maps = {}
        self._path = [context.tensor(base.latents["trajectory"][:1])]
        plan = context.plan(base.sampler, base.steps, base.seed)
        self._run = run(sampler_called(base.sampler), plan, self._path[0], self._predict)
        self.recomputed = 0

    def latents(self, index: int) -> torch.Tensor:
        return self._path[index]

    def maps(self, index: int, t: float) -> Maps:
        """Runs step ``index`` of the base; steps must come in order."""
        self._path.append(next(self._run).x_next)
        self.recomputed += 1
        return self._maps

    def _predict(self, x: torch.Tensor, at: TimeStep) -> Prediction:
        self._maps = {}
        control = AttentionControl(MapControl(_recorded_in(self._maps), guided=self._guided))
        with self._backbone.attending(control):
            return Prediction(x, self._denoise(x, at.t))


Reference = StoredReference | RerunReference


def conditional_maps(
    context: EngineContext,
    prompt: str,
    negative: str,
    x_t: torch.Tensor,
    t: float,
    guide: Guide = NO_GUIDE,
) -> Maps:
    """The cross-attention maps of ``prompt`` at latents x_t (1, C, h, w), in half precision.

    negative: what the run was guided away from; it only counts where it has more chunks than the prompt.
    """
    maps: Maps = {}
    control = AttentionControl(MapControl(_recorded_in(maps), guided=False))
    with context.backbone.attending(control):
        denoiser(context, prompt, negative, 1.0, control=guide.control, refer=guide.refer)(x_t, t)
    return maps


def _recorded_in(maps: Maps) -> Callable[[AttentionSite, torch.Tensor], None]:
    def record(site: AttentionSite, probs: torch.Tensor) -> None:
        maps[site.name] = probs.half()

    return record
