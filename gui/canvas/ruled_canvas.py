"""The canvas with its rulers, which are hidden until they are wanted."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.canvas.canvas import Canvas
from gui.canvas.rulers import THICKNESS, Ruler
from gui.look.theme import Theme


class RuledCanvas(QWidget):
    """Lays them out, and lets the rulers follow the view and the pointer."""

    def __init__(self, theme: Theme, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.rulers = (Ruler(theme, level=True), Ruler(theme, level=False))
        self._corner = QWidget()
        self._corner.setFixedSize(THICKNESS, THICKNESS)
        self._wanted, self._alone = False, False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0)
        grid.addWidget(self.rulers[0], 0, 1)
        grid.addWidget(self.rulers[1], 1, 0)
        grid.addWidget(canvas, 1, 1)
        canvas.viewport_changed.connect(self._follow)
        canvas.installEventFilter(self)
        self._show()

    def show_rulers(self, wanted: bool) -> None:
        """Whether the artist wants them."""
        self._wanted = wanted
        self._show()

    def show_canvas_only(self, only: bool) -> None:
        """Without them for a while."""
        self._alone = only
        self._show()

    def _show(self) -> None:
        for part in (self._corner, *self.rulers):
            part.setVisible(self._wanted and not self._alone)
        self._follow()

    def _follow(self) -> None:
        for ruler in self.rulers:
            if not ruler.isHidden():
                ruler.show_view(self.canvas.viewport)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and self._wanted:
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
                self.rulers[0].mark(event.position().x())
                self.rulers[1].mark(event.position().y())
            elif event.type() == QEvent.Type.Leave:
                for ruler in self.rulers:
                    ruler.mark(None)
        return super().eventFilter(watched, event)
