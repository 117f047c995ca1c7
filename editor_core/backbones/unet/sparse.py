"""The sparse step: the U-Net on the active positions only, everything else read from a recorded step.

FISEdit (arXiv 2305.17423) and SIGE (arXiv 2211.02048) compute the changed region in tiles; here it is rows, for the
reasons given in `regions.py`. Nothing is attached to the network: it is walked layer by layer, in the order of
`sites.layers`, with a counterpart on rows for every layer above the dense levels.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from editor_core.backbones.attention.control import Injection
from editor_core.backbones.attention.sites import AttentionSite, Module
from editor_core.backbones.rows import AsKept, Emit, Keys, Read, Reads
from editor_core.backbones.unet.block_biases import BlockBiases
from editor_core.backbones.unet.fused import fused_kernels
from editor_core.backbones.unet.leaves import signature, tensors
from editor_core.backbones.unet.level_norms import (
    ComputedNorms,
    LevelNorms,
    NormCollector,
    collect_moments,
    collect_statistics,
    epsilons,
    moments_site,
    norms_by_level,
    statistics_site,
)
from editor_core.backbones.unet.maps import EnterMap, LeaveMap, MapLayer, rows_over_recorded, steered
from editor_core.backbones.unet.network import predict
from editor_core.backbones.unet.recording import RecordSite, position_major, record_sites, recording
from editor_core.backbones.unet.regions import LevelPlan, Region
from editor_core.backbones.unet.row_attention import RowTransformer, plan_keys
from editor_core.backbones.unet.row_norm import RowNorm
from editor_core.backbones.unet.rows import (
    RowConv,
    RowDownsample,
    RowLayer,
    RowOutput,
    RowResnet,
    StepContext,
    TextKeys,
    for_all_words,
)
from editor_core.backbones.unet.sites import Layer, LayerKind, attention_sites, layers
from editor_core.models.controlnet import ControlResiduals


@dataclass(frozen=True)
class Choice:
    """How each level is computed: on rows above `dense_from`, and there, where `box` says so, on small pictures."""

    dense_from: int
    box: tuple[bool, ...]


class SparseStep:
    """A U-Net bound to one region; call it once per denoising step.

    Convolution weights are used in place when they are channels-last and copied otherwise, so models are best loaded
    with `unet.to(memory_format=torch.channels_last)`.
    """

    def __init__(
        self,
        unet: Module,
        region: Region,
        keys: Keys = Keys.FULL,
        choice: Choice | None = None,
        thinned: bool = False,
        fresh_norms: bool = True,
        fused: bool = True,
        as_kept: AsKept | None = None,
    ) -> None:
        """Bind `unet` to `region`.

        `thinned` says that the record's keys and values are, which rules out full ones. `fresh_norms` lets the group
        norms' statistics follow the edit. `fused` takes a card's own kernels where it has them. `as_kept`:
        see `RowComputing.row_step`.
        """
        if thinned and keys is Keys.FULL:
            raise ValueError("a thinned record has no full keys")
        self.unet = unet
        self.region = region
        self.keys = keys
        self.thinned = thinned
        self.fresh_norms = fresh_norms
        self.fused = fused
        self.as_kept = as_kept
        self._kernels = fused_kernels(region.active.device) if fused else None
        self._norms = norms_by_level(unet)
        self._epsilons = [epsilons(norms, region.active.device) for norms in self._norms]
        self._cross_sites = [site for site in attention_sites(unet) if site.is_cross]
        levels = len(region.levels)
        self.choice = choice or Choice(levels, (False,) * levels)
        self._key_plans = [plan_keys(plan, keys, thinned) for plan in region.levels]
        self._layers = [(layer, self._bind(layer)) for layer in layers(unet)]
        self._biases = BlockBiases(
            unet, [bound.block for _, bound in self._layers if isinstance(bound, RowResnet)]
        )
        self._map_sites = self._sites_on_maps()

    def __call__(
        self,
        rows: torch.Tensor,
        timestep: torch.Tensor | float,
        text: TextKeys,
        read: Read,
        emit: Emit | None = None,
        features: Sequence[torch.Tensor] = (),
        injection: Injection | None = None,
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        """Predict at the region's active positions.

        rows: (n, N, C_in), the latents there; n items serve a batch of words n times as large as there are guidance
        halves, all unconditional ones first. Of both halves, everything before the first word, the first
        cross-attention or a pooled text, is computed, read and emitted once. `read` answers for the recorded step of
        the same timestep, one picture for all n; `emit` gets what this step computes at the recorded sites. features:
        T2I-Adapter maps (batch or 1, channels, height, width), one per down block. injection: the base's maps, of one
        picture, that words which stay attend by. control: what a ControlNet adds, whole maps of the batch or of one
        picture. Returns (batch, N,
        C_out), the batch being the text's. Nothing active: nothing is read or run.
        """
        if not len(self.region.active):
            return rows.new_empty(len(text.embeddings), 0, self.unet.conv_out.out_channels)
        if text.added is not None:
            rows = for_all_words(rows, len(text.embeddings))
        pictures = len(rows) if len(rows) < len(text.embeddings) else 0
        with self._recording_maps(emit, rows.dtype, pictures):
            if self.choice.dense_from == 0:
                return self._run_dense(rows, timestep, text, read, features, injection, control)
            time = self.unet.time_embedding(self.unet.get_time_embed(rows[:1], timestep))
            time = time if text.added is None else time + text.added
            norms = [self._level_norms(level, plan, read, emit) for level, plan in self._on_rows()]
            step = StepContext(read, emit, time, text, norms, self._biases(time), injection, self._kernels)
            return self._run(rows, step, features, control)

    def reads(self) -> Reads:
        """List what one call reads, in calling order, so that it can be fetched ahead."""
        return self._reads

    @cached_property
    def _reads(self) -> Reads:
        if not len(self.region.active):
            return []
        if self.choice.dense_from == 0:
            return [("conv_in", None)]
        norms: Reads = []
        for level, plan in self._on_rows():
            norms.append((statistics_site(level), None))
            if len(plan.fewer):
                norms.append((moments_site(level), plan.fewer))
        return norms + [item for _, bound in self._layers for item in bound.reads()]

    @cached_property
    def plans(self) -> list[torch.Tensor]:
        """The index plans that a call uses."""
        return tensors(self._plans)

    @cached_property
    def kind(self) -> tuple[Any, ...]:
        """Calls of two steps of one kind, of the same U-Net, differ in nothing but the values of their plans."""
        return signature(self._plans), self.choice, self.keys, self.fresh_norms, self.fused, self.as_kept

    @property
    def _plans(self) -> tuple[Any, ...]:
        rows_until = self.choice.dense_from
        levels = [
            (plan.height, plan.width, plan.active, plan.same, plan.box if boxed else None)
            for plan, boxed in zip(self.region.levels[:rows_until], self.choice.box, strict=False)
        ]
        below = [plan.active for plan in self.region.levels[rows_until : rows_until + 1]]
        keys = [bound.keys for _, bound in self._layers if isinstance(bound, RowTransformer)]
        return levels, below, self.region.transitions[:rows_until], keys

    def _on_rows(self) -> Iterable[tuple[int, LevelPlan]]:
        """The levels that run on rows."""
        return enumerate(self.region.levels[: self.choice.dense_from])

    def _level_norms(self, level: int, plan: LevelPlan, read: Read, emit: Emit | None) -> LevelNorms:
        """Read a level's norms, and have what becomes of them emitted."""
        norms, epsilon = self._norms[level], self._epsilons[level]
        statistics, positions = read(statistics_site(level), None), plan.height * plan.width
        moments = read(moments_site(level), plan.fewer) if len(plan.fewer) else None
        known = LevelNorms(norms, statistics, moments, len(plan.active), positions, epsilon)
        if emit is not None:
            known.computed = self._handed_on(level, plan, known, emit)
        return known

    def _handed_on(self, level: int, plan: LevelPlan, known: LevelNorms, emit: Emit) -> ComputedNorms:
        """Have what becomes of a level's norms emitted.

        Where the next step takes rows out of the statistics, these are made of the rows as they are kept: else a
        little of each edit's rounding would stay in them, and add up from turn to turn.
        """
        count, epsilon, as_kept = len(self._norms[level]), self._epsilons[level], self.as_kept

        def put_statistics(site: str, fresh: torch.Tensor) -> None:
            emit(site, None, fresh)

        def put_moments(site: str, fresh: torch.Tensor) -> None:
            emit(site, plan.active, fresh)

        if as_kept is None or plan.fewer is not plan.active:
            return ComputedNorms(
                collect_statistics(level, count, put_statistics, epsilon),
                collect_moments(level, count, put_moments),
            )
        of_all = collect_statistics(level, 1, put_statistics, epsilon)

        def put_both(site: str, fresh: torch.Tensor) -> None:
            put_moments(site, fresh)
            of_all.put(0, *known.with_rows(as_kept(fresh)))

        return ComputedNorms(NormCollector(count, lambda *_: None), collect_moments(level, count, put_both))

    def _run(
        self,
        hidden: torch.Tensor,
        step: StepContext,
        features: Sequence[torch.Tensor],
        control: ControlResiduals | None,
    ) -> torch.Tensor:
        skips: list[torch.Tensor] = []
        for layer, bound in self._layers:
            if layer.pops:
                skip = for_all_words(skips.pop(), len(hidden))
                hidden = torch.cat([hidden, skip], -1 if hidden.ndim == 3 else 1)
            hidden = bound(hidden, step)
            if layer.adapter is not None and layer.adapter < len(features):
                hidden = hidden + self._feature(layer, features, on_rows=hidden.ndim == 3)
            if layer.pushes:
                extra = None if control is None else control.skips[len(skips)]
                skips.append(hidden if extra is None else self._added(hidden, extra, layer))
            if control is not None and layer.ends_middle:
                hidden = self._added(hidden, control.middle, layer)
        return hidden

    def _run_dense(
        self,
        rows: torch.Tensor,
        timestep: torch.Tensor | float,
        text: TextKeys,
        read: Read,
        features: Sequence[torch.Tensor],
        injection: Injection | None,
        control: ControlResiduals | None,
    ) -> torch.Tensor:
        recorded = read("conv_in", None)[:1].expand(len(rows), -1, -1)
        latents = rows_over_recorded(rows, recorded, self.region.levels[0])
        latents = for_all_words(latents, len(text.embeddings))
        residuals = [feature.clone() for feature in features] or None
        with steered(self._cross_sites, injection, guided=len(latents) > 1):
            out = predict(self.unet, latents, timestep, text.told, residuals, control)
        return position_major(out, out.dtype).index_select(1, self.region.active)

    def _feature(self, layer: Layer, features: Sequence[torch.Tensor], on_rows: bool) -> torch.Tensor:
        return self._here(features[layer.adapter or 0], layer, on_rows)

    def _added(self, hidden: torch.Tensor, residual: torch.Tensor, layer: Layer) -> torch.Tensor:
        """What a ControlNet adds to a layer's output; from here on the halves of the batch may differ."""
        here = self._here(residual, layer, on_rows=hidden.ndim == 3)
        return for_all_words(hidden, len(here)) + here if len(here) > len(hidden) else hidden + here

    def _here(self, whole: torch.Tensor, layer: Layer, on_rows: bool) -> torch.Tensor:
        """Of a map (B, C, h, w) at a layer's output what is computed there: rows, or all of it."""
        if not on_rows:
            return whole
        level = layer.level + (layer.kind is LayerKind.DOWNSAMPLE)
        return whole.flatten(2).index_select(2, self.region.levels[level].active).mT

    def _recording_maps(
        self, emit: Emit | None, dtype: torch.dtype, pictures: int
    ) -> AbstractContextManager[None]:
        if emit is None:
            return nullcontext()
        finest = self.region.levels[0]
        thin = (finest.height, finest.width) if self.thinned else None
        return recording(self._map_sites, _whole(emit), dtype, pictures, thin)

    def _bind(self, layer: Layer) -> RowLayer:
        """Return the layer's counterpart for this region."""
        on_map = layer.level >= self.choice.dense_from
        if layer.kind is LayerKind.UPSAMPLE:
            return self._bind_upsample(layer)
        if on_map:
            return MapLayer(layer, None, self._cross_sites_of(layer))
        if layer.kind is LayerKind.DOWNSAMPLE:
            return self._bind_downsample(layer)
        plan = self.region.levels[layer.level]
        if layer.kind is LayerKind.RESNET:
            return self._bind_resnet(layer)
        if layer.kind is LayerKind.TRANSFORMER:
            norm = self._norm(layer.module.norm, layer.level)
            keys = self._key_plans[layer.level]
            cross = self._cross_sites_of(layer)
            return RowTransformer(layer.name, layer.module, norm, plan.active, keys, cross)
        conv = self._conv(layer.name, layer.module, layer.level)
        if layer.kind is LayerKind.CONV_OUT:
            return RowOutput(self._norm(self.unet.conv_norm_out, layer.level, self.unet.conv_act), conv)
        return conv

    def _bind_resnet(self, layer: Layer) -> RowLayer:
        name, module, level = layer.name, layer.module, layer.level
        return RowResnet(
            module,
            self._norm(module.norm1, level, module.nonlinearity),
            self._conv(f"{name}.conv1", module.conv1, level),
            self._norm(module.norm2, level, module.nonlinearity),
            self._conv(f"{name}.conv2", module.conv2, level),
        )

    def _bind_downsample(self, layer: Layer) -> RowLayer:
        plan, below = self.region.levels[layer.level : layer.level + 2]
        hood = self.region.transitions[layer.level].down
        conv = RowConv(f"{layer.name}.conv", layer.module.conv, plan.active, hood)
        rows = RowDownsample(layer.name, conv, below.active)
        return EnterMap(rows, below) if layer.level + 1 == self.choice.dense_from else rows

    def _bind_upsample(self, layer: Layer) -> RowLayer:
        above, plan = self.region.levels[layer.level - 1 : layer.level + 1]
        transition = self.region.transitions[layer.level - 1]
        if layer.level > self.choice.dense_from:
            return MapLayer(layer, (above.height, above.width))
        if layer.level == self.choice.dense_from:
            return LeaveMap(layer.name, layer.module.conv, transition.up_from_map)
        return RowConv(layer.name, layer.module.conv, plan.active, transition.up)

    def _cross_sites_of(self, layer: Layer) -> list[AttentionSite]:
        return [site for site in self._cross_sites if site.name.startswith(f"{layer.name}.")]

    def _norm(self, norm: Module, level: int, activation: Module | None = None) -> RowNorm:
        return RowNorm(norm, level, self._norms[level].index(norm), self.fresh_norms, activation)

    def _conv(self, site: str, conv: Module, level: int) -> RowConv:
        plan = self.region.levels[level]
        return RowConv(site, conv, plan.active, plan.same, plan.box if self.choice.box[level] else None)

    def _sites_on_maps(self) -> list[RecordSite]:
        """The sites that the network's own layers pass in this step, so that hooks can record them."""
        dense_from = self.choice.dense_from
        if dense_from == len(self.region.levels):
            return []
        edges = {bound.site for _, bound in self._layers if isinstance(bound, LeaveMap)}
        edges |= {bound.downsample.site for _, bound in self._layers if isinstance(bound, EnterMap)}
        sites = record_sites(self.unet)
        return [site for site in sites if site.level >= dense_from and site.name not in edges]


def _whole(emit: Emit) -> Callable[[str, torch.Tensor], None]:
    return lambda site, tensor: emit(site, None, tensor)
