"""What every layer is: an immutable value, replaced rather than changed. The kinds are in ``layer_kinds/``."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from editor_core.base.errors import LayerError
from editor_core.base.limits import MAX_OFFSET
from editor_core.document.geometry import Rect
from editor_core.document.identity import new_id
from editor_core.document.tiles import Tiles


@dataclass(frozen=True)
class NewLayerAction:
    """How the menu offers a new layer of a kind; texts are translated by the window."""

    id: str
    text: str
    icon: str
    shortcuts: tuple[str, ...] = ()
    tip: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """What every entry of the stack has."""

    kind: ClassVar[str]
    """Its name in project files; never changed once released."""
    title: ClassVar[str]
    """What a new one is called, in English."""
    icon: ClassVar[str] = ""
    """The mark in lists, as a name in ``resources/icons``; none for what shows itself."""
    in_picture: ClassVar[bool] = False
    """Whether it is part of the picture: seen in it, exported with it."""
    new_action: ClassVar[NewLayerAction | None] = None
    """None where the menu offers no empty one."""

    name: str
    id: str = field(default_factory=new_id)
    visible: bool = True
    locked: bool = False
    opacity: float = 1.0  # 0..1

    @property
    def mark(self) -> str:
        """The icon as this very layer is now."""
        return self.icon

    @property
    def words(self) -> str:
        """What the artist wrote for it beside its name."""
        return ""

    def copied(self) -> Self:
        """The same as a layer of its own, with another id."""
        return replace(self, id=new_id())

    def shifted(self, dx: int, dy: int) -> Self:
        """Moved by whole pixels."""
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class PictureLayer(Layer):
    """A layer that is part of the picture."""

    in_picture: ClassVar[bool] = True

    blend_mode: str = "normal"
    on_turns: tuple[str, ...] = ()
    """Ids of the turns that show it: the one it was painted on and those made while it lay there; empty: every one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PixelLayer(Layer):
    """A layer with pixels; pixel (0, 0) of ``tiles`` lies at (x, y) of the document."""

    channels: ClassVar[int]
    """4: straight RGBA, sRGB; 1: coverage, 0..255."""

    tiles: Tiles
    x: int = 0
    y: int = 0

    @property
    def bounds(self) -> Rect:
        """The occupied part, in document pixels."""
        return self.tiles.bounds().shifted(self.x, self.y)

    def shifted(self, dx: int, dy: int) -> Self:
        """Raises LayerError where it would be too far away to be found or saved."""
        x, y = self.x + dx, self.y + dy
        if max(abs(x), abs(y)) > MAX_OFFSET:
            raise LayerError("A layer cannot be moved that far.")
        return replace(self, x=x, y=y)
