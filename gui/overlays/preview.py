"""The live preview of a running job, shown only where the picture will change."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from gui.canvas.pixel_view import picture_rect
from gui.canvas.viewport import Viewport
from gui.look.images import to_qimage

# Pixels: where a preview ends is shown no finer in larger pictures, so that each comes quickly.
MAX_SIDE = 2048


class LivePreview:
    """The coarse look of the picture being painted."""

    def __init__(self) -> None:
        self._image = QImage()
        self._region: QImage | None = None  # grey, shaped like the picture
        self._needs_region = False
        self.shown = True

    def begin(self, *, whole: bool) -> None:
        """A job starts: it paints the whole picture, or a region that is still to be found."""
        self.clear()
        self._needs_region = not whole

    @property
    def has_region(self) -> bool:
        """Whether it is known where the running job paints."""
        return self._region is not None

    def set_region(self, mask: np.ndarray) -> None:
        stride = max(1, max(mask.shape) // MAX_SIDE)
        region = to_qimage(mask[::stride, ::stride])
        if max(region.width(), region.height()) > MAX_SIDE:
            region = region.scaled(MAX_SIDE, MAX_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        self._region = region

    def set_image(self, image: np.ndarray) -> None:
        """Take a preview, uint8 (h, w, 3), usually smaller than the picture."""
        self._image = to_qimage(image)
        if self._region is not None:
            self._image = self._image.scaled(
                self._region.size(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._image.setAlphaChannel(self._region)

    def clear(self) -> None:
        self._image, self._region, self._needs_region = QImage(), None, False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self.shown or self._image.isNull() or (self._needs_region and self._region is None):
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(picture_rect(viewport), self._image)
