"""Asks how the layers of a copy for other programs shall be written; only where it makes a difference."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.widgets.blend_box import mode_name
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel


class CopyDialog(Dialog):
    """Blend modes kept, or made part of the pixels."""

    def __init__(self, kind: str, own_to_gimp: Sequence[str], parent: QWidget | None = None) -> None:
        """``kind``: of file; ``own_to_gimp``: the modes in use that GIMP shows otherwise."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Copy as {format}").format(format=kind))
        self.keep = QRadioButton(self.tr("&Keep blend modes"))
        self.bake = QRadioButton(self.tr("&Look the same in every program"))
        self.keep.setChecked(True)
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.told.setVisible(bool(own_to_gimp))
        named = ", ".join(mode_name(mode) for mode in dict.fromkeys(own_to_gimp))
        self.told.setText(
            self.tr("GIMP shows some modes in this picture its own way: {modes}.").format(modes=named)
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = self.buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.answered_by(save)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()

    @classmethod
    async def ask(cls, kind: str, own_to_gimp: Sequence[str], parent: QWidget | None = None) -> bool | None:
        """Whether modes become part of the pixels; None where nothing shall be written."""
        dialog = cls(kind, own_to_gimp, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.bake.isChecked() if accepted else None

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        explained = (
            (self.keep, self.tr("Layers stay as editable as they are.")),
            (self.bake, self.tr("Modes become part of the pixels: every layer is a normal one.")),
        )
        for choice, text in explained:
            label = PlainLabel(text)
            label.setProperty("muted", True)
            label.setWordWrap(True)
            label.setIndent(3 * UNIT)
            column.addWidget(choice)
            column.addWidget(label)
        column.addSpacing(UNIT)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self.setMinimumWidth(56 * UNIT)
