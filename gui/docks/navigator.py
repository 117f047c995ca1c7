"""The whole picture, small, with what the canvas shows of it; a drag moves the view."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from editor_core.document.compositing import flatten
from editor_core.document.geometry import Rect
from editor_core.document.tiles import COARSEST_LEVEL
from gui.canvas.canvas import Canvas
from gui.canvas.viewport import MAX_ZOOM, MIN_ZOOM
from gui.look.images import to_qimage
from gui.look.theme import UNIT
from gui.viewmodels.document_vm import DocumentVM
from gui.widgets.labelled_slider import LabelledSlider

LATER_MS = 250  # a stroke changes the picture many times a second
MARGIN = 4  # logical pixels


class Navigator(QWidget):
    """The picture, and a slider for the zoom."""

    def __init__(self, document: DocumentVM, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.map = NavigatorMap(document, canvas)
        low, high = round(100 * MIN_ZOOM), round(100 * MAX_ZOOM)
        self.zoom = LabelledSlider(self.tr("Zoom"), max(1, low), high, " %", curve=4.0)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.map, 1)
        row = QHBoxLayout()
        row.addWidget(self.zoom)
        column.addLayout(row)
        self.zoom.moved.connect(lambda percent: canvas.zoom_to(percent / 100))
        canvas.viewport_changed.connect(lambda: self.zoom.set_value(round(100 * canvas.viewport.zoom)))


class NavigatorMap(QWidget):
    """The picture, drawn anew a few times a second while it changes and is looked at."""

    def __init__(self, document: DocumentVM, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._canvas = document, canvas
        self._image: QImage | None = None
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Overview of the picture"))
        for signal in (
            document.replaced,
            document.pixels_changed,
            document.layers_changed,
            document.size_changed,
        ):
            signal.connect(self._forget)
        canvas.viewport_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    @property
    def picture_rect(self) -> QRectF:
        """Where the picture lies."""
        document = self._vm.document
        if document is None:
            return QRectF()
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        scale = min(room.width() / document.width, room.height() / document.height)
        width, height = document.width * scale, document.height * scale
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        place = self.picture_rect
        if place.isEmpty():
            return
        if self._image is None:
            self._image = self._small(place)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.fillRect(place, QColor("white"))
        painter.drawImage(place, self._image)
        view = QPolygonF([self._on_map(corner, place) for corner in self._corners()])
        painter.setClipRect(self.rect())
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (self.palette().accent().color(), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(view)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        document, place = self._vm.document, self.picture_rect
        if document is not None and event.buttons() & Qt.MouseButton.LeftButton and not place.isEmpty():
            across = (event.position().x() - place.left()) / place.width()
            down = (event.position().y() - place.top()) / place.height()
            self._canvas.look_at(across * document.width, down * document.height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._image = None

    def _forget(self) -> None:
        self._image = None
        if not self._later.isActive():
            self._later.start()

    def _small(self, place: QRectF) -> QImage:
        document = self._vm.document
        assert document is not None
        wanted = max(place.width(), place.height()) * self.devicePixelRatioF()
        times = max(document.width, document.height) / max(1.0, wanted)
        level = min(COARSEST_LEVEL, max(0, math.floor(math.log2(max(1.0, times)))))
        size = max(1, document.width >> level), max(1, document.height >> level)
        return to_qimage(flatten(document.layers, Rect(0, 0, *size), level))

    def _corners(self) -> list[tuple[float, float]]:
        """What the canvas shows, as corners in picture pixels."""
        view, width, height = self._canvas.viewport, self._canvas.width(), self._canvas.height()
        return [
            view.to_image(*view.upright(x, y)) for x, y in ((0, 0), (width, 0), (width, height), (0, height))
        ]

    def _on_map(self, at: tuple[float, float], place: QRectF) -> QPointF:
        document = self._vm.document
        assert document is not None
        return QPointF(
            place.left() + at[0] / document.width * place.width(),
            place.top() + at[1] / document.height * place.height(),
        )
