"""A document as it was at one moment: immutable, safe to hand to another thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from editor_core.document.compositing import flatten_over, union_of_masks
from editor_core.document.geometry import Rect
from editor_core.document.identity import new_id
from editor_core.document.layers import LayerStack
from editor_core.document.notes import NO_NOTES, PictureNotes
from editor_core.document.origin import Origin
from editor_core.document.selection import Selection
from editor_core.document.tiles import Pixels
from editor_core.document.turns import JSON, Turn


@dataclass(frozen=True, kw_only=True, eq=False)
class DocumentSnapshot:
    """Everything a document holds but its undo stack; pixels are shared with it, copy-on-write."""

    width: int
    height: int
    layers: LayerStack = field(default_factory=LayerStack)
    picture_layer_id: str = field(default_factory=new_id)
    turns: tuple[Turn, ...] = ()  # parents before children
    current_id: str | None = None
    settings: Mapping[str, JSON] = field(default_factory=dict)
    extras: Mapping[str, JSON] = field(default_factory=dict)  # of a file, unknown to this version
    notes: PictureNotes = NO_NOTES  # of the file that the picture was opened from
    selection: Selection | None = None  # no part of a file
    base_id: str | None = None  # the turn that the Picture layer shows; no part of a file
    origin: Origin = field(default_factory=Origin)  # that of the document, not a copy

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, self.width, self.height)

    def snapshot(self) -> "DocumentSnapshot":
        """Itself, so that a document and its snapshot can be saved alike."""
        return self

    def picture(self) -> Pixels:
        """The visible raster layers over white, uint8 (H, W, 3)."""
        return flatten_over(self.layers, self.rect)

    def edit_mask(self) -> Pixels | None:
        """The union of the visible mask layers, uint8 (H, W), or None when it is empty."""
        return union_of_masks(self.layers, self.rect)
