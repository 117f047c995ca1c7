"""Live: what is painted since it began is refined stroke by stroke, each from what the stroke before left behind.

A stroke is what differs from the picture that the last result has seen, so strokes whose job was cut short by a newer
one are part of the next. Its edit noises the paint only a little and computes the stroke's rows, with the results so
far as its lineage. Paint that is taken back takes its result along. Applied, all results together are one turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from editor_core.document import masks
from editor_core.document.compositing import flatten_over, visible_layers
from editor_core.document.document import AnyDocument, Document
from editor_core.document.geometry import Rect
from editor_core.document.identity import new_id
from editor_core.document.layers import AdjustmentLayer, LayerStack, TextLayer
from editor_core.document.turns import Turn
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Edit
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REDRAW, REPAINT
from editor_core.workflow.sketch_layers import sketch_of
from editor_core.workflow.turns import base_turn, lineage_of

STRENGTH = 0.4
"""How far paint is noised: its shapes and colours stay, the strokes go. Of a sketch nothing is to stay, so Redraw
begins anew."""
GROWTH = 12
"""Pixels by which a stroke is grown: one and a half latent positions of the usual models."""
NO_STROKES = (TextLayer, AdjustmentLayer)
"""Layers that nobody paints: what they do to the picture stays as it is."""
MAX_RESULTS = 32
MAX_BYTES = 1 << 29
"""What results that follow each other may be and hold; then what they refined is one stroke again."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is painted and sketched at one moment, or a part of it, uint8 (H, W, 3)."""

    picture: np.ndarray
    """Without texts and adjustments, which are no strokes to be refined."""
    sketch: np.ndarray | None = None
    """None where nothing is sketched."""
    whole: np.ndarray | None = None
    """The picture with them; None where there are none, or where nobody asks."""

    def differs(self, other: "Seen") -> np.ndarray:
        """bool (H, W): where it is not as another."""
        changed: np.ndarray = (self.picture != other.picture).any(axis=2) | self.sketch_differs(other)
        return changed

    def sketch_differs(self, other: "Seen") -> np.ndarray:
        """bool (H, W): where the sketch is not as another's; nothing is like white paper."""
        if self.sketch is None and other.sketch is None:
            return np.zeros(self.picture.shape[:2], bool)
        paper = np.full_like(self.picture, 255)
        mine, others = (paper if seen.sketch is None else seen.sketch for seen in (self, other))
        changed: np.ndarray = (mine != others).any(axis=2)
        return changed

    def part(self, rect: Rect) -> "Seen":
        """A rectangle of it, copied."""
        height, width = self.picture.shape[:2]
        where = rect.slices_in(Rect(0, 0, width, height))
        return Seen(self.picture[where].copy(), None if self.sketch is None else self.sketch[where].copy())

    def with_part(self, part: "Seen", rect: Rect) -> "Seen":
        """With another part in that rectangle."""
        height, width = self.picture.shape[:2]
        where = rect.slices_in(Rect(0, 0, width, height))
        picture, sketch = self.picture.copy(), None
        picture[where] = part.picture
        if self.sketch is not None or part.sketch is not None:
            sketch = np.full_like(picture, 255) if self.sketch is None else self.sketch.copy()
            sketch[where] = 255 if part.sketch is None else part.sketch
        return Seen(picture, sketch)


def seen_of(document: AnyDocument) -> Seen:
    """What the document shows now."""
    picture = painted_of(document)
    return Seen(picture, sketch_of(document), document.picture() if has_others(document.layers) else None)


def painted_of(document: AnyDocument, rect: Rect | None = None) -> np.ndarray:
    """What is painted inside ``rect``, uint8 (h, w, 3): the picture without texts and adjustments."""
    layers = document.layers
    for layer in visible_layers(layers):
        if isinstance(layer, NO_STROKES):
            layers = layers.replacing(replace(layer, visible=False))
    return flatten_over(layers, rect or document.rect)


