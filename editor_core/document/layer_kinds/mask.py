"""Masks: where an edit may change the picture."""

from dataclasses import dataclass, field
from typing import ClassVar

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import NewLayerAction, PixelLayer
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class MaskLayer(PixelLayer):
    """One channel, 0..255: where an edit may change the picture. Not part of the picture."""

    kind: ClassVar[str] = "mask"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Mask")
    icon: ClassVar[str] = "mask"
    channels: ClassVar[int] = 1
    new_action: ClassVar[NewLayerAction | None] = NewLayerAction(
        "new_mask", QT_TRANSLATE_NOOP("Actions", "New &mask"), icon
    )

    tiles: Tiles = field(default_factory=lambda: Tiles(1))
