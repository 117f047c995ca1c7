"""A sparse step as engines call it: how each level is computed chosen or repeated, captured where that is asked for."""

from dataclasses import replace

import torch

from editor_core.backbones.attention.control import Injection
from editor_core.backbones.attention.sites import Module
from editor_core.backbones.rows import AsKept, Emit, Keys, Levels, Read, Reads, Sparsity
from editor_core.backbones.unet.policy import choose, costs_here, describe
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sites import level_count
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals


class UNetRowStep:
    """Implements `RowStep`."""

    def __init__(
        self,
        unet: Module,
        region: torch.Tensor,
        told: Conditioning,
        sparsity: Sparsity,
        thinned: bool,
        again: Levels | None,
        graphs: StepGraphs | None,
        as_kept: AsKept | None = None,
    ) -> None:
        """`graphs` replay the step where it can be captured; None runs it as it is."""
        device, growth = told.hidden.device, (sparsity.margin, *sparsity.level_growth)
        plan = plan_region(region, level_count(unet), growth, device, bucketed=sparsity.captured)
        keys = Keys(sparsity.keys)
        if thinned and keys is Keys.FULL:
            keys = Keys.STRIDED
        choice = _as_before(again) if again else choose(unet, plan, costs_here(device, told.dtype), keys)
        if sparsity.sparse_levels is not None and not again:  # as FISEdit: for high resolutions only
            choice = replace(choice, dense_from=min(sparsity.sparse_levels, len(plan.levels)))
        how = sparsity.fresh_norms, sparsity.fused
        self._step = SparseStep(unet, plan, keys, choice, thinned, *how, as_kept=as_kept)
        self._text = encode_text(unet, told)
        self._graphs = graphs

    @property
    def active(self) -> torch.Tensor:
        return self._step.region.active

    @property
    def saves_nothing(self) -> bool:
        return self._step.choice.dense_from == 0

    @property
    def levels(self) -> Levels:
        step, text = self._step, self._text.embeddings
        costs = costs_here(text.device, text.dtype)
        return describe(step.unet, step.region, step.choice, costs, step.keys)

    def reads(self) -> Reads:
        return self._step.reads()

    def __call__(
        self,
        rows: torch.Tensor,
        timestep: float,
        read: Read,
        emit: Emit | None = None,
        injection: Injection | None = None,
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        if self._graphs is None or injection is not None:
            near = rows.device.type == "cpu"  # from a card copies go on later, into what was made here
            with torch.inference_mode(near):  # thousands of small tensors: each is a little cheaper so
                return self._step(
                    rows, timestep, self._text, read, emit, injection=injection, control=control
                )
        return self._graphs(self._step, rows, timestep, self._text, read, emit, control=control)


def _as_before(levels: Levels) -> Choice:
    ways = [level["way"] for level in levels]
    return Choice(ways.index("dense") if "dense" in ways else len(ways), tuple(way == "box" for way in ways))
