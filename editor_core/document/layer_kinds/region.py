"""Regions: places with words of their own."""

from dataclasses import dataclass, field
from typing import ClassVar

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import NewLayerAction, PixelLayer
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class RegionLayer(PixelLayer):
    """One channel, 0..255, with words of its own for that part. Not part of the picture."""

    kind: ClassVar[str] = "region"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Region")
    icon: ClassVar[str] = "layer-region"
    channels: ClassVar[int] = 1
    new_action: ClassVar[NewLayerAction | None] = NewLayerAction(
        "new_region",
        QT_TRANSLATE_NOOP("Actions", "New &region"),
        icon,
        tip=QT_TRANSLATE_NOOP("Actions", "A named area: paint it with the mask brush, reuse it as a mask"),
    )

    tiles: Tiles = field(default_factory=lambda: Tiles(1))
    prompt: str = ""

    @property
    def words(self) -> str:
        return self.prompt.strip()
