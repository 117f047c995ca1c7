"""The brush presets: each with a stroke of it; a click takes it."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QToolButton, QWidget, QWidgetAction

from editor_core.document.geometry import Rect
from editor_core.document.strokes import Brush, Stroke
from gui.look.images import to_qimage
from gui.look.theme import UNIT, Theme
from gui.state.brush_presets import BrushPresets, Preset
from gui.texts.marks import as_tip
from gui.widgets.buttons import IconButton

PREVIEW = (150, 36)  # logical pixels
LARGEST, SMALLEST = 22.0, 2.5  # pixels of a brush in its preview
SHOWN = 9  # rows


class BrushPresetsButton(IconButton):
    """Opens the list of brushes.

    Signals (main thread):
        chosen: A Preset.
        save_asked: The brush in hand is to be saved.
        import_asked: A brush's tip is to be read from a file.
        remove_asked: The name of a saved preset.
    """

    chosen = Signal(object)
    save_asked = Signal()
    import_asked = Signal()
    remove_asked = Signal(str)

    def __init__(self, theme: Theme, presets: BrushPresets, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, "brushes", QCoreApplication.translate("presets", "Brush presets"), parent=parent
        )
        self._presets, self._theme = presets, theme
        self.list = QListWidget()
        self.list.setIconSize(QSize(*PREVIEW))
        self.list.setAccessibleName(QCoreApplication.translate("presets", "Brush presets"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumSize(PREVIEW[0] + 170, SHOWN * (PREVIEW[1] + 6))
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        menu = QMenu(self)
        page = QWidgetAction(menu)
        page.setDefaultWidget(self.list)
        menu.addAction(page)
        menu.addSeparator()
        translate = QCoreApplication.translate
        menu.addAction(translate("presets", "Save brush…")).triggered.connect(self.save_asked)
        menu.addAction(translate("presets", "Import brush…")).triggered.connect(self.import_asked)
        self.remove_action = menu.addAction(translate("presets", "Remove brush"))
        self.remove_action.triggered.connect(self._remove)
        menu.aboutToShow.connect(self.refresh)
        self.list.currentItemChanged.connect(lambda *_: self._show_state())
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def refresh(self) -> None:
        """List the presets as they are now."""
        chosen = self.current
        self.list.clear()
        ink = self._theme.colour("text")
        for preset in self._presets.all:
            item = QListWidgetItem(_preview(preset.brush, self._presets, ink), preset_name(preset))
            item.setData(Qt.ItemDataRole.UserRole, preset)
            item.setToolTip(as_tip(preset_name(preset)))
            self.list.addItem(item)
            if chosen is not None and preset.name == chosen.name:
                self.list.setCurrentItem(item)
        self._show_state()

    @property
    def current(self) -> Preset | None:
        """The preset that was taken last."""
        item = self.list.currentItem()
        preset = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return preset if isinstance(preset, Preset) else None

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
        self.menu().hide()

    def _remove(self) -> None:
        if self.current is not None:
            self.remove_asked.emit(self.current.name)

    def _show_state(self) -> None:
        self.remove_action.setEnabled(self.current is not None and not self.current.own)


def preset_name(preset: Preset) -> str:
    """What a preset is called in the window's language."""
    return QCoreApplication.translate("presets", preset.name) if preset.own else preset.name


def _preview(brush: Brush, presets: BrushPresets, ink: QColor) -> QIcon:
    pixels = np.empty((2 * PREVIEW[1], 2 * PREVIEW[0], 4), np.uint8)
    pixels[..., :3] = (ink.red(), ink.green(), ink.blue())
    tip = presets.tip(brush.tip)
    pixels[..., 3] = sample(
        brush, None if tip is None else tip.tobytes(), (0, 0) if tip is None else tip.shape
    )
    picture = QPixmap.fromImage(to_qimage(pixels))
    picture.setDevicePixelRatio(2)
    return QIcon(picture)


@lru_cache(maxsize=200)
def sample(brush: Brush, tip: bytes | None, shape: tuple[int, ...]) -> np.ndarray:
    """A stroke of a brush for its preview, uint8 (H, W); ``tip``: the bytes of its picture, of that shape."""
    height, width = 2 * PREVIEW[1], 2 * PREVIEW[0]
    picture = None if tip is None else np.frombuffer(tip, np.uint8).reshape(shape)
    small = _sized(brush)
    stroke = Stroke(small, width, height, picture)
    margin = 2 * UNIT + small.size * (0.5 + min(1.0, small.scatter))
    for share in np.linspace(0, 1, 40):
        x = margin + share * (width - 2 * margin)
        y = height / 2 - np.sin(share * 2 * np.pi) * height * 0.24
        stroke.extend(float(x), float(y), float(0.25 + 0.75 * np.sin(share * np.pi)))
    stroke.finish()
    return stroke.coverage(Rect(0, 0, width, height))[..., 0]


def _sized(brush: Brush) -> Brush:
    """The brush as large as the preview can show, its paths not smoothed away."""
    size = min(LARGEST, max(SMALLEST, brush.size / 2)) * 2
    return replace(brush, size=size, smoothing=0.0, scatter=min(brush.scatter, 1.5))
