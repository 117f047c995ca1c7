"""U-Nets as a backbone: Stable Diffusion's, whatever their widths."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial

import torch

from editor_core.backbones.attention.control import AttentionControl
from editor_core.backbones.attention.instrument import instrumented, processor_for
from editor_core.backbones.attention.sites import AttentionSite, Module, Size
from editor_core.backbones.backbone import Store
from editor_core.backbones.rows import AsKept, Levels, Sparsity
from editor_core.backbones.unet import network
from editor_core.backbones.unet.joined_weights import join_weights
from editor_core.backbones.unet.recording import (
    RecordKind,
    RecordSite,
    record_sites,
    recorded_bytes,
    recorded_positions,
    recorded_together,
    recording,
)
from editor_core.backbones.unet.row_step import UNetRowStep
from editor_core.backbones.unet.sites import attention_sites, level_count, level_sizes
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.backbones.unet.weight_layout import lay_out
from editor_core.base import heap
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals


class UNetBackbone:
    """Implements `Backbone`; sites and records are found by the network's structure (`sites.py`, `recording.py`)."""

    def __init__(self, unet: Module) -> None:
        self.network = unet
        self._graphs = StepGraphs()

    def predict(
        self,
        x_t: torch.Tensor,
        t: float,
        conditioning: Conditioning,
        residuals: Sequence[torch.Tensor] | None = None,
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        lay_out(self.network)
        with heap.reused():
            return network.predict(self.network, x_t, t, conditioning, residuals, control)

    @contextmanager
    def gradient_checkpointing(self) -> Iterator[None]:
        self.network.enable_gradient_checkpointing()
        try:
            yield
        finally:
            self.network.disable_gradient_checkpointing()

    @cached_property
    def sites(self) -> tuple[AttentionSite, ...]:
        return attention_sites(self.network)

    def level_sizes(self, height: int, width: int) -> tuple[Size, ...]:
        return level_sizes(height, width, level_count(self.network))

    def attending(self, control: AttentionControl) -> AbstractContextManager[Counter[str]]:
        return instrumented(self.network, self.sites, partial(processor_for, control))

    @cached_property
    def _record_sites(self) -> tuple[RecordSite, ...]:
        return record_sites(self.network)

    @cached_property
    def sites_without_positions(self) -> frozenset[str]:
        return frozenset(site.name for site in self._record_sites if site.kind is RecordKind.NORM)

    @cached_property
    def sites_before_words(self) -> frozenset[str]:
        return frozenset(site.name for site in self._record_sites if site.before_text)

    @cached_property
    def recorded_together(self) -> Mapping[str, Mapping[str, int]]:
        return recorded_together(self._record_sites)

    def recorded_positions(self, height: int, width: int, thinned: bool = False) -> Mapping[str, int]:
        return recorded_positions(self.network, height, width, thinned)

    def recorded_bytes(self, height: int, width: int, thinned: bool = False, halves: int = 2) -> int:
        found = recorded_bytes(self.network, height, width, halves, equal_halves=True, thinned=thinned)
        return sum(found.values())

    def recording(
        self, store: Store, dtype: torch.dtype, pictures: int, thin: Size | None = None
    ) -> AbstractContextManager[None]:
        return recording(self._record_sites, store, dtype, pictures, thin)

    def row_step(
        self,
        region: torch.Tensor,
        told: Conditioning,
        sparsity: Sparsity,
        thinned: bool = False,
        again: Levels | None = None,
        as_kept: AsKept | None = None,
    ) -> UNetRowStep:
        lay_out(self.network)
        if told.hidden.device.type != "cpu":
            join_weights(self.network)
        captured = sparsity.captured and again is None
        if captured:
            self._graphs.follow(self.network)
        graphs = self._graphs if captured else None
        return UNetRowStep(self.network, region, told, sparsity, thinned, again, graphs, as_kept)

    def release(self) -> None:
        self._graphs.clear()
