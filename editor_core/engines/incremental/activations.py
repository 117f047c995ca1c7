"""What the network leaves behind at every step, kept in the cache turn by turn and read back in rows.

A first turn records whole maps. An edit records only the rows it computed, a delta on its parent: a row is asked of the
newest turn on the path to the first that has it. So a turn costs what it changed, and branches share the rest. A turn
that kept no "region" among its latents was computed whole.

What is missing (evicted, damaged, never recorded) is computed again: a turn's latents are stored at every step, so the
step's own call is simply repeated, first turn first, and leaves exactly what it left then.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache

import numpy as np
import torch

from cache import CacheKey, LayeredReader
from editor_core.backbones.attention.control import AttentionControl, Injection, MapControl
from editor_core.backbones.attention.sites import Size
from editor_core.backbones.rows import Levels, Read, RowStep, Sparsity
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import predict_output, sized
from editor_core.engines.common.guides import NO_GUIDE, Guide, guide_of
from editor_core.engines.common.strength import Beginnings
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.delta_chain import chain_of
from editor_core.engines.incremental.recorder import COMPACT, STORED, NumberedRows, delta, recording_step
from editor_core.engines.incremental.reference import recording_maps, warmup_steps
from editor_core.engines.incremental.steering import Steering
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals
from editor_core.models.prompts import embed_prompt
from editor_core.sampling.guidance import guide
from editor_core.sampling.positions import rows_of


class ActivationsMissing(Exception):
    """The cache has no room for what an incremental step must read."""


def guided_words(
    context: EngineContext, prompt: str, negative: str, size: Size, guide: Guide = NO_GUIDE
) -> Conditioning:
    """Two rows, the unconditional half first: every recorded step holds both halves. size: (h, w) of the latents."""
    words = guide.refer(embed_prompt(context.bundle, prompt, negative))
    return sized(context.bundle, Conditioning.batch([words.uncond, words.cond]), *size)


def residuals_for(
    guide: Guide, whole: torch.Tensor | None, t: float, words: Conditioning
) -> ControlResiduals | None:
    """What a guide adds to a row step at latents (n, C, h, w), for both guidance halves."""
    if whole is None:
        return None
    return guide.control(whole.repeat(len(words) // len(whole), 1, 1, 1).to(words.dtype), t, words)


class RecordedLineage:
    """The recorded steps of a turn and its ancestors, read as if they were one dense run."""

    def __init__(
        self, context: EngineContext, lineage: Sequence[BaseTurn], kept: RecordingMode = RecordingMode.FULL
    ) -> None:
        self._context, self._lineage = context, lineage
        self.kept, self.thinned = kept, kept.is_thinned
        self.chain = chain_of(context.cache, lineage)
        self._known_readers: dict[tuple[str, ...], list[LayeredReader]] = {}
        self._replays: dict[int, Callable[[int], None]] = {}
        self.recomputed: set[int] = set()
        """Steps that were not in the cache any more."""
        height, width = lineage[0].latents["trajectory"].shape[-2:]
        self._size = height, width
        self.positions = context.backbone.recorded_positions(height, width, self.thinned)

    @contextmanager
    def reading(self, step: int) -> Iterator[Read]:
        """`read`, while what memory has of the step is held there."""
        with ExitStack() as stack:
            for reader in self._readers(step):
                stack.enter_context(reader.holding(step))
            yield self.read(step)

    def read(self, step: int) -> Read:
        """The reader of one step. It raises ActivationsMissing when the cache cannot even hold that one step."""
        device = self._context.bundle.device

        def read(site: str, rows: torch.Tensor | None) -> torch.Tensor:
            for attempt in range(1 + len(self._lineage)):
                if attempt:  # again, too: computing one turn's step may push out another's
                    self._recompute(step, site)
                found = self._find(step, site, rows)
                if found is not None:
                    near = found.to(device)
                    return near.to(STORED) if near.dtype is COMPACT else near
            raise ActivationsMissing(f"step {step}, {site}")

        return read

    def fetch_ahead(self, step: int, reads: Sequence[tuple[str, torch.Tensor | None]]) -> None:
        """Bring up what ``step`` will read while another one computes."""
        maps = [(step, keys.activation_slot(site)) for site, rows in reads if rows is None]
        some = [(step, keys.activation_slot(site), rows) for site, rows in reads if rows is not None]
        self._readers(step)[0].prefetch([*maps, *some])

    def _readers(self, step: int) -> list[LayeredReader]:
        """What reads a step: through all turns but those that began later, which left nothing there."""
        later = tuple(
            turn.cache_space
            for turn in self._lineage
            if "region" in turn.latents and step < turn.record.first_step
        )
        if later not in self._known_readers:
            turns = [turn.cache_space for turn in reversed(self._lineage) if turn.cache_space not in later]
            through = [space for space in self.chain if space not in later]
            chains = [through, turns] if turns[: len(through)] != through else [through]
            if any(keys.flat_space(space) in through for space in later):  # it holds its own steps only
                chains = [turns]
            self._known_readers[later] = [LayeredReader(self._context.cache, chain) for chain in chains]
        return self._known_readers[later]

    def _find(self, step: int, site: str, rows: torch.Tensor | None) -> torch.Tensor | None:
        slot = keys.activation_slot(site)
        for reader in self._readers(step):
            found = reader.get(step, slot) if rows is None else reader.get_rows(step, slot, rows)
            if found is not None:
                return found
        return None

    def _recompute(self, step: int, site: str) -> None:
        """Repeat the step's own call of every turn that has not kept it, first turn first."""
        context, slot = self._context, keys.activation_slot(site)
        context.progress("recomputing", step, 0)
        context.check_cancelled()
        self.recomputed.add(step)
        whole = max(i for i, turn in enumerate(self._lineage) if "region" not in turn.latents)
        for depth in range(whole, len(self._lineage)):
            turn = self._lineage[depth]
            if depth > whole and step < turn.record.first_step:  # it began later: this step is its parent's
                continue
            if context.cache.info(CacheKey(turn.cache_space, step, slot)) is None:
                self._replays.setdefault(depth, self._replay(depth))(step)

    def _replay(self, depth: int) -> Callable[[int], None]:
        """The function that repeats a step of the turn at ``depth`` from its stored latents."""
        context, turn = self._context, self._lineage[depth]
        guide, told = guide_of(context, turn), turn.record.painted_words or turn.prompt
        words = guided_words(context, told, turn.negative, self._size, guide)
        timesteps = [at.t for at in context.plan(turn.sampler, turn.steps, turn.seed)]
        path = context.tensor(turn.latents["trajectory"])
        count = turn.record.steered_steps if depth else 0
        base = self._lineage[max(depth - 1, 0)]
        hidden = turn.record.hidden_tokens if depth else ()
        steering = Steering(context, base, turn.prompt, turn.negative, count, hidden)
        if "region" not in turn.latents:

            def dense(step: int) -> None:
                control = self._control(turn, step, steering.at(step, timesteps[step]))
                with (
                    context.backbone.attending(control),
                    recording_step(context, [turn.cache_space], step, self._size, self.kept),
                ):
                    halves = path[step : step + 1].expand(2, -1, -1, -1)
                    predict_output(context, halves, timesteps[step], words, control=guide.control)

            return dense
        below = RecordedLineage(context, self._lineage[:depth], self.kept)
        begins = _beginnings(turn)
        sparsity = Sparsity(**{"captured": False, **turn.record.sparsity})

        @cache
        def rows_at(stage: int) -> tuple[RowStep, NumberedRows]:
            levels = [level for level in turn.record.levels if level.get("begins", stage) == stage]
            region = begins.begun(stage)
            made = context.backbone.row_step(region, words, sparsity, self.thinned, again=levels)
            return made, NumberedRows()

        def on_rows(step: int) -> None:
            row_step, numbered = rows_at(begins.stage(step))
            rows = rows_of(path[step : step + 1], row_step.active)
            emit = delta(context.cache, [turn.cache_space], step, self.positions, numbered, self.kept)
            injection = steering.at(step, timesteps[step])
            control = residuals_for(guide, path[step : step + 1], timesteps[step], words)
            row_step(
                rows.to(context.bundle.dtype), timesteps[step], below.read(step), emit, injection, control
            )

        return on_rows

    def _control(self, turn: BaseTurn, step: int, injection: Injection | None) -> AttentionControl:
        """Steer a dense step that is repeated; keep an unsteered turn's own maps where an edit may want them."""
        record = turn.record
        if injection is not None:
            return AttentionControl(MapControl(inject=injection))
        if step < warmup_steps(turn.steps) and not record.warmup_steps and not record.steered_steps:
            return recording_maps(self._context, turn.cache_space, step, self._size, self.kept, guided=True)
        return AttentionControl()


