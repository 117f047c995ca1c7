"""The two colours at hand, those used lately, and hues that a grey does not show."""

import colorsys
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

Colour = tuple[int, int, int]  # red, green, blue, 0..255

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
MAX_RECENT = 30


@dataclass(frozen=True)
class Hsv:
    """Hue 0..1 around the wheel, saturation and value 0..1."""

    hue: float = 0.0
    saturation: float = 0.0
    value: float = 0.0

    @property
    def rgb(self) -> Colour:
        red, green, blue = colorsys.hsv_to_rgb(self.hue % 1.0, self.saturation, self.value)
        return round(red * 255), round(green * 255), round(blue * 255)


def hsv_of(colour: Colour, before: Hsv) -> Hsv:
    """A colour as hue, saturation and value; what it does not say (a grey's hue, black's saturation) is as before."""
    if before.rgb == colour:
        return before
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    if not value:
        saturation = before.saturation
    return Hsv(hue if value and saturation else before.hue, saturation, value)


def with_hue(colour: Hsv, hue: float) -> Hsv:
    """The colour in another hue. Black and greys have none that could be seen, so they become vivid."""
    if not colour.value:
        return Hsv(hue, 1.0, 1.0)
    return Hsv(hue, colour.saturation or 1.0, colour.value)


class Colours(QObject):
    """Foreground, which brushes paint with, and background, kept for a swap.

    Signals:
        changed: Either of them. Main thread.
        recent_changed: The colours used lately. Main thread.
    """

    changed = Signal()
    recent_changed = Signal()

    def __init__(
        self, foreground: Colour = BLACK, background: Colour = WHITE, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._foreground, self._background = foreground, background
        self._recent: tuple[Colour, ...] = ()

    @property
    def foreground(self) -> Colour:
        return self._foreground

    @property
    def background(self) -> Colour:
        return self._background

    @property
    def recent(self) -> tuple[Colour, ...]:
        """Colours that were painted with, the last one first."""
        return self._recent

    def set(self, foreground: Colour | None = None, background: Colour | None = None) -> None:
        """Choose either colour, or both."""
        both = (foreground or self._foreground, background or self._background)
        if both != (self._foreground, self._background):
            self._foreground, self._background = both
            self.changed.emit()

    def swap(self) -> None:
        self.set(self._background, self._foreground)

    def reset(self) -> None:
        """Black on white."""
        self.set(BLACK, WHITE)

    def remember(self, *colours: Colour) -> None:
        """Put colours at the head of those used lately."""
        recent = tuple(dict.fromkeys((*colours, *self._recent)))[:MAX_RECENT]
        if recent != self._recent:
            self._recent = recent
            self.recent_changed.emit()

    def use(self) -> None:
        """The foreground colour is painted with."""
        self.remember(self._foreground)
