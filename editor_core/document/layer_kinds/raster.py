"""Paint layers, and the layers of results."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import NewLayerAction, PictureLayer, PixelLayer
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class RasterLayer(PixelLayer, PictureLayer):
    """Painted RGBA pixels (straight alpha, sRGB): part of the picture."""

    kind: ClassVar[str] = "raster"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Layer")
    channels: ClassVar[int] = 4
    new_action: ClassVar[NewLayerAction | None] = NewLayerAction(
        "new_layer", QT_TRANSLATE_NOOP("Actions", "&New paint layer"), "add", ("Ctrl+Shift+N",)
    )

    tiles: Tiles = field(default_factory=lambda: Tiles(4))
    lock_transparency: bool = False
    turn: str = ""
    """Id of the turn whose result it holds, with that turn's region only; empty for any other layer."""

    @property
    def mark(self) -> str:
        if self.turn:
            return "layer-result"
        return "lock-transparency" if self.lock_transparency else ""

    def as_paint(self) -> "RasterLayer":
        """The same with nothing but its pixels, as when others are merged into it."""
        return self

    def copied(self) -> Self:
        """A copy of a result is paint like any other."""
        return replace(super().copied(), turn="")