def _beginnings(turn: BaseTurn) -> Beginnings:
    """Where and when an edit, computed in rows, began to change its parent."""
    if "begins" in turn.latents:
        return Beginnings(torch.from_numpy(turn.latents["begins"].astype(np.int64)), turn.steps)
    region = torch.from_numpy(turn.latents["region"].astype(bool))
    return Beginnings(torch.where(region, turn.record.first_step, turn.steps), turn.steps)


class IncrementalDenoiser:
    """The guided noise prediction at a region's positions only; everything else is read from a recorded lineage.

    Several pictures that share the region may go through it as one batch.
    """

    def __init__(
        self,
        context: EngineContext,
        recorded: RecordedLineage,
        region: torch.Tensor,
        prompt: str,
        negative: str,
        guidance: float,
        spaces: Sequence[str],
        sparsity: Sparsity,
        steering: Steering | None = None,
        guide: Guide = NO_GUIDE,
    ) -> None:
        """Bind to a region; ``spaces``, one for each picture, receive what the steps compute, none keep nothing.

        ``steering`` is for one picture.
        """
        self._steering, self._guide = steering, guide
        self._context, self._recorded, self._spaces = context, recorded, spaces
        self._guidance = guidance
        size = (region.shape[0], region.shape[1])
        self._words = words = guided_words(context, prompt, negative, size, guide).repeated(
            max(1, len(spaces))
        )
        self._row_step = context.backbone.row_step(region, words, sparsity, recorded.thinned)
        self._reads, self._numbered = self._row_step.reads(), NumberedRows()
        wanted = region.flatten().to(context.bundle.device)
        self.active: torch.Tensor = self._row_step.active
        """The positions that are computed, ascending, int64 (N,)."""
        self.inside: torch.Tensor = wanted[self.active].nonzero()[:, 0]
        """Which of them lie in the region rather than in its margin, int64 (M,)."""

    @property
    def saves_nothing(self) -> bool:
        """Whether the region is so large that a dense step is expected to be quicker."""
        return self._row_step.saves_nothing

    @property
    def levels(self) -> Levels:
        """How each level is computed, and what that was expected to cost, for the turn's log."""
        return self._row_step.levels

    def __call__(
        self, rows: torch.Tensor, step: int, t: float, last: int, whole: torch.Tensor | None = None
    ) -> torch.Tensor:
        """eps at the active positions. rows: latents there, float32 (n, N, C); ``last`` is the run's last step.

        whole: all latents (n, C, h, w), for a guide, which is asked for them all; not needed without one.
        """
        self._context.check_cancelled()
        if step < last:
            self._recorded.fetch_ahead(step + 1, self._reads)
        emit = None
        if self._spaces:
            cache, positions = self._context.cache, self._recorded.positions
            emit = delta(cache, self._spaces, step, positions, self._numbered, self._recorded.kept)
        halves = rows.to(self._context.bundle.dtype)  # alike until the first word: each serves both
        with self._recorded.reading(step) as read:
            control = residuals_for(self._guide, whole, t, self._words)
            out = self._row_step(halves, t, read, emit, self._injection(read, step, t), control)
        uncond, cond = out.float().chunk(2)
        guided = guide(uncond, cond, self._guidance)
        return self._context.schedule.eps_from_output(guided, rows, t)

    def _injection(self, read: Read, step: int, t: float) -> Injection | None:
        if self._steering is None:
            return None
        if self._reads and step < self._steering.steps:
            read(*self._reads[0])  # where the step is computed again, so are its maps
        return self._steering.at(step, t)
