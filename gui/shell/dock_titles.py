"""Docks that share a place are named by their tabs; only a dock on its own has a title bar."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

CLOSE = 4  # pixels between tabs and the dock below them
_TELLING = (
    *(QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange),
    *(QEvent.Type.Move, QEvent.Type.Resize),
)


class DockTitles(QObject):
    """Follows the docks as they are moved, closed and shown."""

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._soon = QTimer(self)  # several docks change together
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        for dock in docks:
            dock.dockLocationChanged.connect(self._soon.start)
            dock.topLevelChanged.connect(self._soon.start)
            dock.visibilityChanged.connect(self._soon.start)
            dock.installEventFilter(self)
        self.refresh()

    def refresh(self) -> None:
        """Show or hide each title bar and each row of tabs."""
        self._hide_forsaken_tabs()
        for dock in self._docks:
            tabbed = not dock.isFloating() and bool(self._window.tabifiedDockWidgets(dock))
            bare = dock.titleBarWidget() is not None
            if tabbed and not bare:
                dock.setTitleBarWidget(QWidget(dock))
            elif bare and not tabbed:
                bar = dock.titleBarWidget()
                dock.setTitleBarWidget(None)  # type: ignore[arg-type]
                bar.deleteLater()

    def _hide_forsaken_tabs(self) -> None:
        """Qt leaves tabs of earlier arrangements where they were, over the picture; the true ones lie at a dock."""
        docks = [dock for dock in self._docks if dock.isVisible() and not dock.isFloating()]
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            foot = bar.geometry().bottomLeft() + QPoint(0, 1)
            bar.setVisible(any((foot - dock.pos()).manhattanLength() <= CLOSE for dock in docks))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TELLING:
            self._soon.start()
        return super().eventFilter(watched, event)
