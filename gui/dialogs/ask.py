"""Questions that are awaited: each opens a dialog without blocking and gives the answer when it closes."""

import asyncio
import re
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from gui.look.icons import program_icon

ICON = 48  # logical pixels


class Unsaved(Enum):
    """What to do with changes that are in no file."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


async def finished(dialog: QDialog) -> int:
    """Open a dialog and wait for its end; returns its result code. The window stays alive meanwhile."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)

    def closed(code: int) -> None:
        if not answer.done():
            answer.set_result(code)

    dialog.finished.connect(closed)
    dialog.open()
    try:
        return await answer
    finally:
        dialog.deleteLater()


async def file_to_open(parent: QWidget, title: str, folder: str, kinds: str) -> Path | None:
    dialog = QFileDialog(parent, title, folder, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _chosen(dialog)


async def file_to_save(parent: QWidget, title: str, proposal: str, kinds: str, suffix: str) -> Path | None:
    """A name to save under; asks before an existing file is replaced.

    kinds: filters as Qt has them; the chosen one's first ending is added to a name without any.
    """
    dialog = QFileDialog(parent, title, str(Path(proposal).parent), kinds)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_first_ending(chosen) or suffix))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(Path(proposal).name)
    return await _chosen(dialog)


def _first_ending(kinds: str) -> str:
    """ "jpg" of "JPEG (*.jpg *.jpeg)"; empty where any will do."""
    found = re.search(r"\*\.(\w+)", kinds)
    return found[1] if found else ""


def message_box(parent: QWidget | None) -> QMessageBox:
    """An empty message with the program's icon beside it."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names may hold signs of HTML
    box.setIconPixmap(program_icon().pixmap(ICON))
    return box


async def unsaved_changes(parent: QWidget, name: str) -> Unsaved:
    """Save, drop, or go back?"""
    box = message_box(parent)
    box.setWindowTitle(QCoreApplication.translate("ask", "Unsaved changes"))
    box.setText(QCoreApplication.translate("ask", "Save the changes to “{name}”?").format(name=name))
    box.setInformativeText(
        QCoreApplication.translate("ask", "Your changes will be lost if you don't save them.")
    )
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answers = {buttons.Save: Unsaved.SAVE, buttons.Discard: Unsaved.DISCARD}
    return answers.get(buttons(await finished(box)), Unsaved.CANCEL)


async def yes_later_or_no(
    parent: QWidget, title: str, text: str, information: str, yes: str, later: str, no: str
) -> bool | None:
    """Whether the artist wants it; None for later, and for looking away."""
    box = message_box(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(information)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.DestructiveRole)
    wait = box.addButton(later, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(agree)
    box.setEscapeButton(wait)
    await finished(box)
    clicked = box.clickedButton()
    return True if clicked is agree else False if clicked is refuse else None


async def yes_or_no(parent: QWidget, title: str, text: str, information: str, yes: str, no: str) -> bool:
    box = message_box(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(information)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(agree)
    await finished(box)
    return box.clickedButton() is agree


async def _chosen(dialog: QFileDialog) -> Path | None:
    if await finished(dialog) != QDialog.DialogCode.Accepted:
        return None
    return Path(dialog.selectedFiles()[0])
