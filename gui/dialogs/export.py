"""Asks how a picture shall be written: only what its format and the picture leave open."""

from dataclasses import dataclass

from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from editor_core.project.picture_formats import WHITE, Colour, PictureFormat
from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel
from gui.widgets.swatch import Swatch

QUALITY = 95  # of 100, where the artist said nothing


@dataclass(frozen=True)
class Exported:
    """What is to be written, as far as it decides what can be asked."""

    kind: PictureFormat
    transparent: bool = False
    """Whether any of the picture is."""
    profile: str = ""
    """The name of the profile that the opened picture was in; empty for sRGB."""
    notes: bool = False
    """Whether the opened file said more of itself: camera, place, author."""
    words: bool = False
    """Whether there is something to say of how the picture was made."""

    can_be_signed: bool = False

    @property
    def asks_of_metadata(self) -> bool:
        return bool(self.profile) or self.notes or self.words or self.can_be_signed


@dataclass(frozen=True)
class ExportChoices:
    """How the artist wants it."""

    quality: int | None = QUALITY
    """None: exactly."""
    matte: Colour | None = None
    """Behind what is transparent; None keeps it so, as far as the format can."""
    words: bool = True
    notes: bool = True
    original_colours: bool = False
    sign: bool = False


class ExportDialog(Dialog):
    """The choices for one picture."""

    def __init__(self, exported: Exported, choices: ExportChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exported = exported
        self.setWindowTitle(self.tr("Export as {format}").format(format=exported.kind.name))
        self.lossless = QCheckBox(self.tr("Lossless"))
        self.quality = LabelledSlider(self.tr("Quality"), 1, 100, "")
        self.keep = QCheckBox(self.tr("Keep transparency"))
        self._matte = choices.matte or WHITE
        self.matte = Swatch(self.tr("Background colour"), QColor(*self._matte))
        self.colours = QComboBox()
        self.colours.addItem(self.tr("sRGB"), False)
        self.colours.addItem(exported.profile, True)
        self.words = QCheckBox(self.tr("Embed how it was made (prompt, seed, model)"))
        self.notes = QCheckBox(self.tr("Embed photo details (camera, location, copyright)"))
        self.sign = QCheckBox(self.tr("Sign with content credentials (C2PA)"))
        self.sign.setToolTip(
            self.tr("A list of the edits, signed with a certificate that Palimpsest makes for you itself")
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        export = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.answered_by(export)
        self._lay_out()
        self._show(choices)
        self.lossless.toggled.connect(lambda exact: self.quality.setEnabled(not exact))
        self.keep.toggled.connect(lambda kept: self.matte.setEnabled(not kept))
        self.matte.chosen.connect(self._take_matte)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @classmethod
    async def ask(
        cls, exported: Exported, choices: ExportChoices, parent: QWidget | None = None
    ) -> ExportChoices | None:
        """What the artist wants, None where nothing any more; not asked where there is nothing to choose."""
        if not (exported.kind.has_quality or exported.transparent or exported.asks_of_metadata):
            return choices
        dialog = cls(exported, choices, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.choices if accepted else None

    @property
    def choices(self) -> ExportChoices:
        kind = self._exported.kind
        exact = kind.lossless and (self.lossless.isChecked() or not kind.has_quality)
        keeps = kind.alpha and self.keep.isChecked()
        return ExportChoices(
            quality=None if exact else self.quality.value,
            matte=None if keeps or not self._exported.transparent else self._matte,
            words=self.words.isChecked(),
            notes=self.notes.isChecked(),
            original_colours=bool(self.colours.currentData()),
            sign=self.sign.isChecked() and self._exported.can_be_signed,
        )

    def _show(self, choices: ExportChoices) -> None:
        kind = self._exported.kind
        self.lossless.setChecked(kind.lossless and choices.quality is None)
        self.quality.set_value(choices.quality or QUALITY)
        self.quality.setEnabled(not self.lossless.isChecked())
        self.keep.setChecked(kind.alpha and choices.matte is None)
        self.matte.setEnabled(not self.keep.isChecked())
        self.colours.setCurrentIndex(int(choices.original_colours and bool(self._exported.profile)))
        self.words.setChecked(choices.words)
        self.notes.setChecked(choices.notes)
        self.sign.setChecked(choices.sign)

    def _lay_out(self) -> None:
        kind = self._exported.kind
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT)
        if kind.has_quality:
            row = QHBoxLayout()
            row.addWidget(self.quality)
            row.addStretch(1)
            form.addRow("", row)
            if kind.lossless:
                form.addRow("", self.lossless)
        if self._exported.transparent:
            if kind.alpha:
                form.addRow(self.tr("Transparent areas"), self.keep)
            background = QHBoxLayout()
            background.addWidget(self.matte)
            background.addWidget(PlainLabel(self.tr("Background colour")), 1)
            form.addRow("" if kind.alpha else self.tr("Transparent areas"), background)
        if self._exported.profile and kind.has_profile:
            form.addRow(self.tr("Colour profile"), self.colours)
        if self._exported.words:
            form.addRow("", self.words)
        if self._exported.notes:
            form.addRow("", self.notes)
        if self._exported.can_be_signed:
            form.addRow("", self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.setMinimumWidth(56 * UNIT)

    def _take_matte(self, colour: QColor) -> None:
        self._matte = (colour.red(), colour.green(), colour.blue())
