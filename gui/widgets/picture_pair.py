"""Two pictures beside each other, or one over the other with a line to drag; both move and zoom as one."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.look.theme import UNIT, Theme

GRIP = 12  # pixels around the line that take hold of it
KEY_STEP = 0.02
MAX_ZOOM = 64.0


class PicturePair(QWidget):
    """Paints both pictures. Wheel zooms, dragging moves; Left and Right move the line, + and - zoom, 0 fits."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before, self._after = QImage(), QImage()
        self._beside = False
        self._split = 0.5  # of the width
        self._zoom = 1.0  # times the size that fits
        self._offset = QPointF()  # of the pictures' middle from the pane's, pixels
        self._dragged: QPointF | None = None
        self._holds_line = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Comparison of two turns"))

    @property
    def split(self) -> float:
        return self._split

    def set_images(self, before: QImage, after: QImage, keep_view: bool = False) -> None:
        """Show these; at their whole size again, unless what was looked at is to be looked at in them too."""
        self._before, self._after = before, after
        if not keep_view:
            self._split, self._zoom, self._offset = 0.5, 1.0, QPointF()
        self.update()

    def set_beside(self, beside: bool) -> None:
        self._beside = beside
        self._offset = QPointF()
        self.update()

    def set_split(self, share: float) -> None:
        """Where the line is, 0..1 of the width."""
        self._split = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale(self._after) < 2)
        left, right = self._panes()
        for pane, clip, image in ((left, left, self._before), (right, right, self._after)):
            if not self._beside:
                line = round(self.width() * self._split)
                pane = self.rect()
                first = QRect(0, 0, line, self.height())
                second = QRect(line, 0, self.width() - line, self.height())
                clip = first if image is self._before else second
            painter.setClipRect(clip)
            painter.drawImage(self._place(image, pane), image)
        painter.setClipping(False)
        self._paint_line(painter)

    def _paint_line(self, painter: QPainter) -> None:
        at = self.width() / 2 if self._beside else self.width() * self._split
        painter.setPen(QPen(self._theme.colour("window" if self._beside else "accent"), 2))
        painter.drawLine(QPointF(at, 0), QPointF(at, self.height()))
        if not self._beside:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent"))
            painter.drawEllipse(QPointF(at, self.height() / 2), 7, 7)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.position()
        self._holds_line = not self._beside and self._near_line(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            near = not self._beside and self._near_line(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.OpenHandCursor)
        elif self._holds_line:
            self.set_split(event.position().x() / max(1, self.width()))
        else:
            self._offset += event.position() - self._dragged
            self._dragged = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom_by(1.25 ** (event.angleDelta().y() / 120), event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, middle = event.key(), QPointF(self.width() / 2, self.height() / 2)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_split(self._split + (KEY_STEP if key == Qt.Key.Key_Right else -KEY_STEP))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom_by(1 / 1.25 if key == Qt.Key.Key_Minus else 1.25, middle)
        elif key == Qt.Key.Key_0:
            self._zoom, self._offset = 1.0, QPointF()
            self.update()
        else:
            super().keyPressEvent(event)

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        """Keep what lies under ``at`` where it is."""
        pane = next(
            (QRectF(pane) for pane in self._panes() if QRectF(pane).contains(at)), QRectF(self.rect())
        )
        factor = min(MAX_ZOOM, max(0.25, self._zoom * factor)) / self._zoom
        from_middle = at - pane.center()
        self._offset = from_middle - (from_middle - self._offset) * factor
        self._zoom *= factor
        self.update()

    def _panes(self) -> tuple[QRect, QRect]:
        if not self._beside:
            return self.rect(), self.rect()
        half = self.width() // 2
        return QRect(0, 0, half, self.height()), QRect(half, 0, self.width() - half, self.height())

    def _scale(self, image: QImage) -> float:
        """Pixels of the screen per pixel of the picture."""
        pane = self._panes()[0]
        if image.isNull():
            return 1.0
        room = (pane.width() - 4 * UNIT, pane.height() - 4 * UNIT)
        return max(0.01, min(room[0] / image.width(), room[1] / image.height())) * self._zoom

    def _place(self, image: QImage, pane: QRect) -> QRectF:
        place = QRectF(QPointF(), QSizeF(image.size()) * self._scale(image))
        place.moveCenter(QRectF(pane).center() + self._offset)
        return place

    def _near_line(self, at: QPointF) -> bool:
        return abs(at.x() - self.width() * self._split) <= GRIP
