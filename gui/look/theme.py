"""Colours, spacing and style of the window: a dark and a light set, one accent for what is active or will change."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from gui.look.palette import DARK, LIGHT, Palette
from gui.look.style_sheet import style_sheet

UNIT = 8  # pixels: every distance is a multiple or a half of it
FIELD_HEIGHT = 26  # pixels
TEXT = 13  # pixels
SMALL_TEXT = 12


class Theme(QObject):
    """The colours in use.

    Signals:
        changed: Other colours; icons and painted things must be drawn again. Main thread.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        """ "system", "dark" or "light"."""
        return self._choice

    @property
    def colours(self) -> Palette:
        return self._colours

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        colour = QColor(getattr(self._colours, name))
        colour.setAlphaF(alpha)
        return colour

    def choose(self, choice: str) -> None:
        if choice != self._choice:  # styling everything anew takes long enough to be felt
            self._choice = choice
            self._apply()

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        self._colours = _chosen(self._choice, self._app.styleHints().colorScheme())
        self._app.setFont(text_font())
        self._app.setPalette(_qt_palette(self._colours))
        self._app.setStyleSheet(style_sheet(self._colours))
        self.changed.emit()


def text_font(pixels: int = TEXT) -> QFont:
    font = QApplication.font()
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)  # tabular figures
    return font


def text_metrics(pixels: int = TEXT) -> QFontMetrics:
    return QFontMetrics(text_font(pixels))


def _chosen(choice: str, system: Qt.ColorScheme) -> Palette:
    """Dark where nobody says otherwise: pictures are judged better against it."""
    if choice == "light" or (choice == "system" and system == Qt.ColorScheme.Light):
        return LIGHT
    return DARK


def _qt_palette(colours: Palette) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.field,
        QPalette.ColorRole.AlternateBase: colours.panel,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.field,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colours.line))
    return palette
