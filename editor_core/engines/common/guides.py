"""What a run is guided by besides words: a hint that a ControlNet reads, a reference picture that an IP-Adapter sees.

The ControlNet is asked at each step for the latents of then. The hint is what the artist drew or, for nets that read
lines, tiles or a picture with a gap, what our own drawing aids make of the edited picture. A turn keeps both pictures,
so that its steps can be computed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from editor_core.base.errors import ModelError, SketchError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import Control, control_for_rows
from editor_core.engines.common.parameters import setting, share
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.models.conditioning import Conditioning, Reference
from editor_core.models.control_files import Hint
from editor_core.models.controlnet import ControlNet, ControlResiduals, control_residuals, controlnet_for
from editor_core.models.latents import pad_to_grid
from editor_core.models.prompts import PromptEmbeddings
from editor_core.models.reference import (
    ReferenceAdapter,
    as_seen,
    own_reference_adapter,
    reference_adapter_for,
    references,
)
from editor_core.pixels.drawing_aids import as_depth, coloured, edges, strokes_of

NONE = Message("none")

controlnet_setting: str = setting(
    "",
    Message("ControlNet"),
    Message(
        "A ControlNet, folder or file, that the edit follows: your sketch or, for lines, tiles and inpainting, "
        "what the picture shows"
    ),
    is_folder=True,
    empty=NONE,
)
controlnet_strength_setting: float = setting(
    1.0,
    Message("ControlNet strength"),
    Message("How strictly the ControlNet’s hint is followed"),
    lowest=0,
    highest=2,
    unit="%",
)
controlnet_share_setting: float = share(
    1.0, Message("ControlNet steps"), Message("Share of the steps that follow the hint; the rest are free")
)


reference_setting: str = setting(
    "",
    Message("Reference picture"),
    Message("A picture whose things and manner the result takes after, by an IP-Adapter"),
    is_picture=True,
    empty=NONE,
)
reference_strength_setting: float = setting(
    0.6,
    Message("Reference strength"),
    Message("How much the result takes after the reference picture"),
    lowest=0,
    highest=1.5,
    unit="%",
)
reference_adapter_setting: str = setting(
    "",
    Message("IP-Adapter"),
    Message("An IP-Adapter’s file, with its image encoder beside it; empty: the model’s own"),
    is_folder=True,
)


class Guided(Protocol):
    """The parameters of a method that may take after a reference picture."""

    @property
    def reference_strength(self) -> float: ...
    @property
    def reference_adapter(self) -> str: ...


class Controlled(Guided, Protocol):
    """The parameters of a method that may follow a hint, too."""

    @property
    def controlnet(self) -> str: ...
    @property
    def controlnet_strength(self) -> float: ...
    @property
    def controlnet_share(self) -> float: ...


@dataclass(frozen=True, eq=False)
class FollowedHint:
    """A ControlNet, its hint, and how one run follows them."""

    net: ControlNet
    source: str
    """The folder or file, as it was named."""
    picture: np.ndarray
    """uint8 (H, W, 3), or (H, W, 4) where what is clear is a gap to be filled."""
    strength: float
    share: float
    until: float
    """Followed down to this timestep."""
    condition: torch.Tensor
    """(1, 3, H, W) on the grid, in the network's precision."""


@dataclass(frozen=True, eq=False)
class SeenReference:
    """An IP-Adapter, and the picture that one run takes after."""

    adapter: ReferenceAdapter
    source: str
    """The file, as it was named or found."""
    picture: np.ndarray
    """uint8 (H, W, 3), of the image encoder's size."""
    strength: float
    told: tuple[Reference, Reference]
    """For the conditional and the unconditional half."""


