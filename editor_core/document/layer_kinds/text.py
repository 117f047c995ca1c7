"""Layers of text: words that can be changed again, and their picture."""

from dataclasses import dataclass, fields
from typing import Annotated, ClassVar

from msgspec import Meta

from editor_core.base.limits import MAX_NAME
from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import NewLayerAction
from editor_core.document.layer_kinds.raster import RasterLayer

_Byte = Annotated[int, Meta(ge=0, le=255)]


@dataclass(frozen=True, kw_only=True, eq=False)
class TextLayer(RasterLayer):
    """Its pixels are what the words look like; who knows no text, as other programs, sees those."""

    kind: ClassVar[str] = "text"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Text")
    icon: ClassVar[str] = "text"
    new_action: ClassVar[NewLayerAction | None] = None

    text: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    font: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    """The family; empty: the program's own."""
    size: Annotated[int, Meta(ge=1, le=4096)] = 32
    """Pixels."""
    bold: bool = False
    italic: bool = False
    colour: tuple[_Byte, _Byte, _Byte] = (0, 0, 0)

    @property
    def mark(self) -> str:
        return self.icon

    def as_paint(self) -> RasterLayer:
        values = {field.name: getattr(self, field.name) for field in fields(RasterLayer)}
        return RasterLayer(**values)
