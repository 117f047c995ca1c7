"""One step of MaSaFusion: which evaluations of the U-Net it needs, run as one batch that shares self-attention.

The paper (arXiv 2405.15313, equations 9 and 10) evaluates a step five times: the source, and the intermediate and the
target image once for outside the region and once for inside. Here each evaluation is a `Part`; a part's rows, one per
guidance half, may take queries, keys and values from another part's rows of the same half. What the source's rows leave
is kept in the cache, so a later edit of the same picture reads them instead of computing them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch

from editor_core.backbones.attention.control import AttentionControl, RecordRows, Sharing, TokenMask
from editor_core.backbones.attention.sites import AttentionSite, last_self_attention
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import Control, both_controls, control_for_rows, predict_output
from editor_core.engines.common.guides import NO_GUIDE, Guide
from editor_core.engines.common.sketching import Drawing
from editor_core.engines.incremental import keys
from editor_core.models.conditioning import Conditioning
from editor_core.sampling.guidance import guide

Image = Literal["source", "intermediate", "target"]
Half = Literal["nothing", "words"]
Row = tuple["Part", Half]
_MAX_SHARE = 0.25  # of the cache's room that one picture's source may take


@dataclass(frozen=True)
class Part:
    """One evaluation: whose latents, whose words, and which parts' queries, keys and values ("" for its own)."""

    name: str
    image: Image
    words: Image
    sketched: bool = False
    guided: bool = True
    queries: str = ""
    keys: str = ""
    values: str = ""

    @property
    def halves(self) -> tuple[Half, ...]:
        return ("nothing", "words") if self.guided else ("words",)


@dataclass(frozen=True)
class Recipe:
    """What decides the parts of a step."""

    faithful: bool
    """As printed. Else the source's latents are re-imposed outside, where the target then needs no evaluation."""
    sketched: bool
    """With an intermediate image (Algorithm 1), else without (Algorithm 5)."""
    guided: bool = True
    guided_outside: bool = False
    """Guide the intermediate image's outside, too, as printed."""
    alone: bool = False
    """No step is fused, so that the exact target needs no other image."""


def parts_of_step(recipe: Recipe, fused: bool) -> tuple[Part, ...]:
    """The evaluations of a step, the source first; a step that is not fused needs none of the source's.

    The exact recipe re-imposes the source's trajectory, and leaves its outside unguided: an inverted one followed the
    words so. A generated one did not; there it is a choice, of which only the intermediate image knows, and which
    `guided_outside` takes back.
    """
    guided, outside_guided = recipe.guided, recipe.guided and (recipe.faithful or recipe.guided_outside)
    from_source = {"queries": "source", "keys": "source", "values": "source"}
    parts = []
    if recipe.sketched and not recipe.alone:
        outside = Part("intermediate outside", "intermediate", "source", True, outside_guided, **from_source)
        parts = [outside, Part("intermediate inside", "intermediate", "target", True, guided)]
    if recipe.faithful:
        parts.append(Part("target outside", "target", "source", recipe.sketched, guided, **from_source))
    map_from = "intermediate inside"
    shares = {"queries": map_from, "keys": map_from} if recipe.sketched else _keys_and_values("source")
    parts.append(Part("target inside", "target", "target", recipe.sketched, guided, **shares))
    if not fused:
        return tuple(_alone(part) for part in parts)
    needed = any(p.guided for p in parts if "source" in (p.queries, p.keys, p.values))
    return (Part("source", "source", "source", guided=needed), *parts)


def _keys_and_values(part: str) -> dict[str, str]:
    return {"keys": part, "values": part}


def _alone(part: Part) -> Part:
    return Part(part.name, part.image, part.words, part.sketched, part.guided)


@dataclass(frozen=True, eq=False)
class Texts:
    """What the network is told, one row each, by whose words they are.

    `null_text`, float32 (steps, L, D), stands in for the source's nothing where null-text inversion found it.
    """

    words: dict[str, Conditioning]
    nothing: dict[str, Conditioning]
    null_text: torch.Tensor | None = None

    def of(self, part: Part, half: Half, step: int) -> Conditioning:
        if half == "words":
            return self.words[part.words]
        if part.image == "source" and self.null_text is not None:
            return self.nothing["source"].with_hidden(self.null_text[step : step + 1])
        return self.nothing[part.words]