@dataclass(frozen=True, eq=False)
class Guide:
    """What one run is guided by besides words."""

    hint: FollowedHint | None = None
    reference: SeenReference | None = None

    def control(self, x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals | None:
        """What the ControlNet adds at a step; None where there is none, or its hint is not followed any more."""
        hint = self.hint
        if hint is None or t < hint.until:
            return None
        return control_residuals(hint.net, x_t, t, told, hint.condition, hint.strength)

    def for_rows(self, rows: Sequence[int]) -> Control:
        """`control` for these rows of a batch; nothing is added to the others."""
        return control_for_rows(self.control, rows)

    def refer(self, words: PromptEmbeddings) -> PromptEmbeddings:
        """The words with the reference picture beside them."""
        if self.reference is None:
            return words
        cond, uncond = self.reference.told
        return replace(
            words, cond=words.cond.with_reference(cond), uncond=words.uncond.with_reference(uncond)
        )

    @property
    def in_spec(self) -> dict[str, Any]:
        """What a run with it is told apart by; empty for a run without."""
        told: dict[str, Any] = {}
        if self.hint is not None:
            net, share, strength = self.hint.net, self.hint.share, self.hint.strength
            told["control"] = [net.digest, _digest(self.hint.picture), strength, share]
        if self.reference is not None:
            seen = self.reference
            told["reference"] = [seen.adapter.digest, _digest(seen.picture), seen.strength]
        return told

    @property
    def hint_record(self) -> dict[str, Any]:
        """What a turn's record says of the hint, whose picture lies among its latents."""
        hint = self.hint
        return {} if hint is None else {"source": hint.source, "strength": hint.strength, "share": hint.share}

    @property
    def reference_record(self) -> dict[str, Any]:
        """What a turn's record says of the reference, whose picture lies among its latents."""
        seen = self.reference
        return {} if seen is None else {"source": seen.source, "strength": seen.strength}

    @property
    def kept(self) -> dict[str, np.ndarray]:
        """What a turn keeps among its latents, to be guided so again."""
        parts = {"hint": self.hint, "reference": self.reference}
        return {name: part.picture for name, part in parts.items() if part is not None}

    @property
    def log(self) -> dict[str, object]:
        """For a turn's log."""
        told: dict[str, object] = {}
        if self.hint is not None:
            told["controlnet"] = self.hint.net.name
        if self.reference is not None:
            told["ip_adapter"] = self.reference.adapter.name
        return told


NO_GUIDE = Guide()


def guide_for(context: EngineContext, request: Edit, wanted: Controlled) -> Guide:
    """What an edit is to follow. Raises ModelError, and SketchError where there is nothing to make a hint of."""
    found = reference_for(context, request.reference, wanted)
    if not wanted.controlnet:
        return found
    net = controlnet_for(context.bundle, Path(wanted.controlnet).expanduser())
    picture = _hint(net, request.base.image, request.sketch, request.mask)
    numbers = (wanted.controlnet_strength, wanted.controlnet_share)
    return replace(found, hint=_followed(context, request.base, net, wanted.controlnet, picture, *numbers))


def reference_for(context: EngineContext, reference: np.ndarray | None, wanted: Guided) -> Guide:
    """The guide by a picture, uint8 (H, W, 3), that a run is to take after. Raises ModelError."""
    if reference is None:
        return NO_GUIDE
    named = wanted.reference_adapter
    file = Path(named).expanduser() if named else own_reference_adapter(context.bundle)
    if file is None:
        raise ModelError(
            "This model has no IP-Adapter, so it cannot take after a reference picture. Choose an IP-Adapter’s file."
        )
    adapter = reference_adapter_for(context.bundle, file)
    picture = as_seen(adapter, _as_colours(reference))
    told = references(adapter, picture, wanted.reference_strength)
    return Guide(reference=SeenReference(adapter, str(file), picture, wanted.reference_strength, told))


def guide_of(context: EngineContext, turn: BaseTurn) -> Guide:
    """What a turn was guided by. Raises ModelError where its ControlNet or IP-Adapter is not found any more."""
    hint, reference = None, None
    if (told := turn.record.control) and "hint" in turn.latents:
        net = controlnet_for(context.bundle, _still_there(told["source"]))
        numbers = (float(told["strength"]), float(told["share"]))
        hint = _followed(context, turn, net, told["source"], turn.latents["hint"], *numbers)
    if (told := turn.record.reference) and "reference" in turn.latents:
        adapter = reference_adapter_for(context.bundle, _still_there(told["source"]))
        picture, strength = turn.latents["reference"], float(told["strength"])
        seen = references(adapter, picture, strength)
        reference = SeenReference(adapter, told["source"], picture, strength, seen)
    return Guide(hint, reference)


def _still_there(source: str) -> Path:
    place = Path(source).expanduser()
    if not place.exists():
        raise ModelError("The turn was made with “{file}”, which is not found any more.", file=source)
    return place


def _followed(
    context: EngineContext,
    turn: BaseTurn,
    net: ControlNet,
    source: str,
    picture: np.ndarray,
    strength: float,
    followed: float,
) -> FollowedHint:
    plan = context.plan(turn.sampler, turn.steps, turn.seed)
    count = round(followed * len(plan))
    until = plan[count - 1].t if count else float("inf")
    condition = _condition(picture, context)
    kept = np.ascontiguousarray(picture)
    return FollowedHint(net, source, kept, strength, followed, until, condition)


def _digest(picture: np.ndarray) -> str:
    return blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=16).hexdigest()


def _condition(hint: np.ndarray, context: EngineContext) -> torch.Tensor:
    """Between 0 and 1; a gap is -1, as control_v11p_sd15_inpaint was trained."""
    padded = pad_to_grid(hint, context.bundle.grid)
    pixels = padded[..., :3].astype(np.float32) / 255
    if padded.shape[2] == 4:
        pixels[padded[..., 3] == 0] = -1
    condition = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    return condition.to(context.bundle.device, context.bundle.dtype)


def _hint(
    net: ControlNet, picture: np.ndarray, sketch: np.ndarray | None, mask: np.ndarray | None
) -> np.ndarray:
    """uint8 (H, W, 3) or (H, W, 4): the artist's where there is one, else what can be made of the picture."""
    if net.hint is Hint.INPAINT:
        return _with_gap(picture, mask)
    if net.hint is Hint.TILE:
        return picture
    if sketch is not None:
        return _drawn(net, sketch, *picture.shape[:2])
    if net.hint is Hint.LINES:
        return _as_colours(edges(picture))
    raise SketchError(
        "“{file}” needs a hint that cannot be made of the picture: draw one as a sketch, or give one with --sketch.",
        file=net.name,
    )


def _with_gap(picture: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    if mask is None:
        raise SketchError("A ControlNet for inpainting needs an area to fill: select or mask it.")
    opaque = np.where(mask > 0, 0, 255).astype(np.uint8)
    return np.dstack([np.where(mask[..., None] > 0, 0, picture).astype(np.uint8), opaque])


def _drawn(net: ControlNet, sketch: np.ndarray, height: int, width: int) -> np.ndarray:
    """A sketch as the net reads it. Raises SketchError where it is empty or of another size."""
    if net.hint is Hint.DEPTH:
        return _as_colours(as_depth(sketch))
    strokes = strokes_of(sketch, height, width)
    if net.hint is Hint.LINES:
        return _as_colours(strokes)
    return coloured(sketch, strokes) if net.hint is Hint.POSE else _as_colours(sketch)


def _as_colours(picture: np.ndarray) -> np.ndarray:
    if picture.ndim == 3:
        return picture[..., :3]
    return np.repeat(picture[..., None], 3, 2)
