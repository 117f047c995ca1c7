"""Adjustments: layers that change the colours of what lies below them, and can be changed and taken away again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import PictureLayer, PixelLayer
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class AdjustmentLayer(PixelLayer, PictureLayer):
    """One channel, 0..255: where the adjustment is held back; none is stored where it works fully."""

    kind: ClassVar[str] = "adjustment"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Adjustment")
    icon: ClassVar[str] = "adjust"
    channels: ClassVar[int] = 1

    tiles: Tiles = field(default_factory=lambda: Tiles(1))
    adjustment: str = "levels"
    """As `document/adjustments.py` names it."""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    """Of the adjustment; what is missing is as usual. Never changed, only replaced."""