class SourceRecord:
    """What the source's rows leave at every step: queries, keys and values at the hooked layers, half by half."""

    def __init__(
        self,
        context: EngineContext,
        space: str,
        sites: Sequence[AttentionSite],
        size: tuple[int, int],
        steps: int,
    ) -> None:
        self._cache, self._space, self._sites = context.cache, space, sites
        sizes = context.backbone.level_sizes(*size)
        positions = [sizes[site.level][0] * sizes[site.level][1] for site in sites]
        numbers = sum(n * site.channels for n, site in zip(positions, sites, strict=True))
        room = context.cache.room()
        predicted = 2 * 3 * 2 * numbers * steps  # halves, tensors, bytes
        self.kept = bool(space) and predicted <= _MAX_SHARE * max(room.ram_bytes, room.disk_bytes)

    def find(self, step: int, halves: Sequence[Half]) -> dict[str, torch.Tensor] | None:
        """(3, halves, N, C) by site name, or None unless all are there; fetches the next step's ahead."""
        if not self.kept:
            return None
        found = {}
        for site in self._sites:
            tensors = [
                self._cache.get(keys.shared_key(self._space, step, site.name, half)) for half in halves
            ]
            there = [tensor for tensor in tensors if tensor is not None]
            if len(there) < len(halves):
                return None
            found[site.name] = torch.cat(there, 1)
        coming = [(site.name, half) for site in self._sites for half in halves]
        self._cache.prefetch([keys.shared_key(self._space, step + 1, name, half) for name, half in coming])
        return found

    def recorder(self, step: int, halves: Sequence[Half]) -> RecordRows | None:
        """Takes (3, halves, N, C) of each site as the source's rows pass it."""
        if not self.kept:
            return None

        def record(site: AttentionSite, tensor: torch.Tensor) -> None:
            for half, rows in zip(halves, torch.split(tensor.half(), 1, 1), strict=True):
                self._cache.put(keys.shared_key(self._space, step, site.name, half), rows)

        return record


