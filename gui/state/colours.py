"""The two colours at hand."""

from PySide6.QtCore import QObject, Signal

Colour = tuple[int, int, int]  # red, green, blue, 0..255

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


class Colours(QObject):
    """Foreground, which brushes paint with, and background, kept for a swap.

    Signals:
        changed: Either of them. Main thread.
    """

    changed = Signal()

    def __init__(
        self, foreground: Colour = BLACK, background: Colour = WHITE, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._foreground, self._background = foreground, background

    @property
    def foreground(self) -> Colour:
        return self._foreground

    @property
    def background(self) -> Colour:
        return self._background

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
