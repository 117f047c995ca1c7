"""What the network leaves behind at every step, kept in the cache turn by turn and read back in rows.

A first turn records whole maps. An edit records only the rows it computed, a delta on its parent: a row is asked of the
newest turn on the path to the first that has it. So a turn costs what it changed, and branches share the rest. A turn
that kept no "region" among its latents was computed whole.

What is missing (evicted, damaged, never recorded) is computed again: a turn's latents are stored at every step, so the
step's own call is simply repeated, first turn first, and leaves exactly what it left then.

A step holds the guidance halves that its run computed: both, the unconditional one first, or without guidance the
conditional one alone. So an entry's last item is the conditional half's, and that is all that a run without guidance
reads of any turn; a guided one finds the unconditional half missing where a turn had none.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial

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
from editor_core.engines.incremental.delta_chain import chain_of, repeats_allowed, why_whole
from editor_core.engines.incremental.joining import Unpacked, places
from editor_core.engines.incremental.recorder import (
    COMPACT,
    STORED,
    NumberedRows,
    delta,
    kept_roughly,
    recording_step,
)
from editor_core.engines.incremental.reference import recording_maps, warmup_steps
from editor_core.engines.incremental.steering import Steering
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals
from editor_core.models.prompts import embed_prompt
from editor_core.sampling.guidance import Guidance, GuidanceOfRun, halves_at
from editor_core.sampling.positions import rows_of


class ActivationsMissing(Exception):
    """The cache has no room for what an incremental step must read."""


def words_of_halves(
    context: EngineContext, prompt: str, negative: str, size: Size, halves: int, guide: Guide = NO_GUIDE
) -> Conditioning:
    """A row for each guidance half, the unconditional one first; a single one is the conditional.

    size: (h, w) of the latents.
    """
    words = guide.refer(embed_prompt(context.bundle, prompt, negative))
    return sized(context.bundle, Conditioning.batch([words.uncond, words.cond][-halves:]), *size)


def residuals_for(
    guide: Guide, whole: torch.Tensor | None, t: float, words: Conditioning
) -> ControlResiduals | None:
    """What a guide adds to a row step at latents (n, C, h, w), for each guidance half of the words."""
    if whole is None:
        return None
    return guide.control(whole.repeat(len(words) // len(whole), 1, 1, 1).to(words.dtype), t, words)


class RecordedLineage:
    """The recorded steps of a turn and its ancestors, read as if they were one dense run."""

    def __init__(
        self,
        context: EngineContext,
        lineage: Sequence[BaseTurn],
        kept: RecordingMode = RecordingMode.FULL,
        repeats: Iterator[int] | None = None,
    ) -> None:
        """repeats: how many calls may still be repeated; None as many as a run may (`repeats_allowed`)."""
        self._context, self._lineage = context, lineage
        self.steps = lineage[-1].steps
        self.kept, self.thinned = kept, kept.is_thinned
        self.chain = chain_of(context.cache, lineage)
        self.as_kept = kept_roughly(kept)
        self._lost: set[str] = set()
        self._repeats = repeats_allowed(self.steps) if repeats is None else repeats
        self._readers: list[LayeredReader] = []
        self._replays: dict[tuple[int, int], Callable[[int], None]] = {}
        self.recomputed: set[int] = set()
        """Steps that were not in the cache any more."""
        height, width = lineage[0].latents["trajectory"].shape[-2:]
        self._size = height, width
        self.positions = context.backbone.recorded_positions(height, width, self.thinned)
        self._before_words = context.backbone.sites_before_words
        self._places = places(context.backbone.recorded_together) if kept is RecordingMode.PACKED else {}

    @contextmanager
    def reading(self, step: int, halves: int) -> Iterator[Read]:
        """`read`, while what memory has of the step is held there."""
        with self._reader(step).holding(step):
            yield self.read(step, halves)

    def read(self, step: int, halves: int) -> Read:
        """The reader of one step's last guidance halves, the conditional one or both.

        It raises ActivationsMissing when the cache cannot even hold that one step.
        """
        device, unpacked = self._context.bundle.device, Unpacked()

        def read(site: str, rows: torch.Tensor | None) -> torch.Tensor:
            items = 1 if site in self._before_words else halves
            place = self._places.get(site)
            if place is not None:
                part = unpacked.at(place, rows, lambda: self._found(step, place.record, rows, halves, items))
                return part.to(device)
            near = self._found(step, site, rows, halves, items).to(device)
            return near.to(STORED) if near.dtype is COMPACT else near

        return read

    def _found(
        self, step: int, record: str, rows: torch.Tensor | None, halves: int, items: int
    ) -> torch.Tensor:
        """What the cache has of a record, computed again where it has nothing."""
        for attempt in range(2 + len(self.chain)):
            if attempt:  # again, too: computing one turn's step may push out another's
                self._recompute(step, record, halves, items)
            found = self._find(step, record, rows, items)
            if found is not None:
                return found
        raise ActivationsMissing(f"step {step}, {record}")

    def fetch_ahead(self, step: int, reads: Sequence[tuple[str, torch.Tensor | None]]) -> None:
        """Bring up what ``step`` will read while another one computes."""
        wanted: dict[tuple[str, int], tuple[int, str] | tuple[int, str, torch.Tensor]] = {}
        for site, rows in reads:
            record = self._places[site].record if site in self._places else site
            slot = keys.activation_slot(record)
            wanted[slot, id(rows)] = (step, slot) if rows is None else (step, slot, rows)
        self._reader(step).prefetch(wanted.values())

    @property
    def chains(self) -> list[tuple[str, ...]]:
        """What each step is read through: the chain without turns that began later, which left nothing there."""
        turns = list(zip(self.chain, reversed(self._lineage), strict=False))
        return [
            tuple(
                space
                for space, turn in turns
                if space != turn.cache_space or "region" not in turn.latents or step >= turn.record.first_step
            )
            for step in range(self.steps)
        ]

    def _reader(self, step: int) -> LayeredReader:
        if not self._readers:
            chains = self.chains
            readers = {chain: LayeredReader(self._context.cache, chain) for chain in set(chains)}
            self._readers = [readers[chain] for chain in chains]
        return self._readers[step]

    def _find(self, step: int, site: str, rows: torch.Tensor | None, items: int) -> torch.Tensor | None:
        reader, slot = self._reader(step), keys.activation_slot(site)
        if rows is None:
            return reader.get(step, slot, last=items)
        return reader.get_rows(step, slot, rows, last=items)

    def _recompute(self, step: int, site: str, halves: int, items: int) -> None:
        """Repeat the step's own call of every turn that has not kept so many items of a site, first turn first.

        Turns that were made into one are left alone while that is there. Raises ActivationsMissing where too many
        others are.
        """
        context, slot = self._context, keys.activation_slot(site)

        def kept(space: str) -> bool:
            there = context.cache.info(CacheKey(space, step, slot))
            return there is not None and there.shape[0] >= items

        context.progress("recomputing", step, 0)
        context.check_cancelled()
        self.recomputed.add(step)
        while self._is_flat(self.chain[-1]) and not kept(self.chain[-1]):
            self._lost.add(self.chain[-1])
            self.chain, self._readers = chain_of(context.cache, self._lineage, self._lost), []
        if why_whole(context.cache, self.chain) is not None:
            raise ActivationsMissing(f"step {step}, {site}: {len(self.chain)} turns")
        lowest = len(self._lineage) - len(self.chain)
        for depth in range(lowest, len(self._lineage)):
            turn = self._lineage[depth]
            if depth > lowest and step < turn.record.first_step:  # it began later: this step is its parent's
                continue
            if not kept(self.chain[len(self._lineage) - 1 - depth]):
                if next(self._repeats, None) is None:
                    raise ActivationsMissing(f"step {step}, {site}: repeated too often")
                if (depth, halves) not in self._replays:
                    self._replays[depth, halves] = self._replay(depth, halves)
                self._replays[depth, halves](step)

    def _is_flat(self, lowest: str) -> bool:
        return lowest == keys.flat_space(self._lineage[-len(self.chain)].cache_space)

    def _replay(self, depth: int, halves: int) -> Callable[[int], None]:
        """The function that repeats a step of the turn at ``depth`` from its stored latents, so many halves of it."""
        context, turn = self._context, self._lineage[depth]
        guide, told = guide_of(context, turn), turn.record.painted_words or turn.prompt
        words = words_of_halves(context, told, turn.negative, self._size, halves, guide)
        timesteps = [at.t for at in context.plan(turn.sampler, turn.steps, turn.seed)]
        path = context.tensor(turn.latents["trajectory"])
        count = turn.record.steered_steps if depth else 0
        base = self._lineage[max(depth - 1, 0)]
        hidden = turn.record.hidden_tokens if depth else ()
        steering = Steering(context, base, turn.prompt, turn.negative, count, hidden)
        if "region" not in turn.latents:

            def dense(step: int) -> None:
                control = self._control(turn, step, steering.at(step, timesteps[step]), halves > 1)
                with (
                    context.backbone.attending(control),
                    recording_step(context, [turn.cache_space], step, self._size, self.kept),
                ):
                    x_t = path[step : step + 1].expand(halves, -1, -1, -1)
                    predict_output(context, x_t, timesteps[step], words, control=guide.control)

            return dense
        below = RecordedLineage(context, self._lineage[:depth], self.kept, self._repeats)
        begins = _beginnings(turn)
        sparsity = Sparsity(**{"captured": False, "fused": False, **turn.record.sparsity})

        @cache
        def rows_at(stage: int) -> tuple[RowStep, NumberedRows]:
            levels = [level for level in turn.record.levels if level.get("begins", stage) == stage]
            region = begins.begun(stage)
            made = context.backbone.row_step(
                region, words, sparsity, self.thinned, again=levels, as_kept=self.as_kept
            )
            return made, NumberedRows()

        def on_rows(step: int) -> None:
            row_step, numbered = rows_at(begins.stage(step))
            rows = rows_of(path[step : step + 1], row_step.active)
            emit = delta(context, [turn.cache_space], step, self.positions, numbered, self.kept)
            injection = steering.at(step, timesteps[step])
            control = residuals_for(guide, path[step : step + 1], timesteps[step], words)
            read = below.read(step, halves)
            row_step(rows.to(context.bundle.dtype), timesteps[step], read, emit, injection, control)

        return on_rows

    def _control(
        self, turn: BaseTurn, step: int, injection: Injection | None, guided: bool
    ) -> AttentionControl:
        """Steer a dense step that is repeated; keep an unsteered turn's own maps where an edit may want them."""
        record = turn.record
        if injection is not None:
            return AttentionControl(MapControl(inject=injection, guided=guided))
        if step < warmup_steps(turn.steps) and not record.warmup_steps and not record.steered_steps:
            return recording_maps(self._context, turn.cache_space, step, self._size, self.kept, guided)
        return AttentionControl()