class FusedEvaluation:
    """Evaluates the parts of a step as one batch."""

    def __init__(
        self,
        context: EngineContext,
        texts: Texts,
        drawing: Drawing | None,
        guidance: float,
        layers: int,
        source: SourceRecord | None,
        masked_tokens: Sequence[int] = (),
        region: torch.Tensor | None = None,
        guide: Guide = NO_GUIDE,
    ) -> None:
        """``masked_tokens`` are those of the target's words that its region, bool (h, w), does not look at.

        guide: what rows told the target's words follow besides the drawing.
        """
        self._context, self._texts, self._drawing = context, texts, drawing
        self._guidance, self._source = guidance, source
        self._masked_tokens, self._region = tuple(masked_tokens), region
        self._guide = guide
        self._token_masks: dict[tuple[bool, ...], TokenMask] = {}
        """By the rows of a step that do not see them."""
        self._where = last_self_attention(context.backbone.sites, layers)
        self._self_attention = [site.name for site in context.backbone.sites if not site.is_cross]
        self.shared_calls = 0
        """Times an attention layer shared with another row."""
        self.steps_from_cache = 0
        """Steps whose source was read from the cache."""

    def __call__(
        self,
        latents: dict[str, torch.Tensor],
        parts: Sequence[Part],
        step: int,
        t: float,
        sketched: bool = True,
    ) -> dict[str, torch.Tensor]:
        """eps (1, C, h, w), float32, by part name.

        latents: (1, C, h, w) by image. ``sketched`` is false once the adapter's share of the steps is over.
        """
        recorded = self._recorded(parts, step)
        halves: tuple[Half, ...] = ()
        if recorded is not None:
            halves = parts[0].halves
            parts = parts[1:]
            self.steps_from_cache += 1
        rows: list[Row] = [(part, half) for part in parts for half in part.halves]
        sharing = self._sharing(rows, halves, recorded, step)
        output = self._run(latents, rows, step, t, sketched, sharing)
        return self._predictions(output, latents, rows, t)

    def _recorded(self, parts: Sequence[Part], step: int) -> dict[str, torch.Tensor] | None:
        if self._source is None or parts[0].name != "source":
            return None
        return self._source.find(step, parts[0].halves)

    def _sharing(
        self, rows: list[Row], halves: Sequence[Half], recorded: dict[str, torch.Tensor] | None, step: int
    ) -> Sharing | None:
        """The rows each row takes from; the recorded halves come after the batch. None when nothing is shared."""
        places = {(part.name, half): index for index, (part, half) in enumerate(rows)}
        places |= {("source", half): len(rows) + index for index, half in enumerate(halves)}
        triples = tuple(
            (
                places[part.queries or part.name, half],
                places[part.keys or part.name, half],
                places[part.values or part.name, half],
            )
            for part, half in rows
        )
        if all(triple == (row, row, row) for row, triple in enumerate(triples)):
            return None
        if recorded is not None:
            return Sharing(triples, recorded=lambda site: recorded[site.name], where=self._where)
        sources = [(index, half) for index, (part, half) in enumerate(rows) if part.name == "source"]
        if self._source is None or not sources:
            return Sharing(triples, where=self._where)
        record = self._source.recorder(step, [half for _, half in sources])
        return Sharing(
            triples, record=record, to_record=tuple(index for index, _ in sources), where=self._where
        )

    def _run(
        self,
        latents: dict[str, torch.Tensor],
        rows: list[Row],
        step: int,
        t: float,
        sketched: bool,
        sharing: Sharing | None,
    ) -> torch.Tensor:
        x = torch.cat([latents[part.image] for part, _ in rows])
        told = Conditioning.batch([self._texts.of(part, half, step) for part, half in rows])
        features = self._features_for(rows) if sketched else None
        control = self._control_for(rows, sketched)
        token_mask = self._token_mask(rows)
        if sharing is None and token_mask is None:
            return predict_output(self._context, x, t, told, residuals=features, control=control)
        attention = AttentionControl(token_mask=token_mask, sharing=sharing)
        with self._context.backbone.attending(attention) as calls:
            output = predict_output(self._context, x, t, told, residuals=features, control=control)
        self.shared_calls += sum(calls[name] for name in self._self_attention)
        return output

    def _token_mask(self, rows: list[Row]) -> TokenMask | None:
        if not self._masked_tokens or self._region is None:
            return None
        inside = tuple(part.name.endswith("inside") and half == "words" for part, half in rows)
        if inside not in self._token_masks:
            self._token_masks[inside] = TokenMask(self._masked_tokens, self._region, inside)
        return self._token_masks[inside]

    def _features_for(self, rows: list[Row]) -> list[torch.Tensor] | None:
        """The adapter's features for the rows that are sketched, zero for the others."""
        if self._drawing is None or not self._drawing.features or not any(part.sketched for part, _ in rows):
            return None
        shares = torch.tensor([float(part.sketched) for part, _ in rows])[:, None, None, None]
        return [feature * shares.to(feature) for feature in self._drawing.features]

    def _control_for(self, rows: list[Row], sketched: bool) -> Control | None:
        """The drawing's ControlNet, asked for the rows that are sketched, and the guide's, for the target's words."""
        drawn = [index for index, (part, _) in enumerate(rows) if part.sketched]
        told = [index for index, (part, _) in enumerate(rows) if part.words == "target"]
        drawing = None if self._drawing is None else self._drawing.control
        of_drawing = control_for_rows(drawing, drawn) if drawing is not None and drawn and sketched else None
        of_guide = self._guide.for_rows(told) if self._guide.hint is not None and told else None
        if of_drawing is not None and of_guide is not None:
            return both_controls(of_drawing, of_guide)
        return of_drawing or of_guide

    def _predictions(
        self, output: torch.Tensor, latents: dict[str, torch.Tensor], rows: list[Row], t: float
    ) -> dict[str, torch.Tensor]:
        by_row = {
            (part.name, half): out
            for (part, half), out in zip(rows, torch.split(output.float(), 1), strict=True)
        }
        found = {}
        for part in dict.fromkeys(part for part, _ in rows):
            prediction = by_row[part.name, "words"]
            if part.guided:
                prediction = guide(by_row[part.name, "nothing"], prediction, self._guidance)
            found[part.name] = self._context.schedule.eps_from_output(prediction, latents[part.image], t)
        return found
