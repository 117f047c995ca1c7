"""Icon buttons that follow the theme."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from gui.look.icons import SIZE, icon
from gui.look.theme import Theme
from gui.texts.marks import plain_text


class IconButton(QToolButton):
    """A flat button with one icon and a name for those who cannot see it."""

    def __init__(
        self, theme: Theme, name: str, text: str, *, checkable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self.setIconSize(QSize(SIZE, SIZE))
        self.setCheckable(checkable)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setAutoRaise(True)
        theme.changed.connect(self._draw)
        self._draw()

    def set_icon(self, name: str) -> None:
        self._name = name
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icon(self._theme, self._name))


def action_button(action: QAction) -> QToolButton:
    """A flat button that does what the action does, with its icon and state."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(SIZE, SIZE))
    button.setAutoRaise(True)
    button.setAccessibleName(plain_text(action.text()))
    return button
