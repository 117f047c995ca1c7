"""Groups: layers under one heading."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.layer import Layer, PictureLayer


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupLayer(PictureLayer):
    """Layers under one heading, bottom first; an isolated group is flattened before it is blended."""

    kind: ClassVar[str] = "group"
    title: ClassVar[str] = QT_TRANSLATE_NOOP("LayersPanel", "Group")

    children: tuple[Layer, ...] = ()
    isolated: bool = True

    def copied(self) -> Self:
        return replace(super().copied(), children=tuple(child.copied() for child in self.children))

    def shifted(self, dx: int, dy: int) -> Self:
        return replace(self, children=tuple(child.shifted(dx, dy) for child in self.children))
