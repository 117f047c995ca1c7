"""Asks how much larger the shown picture is to be, and what enlarges it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

_FACTORS = (2, 4)


@dataclass(frozen=True)
class Enlarging:
    """What was chosen."""

    factor: int
    upscaler: str
    """A file; empty for Lanczos."""
    repaint: bool


class UpscaleDialog(Dialog):
    """Factor, what enlarges, and whether the model paints the detail then."""

    def __init__(self, upscalers: Iterable[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Upscale"))
        self.factor = QComboBox()
        self.factor.addItems([f"{factor}×" for factor in _FACTORS])
        self.means = QComboBox()
        self.detail = QCheckBox(self.tr("The model paints the missing detail"))
        self.told = PlainLabel(
            self.tr(
                "Upscalers, such as ESRGAN’s files, are found in folders “upscale_models” or “ESRGAN” among the models."
            )
        )
        self.told.setProperty("muted", True)
        self.told.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        upscale = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        upscale.setText(self.tr("Upscale"))
        self.answered_by(upscale)
        self.other = self.buttons.addButton(self.tr("Other file…"), QDialogButtonBox.ButtonRole.ActionRole)
        form = QFormLayout()
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        form.addRow(self.tr("Size"), self.factor)
        form.addRow(self.tr("Enlarged by"), self.means)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(form)
        for part in (self.detail, self.told, self.buttons):
            column.addWidget(part)
        self.means.currentIndexChanged.connect(lambda index: self.detail.setChecked(index == 0))
        self.means.addItem("Lanczos", "")
        for file in upscalers:
            self.means.addItem(file.stem, str(file))
        self.means.setCurrentIndex(min(1, self.means.count() - 1))
        self.other.clicked.connect(self._choose_file)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @classmethod
    async def ask(cls, upscalers: Iterable[Path], parent: QWidget | None = None) -> Enlarging | None:
        """What is wanted; None where the artist gave up."""
        dialog = cls(upscalers, parent)
        return dialog.chosen if await ask.finished(dialog) == QDialog.DialogCode.Accepted else None

    @property
    def chosen(self) -> Enlarging:
        factor = _FACTORS[self.factor.currentIndex()]
        return Enlarging(factor, self.means.currentData(), self.detail.isChecked())

    def add_file(self, name: str) -> None:
        """Offer another file, and choose it."""
        self.means.addItem(Path(name).stem, name)
        self.means.setCurrentIndex(self.means.count() - 1)

    def _choose_file(self) -> None:
        kinds = self.tr("Upscalers") + " (*.safetensors *.pth *.pt)"
        dialog = QFileDialog(self, self.tr("Upscaler"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()