def _beginnings(turn: BaseTurn) -> Beginnings:
    """Where and when an edit, computed in rows, began to change its parent."""
    if "begins" in turn.latents:
        return Beginnings(torch.from_numpy(turn.latents["begins"].astype(np.int64)), turn.steps)
    region = torch.from_numpy(turn.latents["region"].astype(bool))
    return Beginnings(torch.where(region, turn.record.first_step, turn.steps), turn.steps)


class IncrementalDenoiser:
    """The noise prediction at a region's positions only; everything else is read from a recorded lineage.

    Without guidance the conditional half alone is computed and read. Several pictures that share the region may go
    through it as one batch.
    """

    def __init__(
        self,
        context: EngineContext,
        recorded: RecordedLineage,
        region: torch.Tensor,
        prompt: str,
        negative: str,
        guidance: Guidance,
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
        self._guidance = GuidanceOfRun(guidance, recorded.steps)
        self._halves, self._pictures = halves_at(guidance.scale), max(1, len(spaces))
        size = (region.shape[0], region.shape[1])
        words = words_of_halves(context, prompt, negative, size, self._halves, guide)
        self._words = words.repeated(self._pictures)
        self._of_halves: dict[int, RowStep] = {}
        self._bind = partial(
            context.backbone.row_step,
            region,
            sparsity=sparsity,
            thinned=recorded.thinned,
            as_kept=recorded.as_kept,
        )
        self._row_step, self._numbered = self._rows_of(self._halves), NumberedRows()
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
            self._recorded.fetch_ahead(step + 1, self._rows_of(self._guidance.halves(step + 1)).reads())
        emit = None
        if self._spaces:
            positions, kept = self._recorded.positions, self._recorded.kept
            emit = delta(self._context, self._spaces, step, positions, self._numbered, kept)
        halves = self._guidance.halves(step)
        run, pictures = self._rows_of(halves), rows.to(self._context.bundle.dtype)
        with self._recorded.reading(
            step, halves
        ) as read:  # alike until the first word, a picture serves both
            control = residuals_for(self._guide, whole, t, self._told(halves))
            out = run(pictures, t, read, emit, self._injection(read, step, t), control).float()
        return self._context.schedule.eps_from_output(self._guidance.guided(out, halves), rows, t)

    def _told(self, halves: int) -> Conditioning:
        """The words for so many guidance halves, the last ones."""
        if halves == self._halves:
            return self._words
        return self._words.chosen(range(len(self._words))[-halves * self._pictures :])

    def _rows_of(self, halves: int) -> RowStep:
        """The step for so many guidance halves, bound when it is first asked for."""
        if halves not in self._of_halves:
            self._of_halves[halves] = self._bind(self._told(halves))
        return self._of_halves[halves]

    def _injection(self, read: Read, step: int, t: float) -> Injection | None:
        if self._steering is None:
            return None
        reads = self._row_step.reads()
        if reads and step < self._steering.steps:
            read(*reads[0])  # where the step is computed again, so are its maps
        return self._steering.at(step, t)