def has_others(layers: LayerStack) -> bool:
    """Whether texts or adjustments are seen."""
    return any(isinstance(layer, NO_STROKES) for layer in visible_layers(layers))


@dataclass(frozen=True, eq=False)
class Stroke:
    """What was painted since the last result."""

    seen: Seen
    """The picture with it."""
    bounds: Rect
    """Of what changed."""
    mask: np.ndarray
    """uint8 (H, W): it and its surroundings."""
    method: str


@dataclass(frozen=True, eq=False)
class _Refined:
    """A stroke's result, and what was seen within the stroke's bounds before it."""

    result: TurnResult
    bounds: Rect
    before: Seen


class LiveWork:
    """The results on one turn, each going on from the one before."""

    def __init__(self, turn: Turn, since: np.ndarray | None = None) -> None:
        """since: see `begin`; None: all that lies on the turn is refined."""
        self.turn = turn
        self.begin(turn.image if since is None else since)
        self._refined: list[_Refined] = []

    def begin(self, since: np.ndarray) -> None:
        """From a picture, uint8 (H, W, 3), of which nothing is refined; what is sketched on it is redrawn."""
        self.since = since
        self._seen = Seen(since)

    def __len__(self) -> int:
        return len(self._refined)

    @property
    def image(self) -> np.ndarray:
        """The turn's picture with all results, uint8 (H, W, 3)."""
        return self._refined[-1].result.image if self._refined else self.turn.image

    @property
    def mask(self) -> np.ndarray | None:
        """uint8 (H, W): nonzero where a result lies; None where there is none."""
        found = [one.result.mask for one in self._refined if one.result.mask is not None]
        return np.maximum.reduce(found) if found else None

    @property
    def results(self) -> tuple[TurnResult, ...]:
        """Of the strokes, the oldest first."""
        return tuple(one.result for one in self._refined)

    @property
    def seen(self) -> Seen:
        """What the last result has seen."""
        return self._seen

    @property
    def applied(self) -> np.ndarray:
        """What the picture shows, of all that the results have seen, once they are a turn: uint8 (H, W, 3)."""
        mask = self.mask
        return (
            self._seen.picture
            if mask is None
            else np.where(mask[..., None] > 0, self.image, self._seen.picture)
        )

    @property
    def spaces(self) -> tuple[str, ...]:
        """Where the cache keeps what the results left behind."""
        return tuple(one.result.cache_space for one in self._refined if one.result.cache_space)

    def stroke(self, now: Seen, allowed: np.ndarray | None = None) -> Stroke | None:
        """What is new, grown, and kept to what an edit may change, uint8 (H, W); None: nothing.

        Results whose paint was taken back are let go.
        """
        while self._refined and self._is_undone(now):
            self._let_go()
        changed = self._new(now)
        if not changed.any():
            return None
        if len(self._refined) >= MAX_RESULTS or sum(_nbytes(one.result) for one in self._refined) > MAX_BYTES:
            while self._refined:
                self._let_go()
            changed = self._new(now)
        bounds = masks.bounds(changed.astype(np.uint8))
        drawn = now.sketch_differs(self._seen)
        redraws = bool(drawn.any())
        if now.sketch is not None and redraws:
            from editor_core.pixels.drawing_aids import enclosed_by  # OpenCV, when it is needed

            changed |= enclosed_by((now.sketch != 255).any(axis=2), drawn)
        mask = _grown(changed)
        if allowed is not None:
            mask = np.minimum(mask, allowed)
        if not mask.any():
            return None
        return Stroke(now, bounds, mask, REDRAW if redraws and now.sketch is not None else REPAINT)

    def request(
        self,
        document: Document,
        stroke: Stroke,
        prompt: str,
        strength: float = STRENGTH,
        negative: str | None = None,
        guidance: float | None = None,
    ) -> Edit:
        """Ask for a stroke's result."""
        results = tuple(base_turn(one.result) for one in self._refined)
        redraws = stroke.method == REDRAW
        own = {} if redraws else {"variants": 1, "phrase": painted_phrase(self.turn.prompt, prompt)}
        return Edit(
            (*lineage_of(document, self.turn.id), *results),
            prompt,
            stroke.mask,
            stroke.method,
            {"plant": False} | own,
            negative,
            guidance,
            stroke.seen.sketch if redraws else None,
            1.0 if redraws else strength,
            None if redraws else stroke.seen.picture if stroke.seen.whole is None else stroke.seen.whole,
        )

    def take(self, stroke: Stroke, result: TurnResult) -> None:
        """The stroke's result is there."""
        self._refined.append(_Refined(result, stroke.bounds, self._seen.part(stroke.bounds)))
        self._seen = stroke.seen

    def keep_paint(self, now: Seen) -> None:
        """The paint that is there stays as it was painted: the results go, and only new strokes are refined."""
        self._refined.clear()
        self._seen = now

    def whole_result(self) -> TurnResult | None:
        """All results as one, of an edit of the turn they were painted on; None where there is none."""
        results = [one.result for one in self._refined]
        if len(results) < 2:
            return results[0] if results else None
        last = results[-1]
        redrawn = any(result.method == REDRAW for result in results)
        record = replace(
            last.record, first_step=min(result.record.first_step for result in results), levels=()
        )
        return replace(
            last,
            method=REDRAW if redrawn else last.method,
            mask=self.mask,
            latents=_latents_of(results),
            record=record,
            cache_space=f"live-{new_id()}",  # what they left behind is not of one run: it is computed again
            seconds=round(sum(result.seconds for result in results), 3),
        )

    def _new(self, now: Seen) -> np.ndarray:
        """bool (H, W): what the results have not seen, but for older paint alone that was taken back or came back."""
        changed = now.differs(self._seen)
        if self.since is self.turn.image or not changed.any():
            return changed
        old = (now.picture == self.turn.image).all(axis=2) | (now.picture == self.since).all(axis=2)
        old &= ~now.sketch_differs(self._seen)
        if self.mask is not None:
            old &= self.mask == 0
        if (old | ~changed).all():
            self._seen = Seen(now.picture, self._seen.sketch)
            changed[:] = False
        return changed

    def _is_undone(self, now: Seen) -> bool:
        """Whether the newest result's paint is gone."""
        newest = self._refined[-1]
        return not now.part(newest.bounds).differs(newest.before).any()

    def _let_go(self) -> None:
        gone = self._refined.pop()
        self._seen = self._seen.with_part(gone.before, gone.bounds)


