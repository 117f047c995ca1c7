"""numpy ↔ QImage: the only place that converts. Every QImage and array made here owns its memory."""

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


def to_qimage(pixels: np.ndarray) -> QImage:
    """An image of uint8 pixels (H, W), (H, W, 3) or (H, W, 4), alpha not premultiplied."""
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    image = QImage(width, height, _FORMATS[channels])
    if not image.isNull():  # numpy copies, for it lets other threads run meanwhile
        rows = np.frombuffer(image.bits(), np.uint8).reshape(height, image.bytesPerLine())
        rows[:, : width * channels].reshape(height, width, channels)[:] = pixels.reshape(
            height, width, channels
        )
    return image


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    """Pixels (H, W, 3 or 4) as Qt draws them fastest: uint8 (H, W, 4), blue first, colours times alpha."""
    if pixels.shape[2] == 4 and not pixels[..., 3].any():
        return np.zeros(pixels.shape, np.uint8)
    drawn = np.empty((*pixels.shape[:2], 4), np.uint8)
    drawn[..., :3] = pixels[..., 2::-1]
    drawn[..., 3] = 255 if pixels.shape[2] == 3 else pixels[..., 3]
    if pixels.shape[2] == 4 and (pixels[..., 3] != 255).any():
        times_alpha = drawn[..., :3].astype(np.uint16) * drawn[..., 3:]
        drawn[..., :3] = (times_alpha + 127) // 255
    return drawn


def drawn_image(drawn: np.ndarray) -> QImage:
    """An image of premultiplied pixels."""
    return borrowed_image(np.ascontiguousarray(drawn)).copy()


def borrowed_image(drawn: np.ndarray) -> QImage:
    """The same without a copy, for drawing at once: it must not outlive ``drawn``, which must be contiguous."""
    height, width = drawn.shape[:2]
    return QImage(drawn.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


def from_qimage(image: QImage) -> np.ndarray:
    """The pixels of an image: uint8 (H, W, 4) if it has an alpha channel, else (H, W, 3)."""
    channels = 4 if image.hasAlphaChannel() else 3
    converted = image.convertToFormat(_FORMATS[channels])
    width, height = converted.width(), converted.height()
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(height, converted.bytesPerLine())
    return rows[:, : width * channels].reshape(height, width, channels).copy()


def thumbnail(pixels: np.ndarray, side: int) -> QImage:
    """The picture fitted into a square of the given side, in device pixels."""
    stride = max(1, min(pixels.shape[:2]) // (2 * side))  # thins huge pictures; smooth scaling does the rest
    image = to_qimage(pixels[::stride, ::stride])
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, smooth)
