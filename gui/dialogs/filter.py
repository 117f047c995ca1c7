"""Asks how a layer shall be filtered; a piece of it at 100 % shows what comes of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from editor_core.base.errors import EditorError
from editor_core.document.filtering import filtered_part, layer_to_filter
from editor_core.document.geometry import Rect
from editor_core.document.layers import PixelLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.pixels.filters import FILTERS, Filtering
from gui.dialogs import ask
from gui.look.checkers import checkers
from gui.look.images import to_qimage
from gui.look.theme import UNIT
from gui.texts.filters import filter_name, setting_name
from gui.texts.messages import message_text
from gui.widgets.dialog import Dialog
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel

SIDE = 320  # pixels of the piece


class FilterDialog(Dialog):
    """The piece, a slider for each number, and a switch to see it as it was."""

    def __init__(
        self, name: str, state: DocumentSnapshot, layer_id: str | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(filter_name(name))
        self._name = name
        self._layer: PixelLayer | None = None
        self._told = ""
        try:
            self._layer = layer_to_filter(state, layer_id)
        except EditorError as error:
            self._told = message_text(error.message)
        self._place = _piece(state, self._layer)
        self.piece = PlainLabel(self._told)
        self.piece.setWordWrap(bool(self._told))
        self.piece.setAccessibleName(self.tr("Preview"))
        self.piece.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sliders: dict[str, LabelledSlider] = {}
        self.switches: dict[str, QCheckBox] = {}
        self.seen = QCheckBox(self.tr("Preview"))
        self.seen.setChecked(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        accept = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.answered_by(accept)
        accept.setEnabled(self._layer is not None)
        self._lay_out()
        self.seen.toggled.connect(self._draw)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._draw()

    @classmethod
    async def ask(
        cls, name: str, state: DocumentSnapshot, layer_id: str | None, parent: QWidget | None = None
    ) -> Filtering | None:
        """The filter with its numbers, or None when the artist gave up."""
        dialog = cls(name, state, layer_id, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.wanted if accepted else None

    @property
    def wanted(self) -> Filtering:
        numbers = {name: slider.value for name, slider in self.sliders.items()}
        return Filtering(
            self._name, numbers | {name: int(s.isChecked()) for name, s in self.switches.items()}
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.piece)
        form = QFormLayout()
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        column.addLayout(form)
        for name, setting in FILTERS[self._name].settings.items():
            if (setting.lowest, setting.highest) == (0, 1):
                switch = self.switches[name] = QCheckBox(setting_name(name))
                switch.toggled.connect(self._draw)
                form.addRow("", switch)
                continue
            slider = LabelledSlider(
                setting_name(name), setting.lowest, setting.highest, setting.unit, curve=2.0
            )
            slider.set_value(setting.usual)
            slider.moved.connect(self._draw)
            self.sliders[name] = slider
            slider.show_name(False)
            form.addRow(setting_name(name), slider)
        column.addWidget(self.seen)
        column.addWidget(self.buttons)

    def _draw(self) -> None:
        layer, place = self._layer, self._place
        if layer is None or place.is_empty:
            return
        if self.seen.isChecked():
            pixels = filtered_part(layer, place, self.wanted)
        else:
            pixels = layer.tiles.read(place.shifted(-layer.x, -layer.y))
        shown = QPixmap(place.width, place.height)
        painter = QPainter(shown)
        painter.fillRect(shown.rect(), checkers())
        painter.drawImage(0, 0, to_qimage(pixels))
        painter.end()
        self.piece.setPixmap(shown)


def _piece(state: DocumentSnapshot, layer: PixelLayer | None) -> Rect:
    """The part of the document that is shown: the middle of what is selected of the layer, or of all of it."""
    bounds = Rect(0, 0, 0, 0) if layer is None else layer.bounds.intersected(state.rect)
    if state.selection is not None:
        bounds = bounds.intersected(state.selection.bounds)
    x, y = bounds.x + bounds.width // 2 - SIDE // 2, bounds.y + bounds.height // 2 - SIDE // 2
    return bounds if bounds.is_empty else Rect(x, y, SIDE, SIDE).intersected(state.rect)
