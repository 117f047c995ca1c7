"""Icons: one family of SVG line drawings, coloured by the theme."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from editor_core.base import paths
from gui.look.theme import Theme

SIZE = 20  # logical pixels in tool bars and buttons
_RENDERED = (20, 40)  # device pixels; Qt scales the larger one down for other sizes


def icon(theme: Theme, name: str, colour: str = "text") -> QIcon:
    """The named icon in a colour of the theme, with a paler one for disabled controls."""
    made = QIcon()
    for side in _RENDERED:
        made.addPixmap(pixmap(name, side, theme.colour(colour)), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, side, theme.colour("disabled")), QIcon.Mode.Disabled)
    return made


def program_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(str(paths.resources() / "program" / "palimpsest.svg"))


def pixmap(name: str, side: int, colour: QColor) -> QPixmap:
    """The named icon as a square of ``side`` device pixels."""
    return _rendered(name, side, colour.name())


@lru_cache(maxsize=512)
def _rendered(name: str, side: int, colour: str) -> QPixmap:
    drawing = _drawing(name).replace("currentColor", colour)
    image = QPixmap(QSize(side, side))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


@cache
def _drawing(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
