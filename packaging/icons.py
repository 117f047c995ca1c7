"""Draws the program's icons, from the two drawings in resources/program, in the formats that systems want."""

import os
import sys
from pathlib import Path

from PIL import Image

from project import ROOT

DRAWINGS = ("palimpsest", "palimpsest-project")
SIDES = (16, 24, 32, 48, 64, 128, 256, 512)


def draw_icons(folder: Path) -> None:
    """``<name>-<side>.png``, ``<name>.ico`` for Windows and ``<name>.icns`` for macOS, into ``folder``."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for name in DRAWINGS:
        drawing = QSvgRenderer(str(ROOT / "resources" / "program" / f"{name}.svg"))
        for side in SIDES:
            image = QImage(side, side, QImage.Format.Format_ARGB32)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            drawing.render(painter)
            painter.end()
            image.save(str(folder / f"{name}-{side}.png"))
        largest = Image.open(folder / f"{name}-512.png")
        largest.save(folder / f"{name}.ico", sizes=[(side, side) for side in SIDES if side <= 256])
        largest.save(folder / f"{name}.icns")
    del application


if __name__ == "__main__":
    draw_icons(Path(sys.argv[1]))
