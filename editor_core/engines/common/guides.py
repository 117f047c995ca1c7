"""Following a hint in any way of editing: a ControlNet beside the network, asked at each step for the latents of then.

The hint is what the artist drew or, for nets that read lines, tiles or a picture with a gap, what our own drawing aids
make of the edited picture. A turn keeps its hint, so that its steps can be computed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from editor_core.base.errors import ModelError, SketchError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import Control
from editor_core.engines.common.parameters import setting, share
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.models.conditioning import Conditioning
from editor_core.models.control_files import Hint
from editor_core.models.controlnet import ControlNet, ControlResiduals, control_residuals, controlnet_for
from editor_core.models.latents import pad_to_grid
from editor_core.pixels.drawing_aids import as_depth, coloured, edges, strokes_of

controlnet_setting: str = setting(
    "",
    Message("ControlNet"),
    Message(
        "A ControlNet, folder or file, that the edit follows: your sketch or, for lines, tiles and inpainting, "
        "what the picture shows"
    ),
    is_folder=True,
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


class Guided(Protocol):
    """The parameters of a method that may follow a hint."""

    @property
    def controlnet(self) -> str: ...
    @property
    def controlnet_strength(self) -> float: ...
    @property
    def controlnet_share(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Guide:
    """A ControlNet, its hint, and how one run follows them."""

    net: ControlNet
    source: str
    """The folder or file, as it was named."""
    hint: np.ndarray
    """uint8 (H, W, 3), or (H, W, 4) where what is clear is a gap to be filled."""
    strength: float
    share: float
    until: float
    """Followed down to this timestep."""
    condition: torch.Tensor
    """(1, 3, H, W) on the grid, in the network's precision."""

    def control(self, x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals | None:
        """What the net adds at a step; None where the hint is not followed any more."""
        if t < self.until:
            return None
        return control_residuals(self.net, x_t, t, told, self.condition, self.strength)

    def for_rows(self, rows: Sequence[int]) -> Control:
        """For these rows of a batch; nothing is added to the others."""

        def control(x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals | None:
            found = self.control(x_t[list(rows)], t, told.chosen(rows))
            return None if found is None else found.among(rows, len(x_t))

        return control

    @property
    def in_spec(self) -> dict[str, Any]:
        """What a run with it is told apart by."""
        hint = blake2b(self.hint.tobytes(), digest_size=16).hexdigest()
        told = {"net": self.net.digest, "hint": hint, "strength": self.strength, "share": self.share}
        return {"control": told}

    @property
    def in_record(self) -> dict[str, Any]:
        """What a turn says of it; its hint lies among its latents."""
        return {"source": self.source, "strength": self.strength, "share": self.share}


def guide_for(context: EngineContext, request: Edit, wanted: Guided) -> Guide | None:
    """The guide that an edit asks for. Raises ModelError, and SketchError where there is nothing to make a hint of."""
    if not wanted.controlnet:
        return None
    net = controlnet_for(context.bundle, Path(wanted.controlnet).expanduser())
    hint = _hint(net, request.base.image, request.sketch, request.mask)
    return _guide(
        context,
        request.base,
        net,
        wanted.controlnet,
        hint,
        wanted.controlnet_strength,
        wanted.controlnet_share,
    )


def guide_of(context: EngineContext, turn: BaseTurn) -> Guide | None:
    """The guide that a turn was painted with. Raises ModelError where its ControlNet is not found any more."""
    told: Mapping[str, Any] = turn.record.control
    if not told or "hint" not in turn.latents:
        return None
    source = str(told["source"])
    if not Path(source).expanduser().exists():
        raise ModelError(
            "The turn was made with the ControlNet “{file}”, which is not found any more.", file=source
        )
    net = controlnet_for(context.bundle, Path(source).expanduser())
    return _guide(context, turn, net, source, turn.latents["hint"], told["strength"], told["share"])


def kept_hint(guide: Guide | None) -> dict[str, np.ndarray]:
    """What a turn keeps among its latents, to be followed again."""
    return {} if guide is None else {"hint": guide.hint}


def log_of(guide: Guide | None) -> dict[str, object]:
    """For a turn's log."""
    return {} if guide is None else {"controlnet": guide.net.name}


def _guide(
    context: EngineContext,
    turn: BaseTurn,
    net: ControlNet,
    source: str,
    hint: np.ndarray,
    strength: float,
    followed: float,
) -> Guide:
    plan = context.plan(turn.sampler, turn.steps, turn.seed)
    count = round(followed * len(plan))
    until = plan[count - 1].t if count else float("inf")
    condition = _condition(hint, context)
    return Guide(net, source, np.ascontiguousarray(hint), strength, followed, until, condition)


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
    if sketch is not None:
        return _drawn(net, sketch, *picture.shape[:2])
    if net.hint is Hint.LINES:
        return _as_colours(edges(picture))
    if net.hint is Hint.TILE:
        return picture
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