def _grown(changed: np.ndarray) -> np.ndarray:
    """uint8 (H, W): what changed, bool (H, W), and `GROWTH` pixels around it."""
    canvas = Rect(0, 0, changed.shape[1], changed.shape[0])
    bounds = masks.bounds(changed.astype(np.uint8))
    where = Rect(
        bounds.x - GROWTH, bounds.y - GROWTH, bounds.width + 2 * GROWTH, bounds.height + 2 * GROWTH
    ).intersected(canvas).slices_in(canvas)  # fmt: skip
    mask = np.zeros(changed.shape, np.uint8)
    mask[where] = masks.grow(changed[where].astype(np.uint8) * 255, GROWTH)
    return mask


def _nbytes(result: TurnResult) -> int:
    return result.image.nbytes + sum(latents.nbytes for latents in result.latents.values())


def _latents_of(results: Sequence[TurnResult]) -> dict[str, np.ndarray]:
    """The last one's path, and what all together painted: the positions, and the step that each begins at."""
    last = results[-1]
    latents = {name: array for name, array in last.latents.items() if name not in ("region", "begins")}
    if any("region" not in result.latents for result in results):  # one was computed whole
        return latents
    first = np.full(last.latents["region"].shape, last.steps, np.int64)
    for result in results:
        inside = result.latents["region"].astype(bool)
        begins = result.latents.get("begins", np.full(inside.shape, result.record.first_step))
        first = np.where(inside, begins, first)
    latents["region"] = (first < last.steps).astype(np.uint8)
    latents["begins"] = first.astype(np.int16)
    return latents
