"""Sketches: strokes that guide an edit."""

from dataclasses import dataclass, field
from typing import ClassVar

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import NewLayerAction, PixelLayer
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class SketchLayer(PixelLayer):
    """RGBA strokes that guide an edit. Not part of the picture."""

    kind: ClassVar[str] = "sketch"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Sketch")
    icon: ClassVar[str] = "layer-sketch"
    channels: ClassVar[int] = 4
    new_action: ClassVar[NewLayerAction | None] = NewLayerAction(
        "new_sketch", QT_TRANSLATE_NOOP("Actions", "New s&ketch layer"), icon
    )

    tiles: Tiles = field(default_factory=lambda: Tiles(4))
