"""What the program is, which version, and whose work it contains; and the way to its log."""

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from editor_core import __version__
from editor_core.base import paths
from gui.look.icons import program_icon
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

ICON = 64  # logical pixels


@dataclass(frozen=True)
class Component:
    """A library in the bundle, as packaging/licences.py lists it."""

    name: str
    version: str
    licence: str
    files: tuple[Path, ...]


def components(folder: Path) -> list[Component]:
    """What ``components.json`` in a bundle lists; nothing in a source tree, where the libraries are installed apart."""
    try:
        rows = json.loads((folder / "components.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [
        Component(row["name"], row["version"], row["licence"], tuple(folder / file for file in row["files"]))
        for row in rows
    ]


def show_log_folder() -> None:
    """Open the folder of logs and crash reports in the system's file manager."""
    folder = paths.log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class AboutDialog(Dialog):
    """The program, its methods and the licences of everything it ships with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Palimpsest"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tabs = QTabWidget()
        tabs.addTab(_notices(), self.tr("Credits"))
        if libraries := components(paths.resources() / "licenses"):
            tabs.addTab(LicencesPage(libraries), self.tr("Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addLayout(_headline())
        column.addWidget(tabs, 1)
        column.addWidget(buttons)
        self.resize(88 * UNIT, 68 * UNIT)


class LicencesPage(QSplitter):
    """The libraries on the left, the licence of the chosen one on the right."""

    def __init__(self, libraries: list[Component], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._libraries = libraries
        self.names = QListWidget()
        self.names.setProperty("plain_rows", True)
        self.names.setAccessibleName(self.tr("Libraries"))
        self.names.addItems([f"{library.name} {library.version}" for library in libraries])
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.addWidget(self.names)
        self.addWidget(self.text)
        self.setSizes([28 * UNIT, 60 * UNIT])
        self.names.currentRowChanged.connect(self._show)
        self.names.setCurrentRow(0)

    def _show(self, row: int) -> None:
        library = self._libraries[row]
        texts = (file.read_text(encoding="utf-8", errors="replace") for file in library.files)
        self.text.setPlainText("\n\n".join([library.licence, *texts]))


def _headline() -> QHBoxLayout:
    picture = PlainLabel()
    picture.setPixmap(program_icon().pixmap(ICON))
    name = PlainLabel(QCoreApplication.translate("about", "Palimpsest {version}").format(version=__version__))
    name.setProperty("heading", True)
    words = PlainLabel(
        QCoreApplication.translate(
            "about", "Change a word, and only what changes is repainted.\nApache License 2.0"
        )
    )
    words.setProperty("muted", True)
    row, lines = QHBoxLayout(), QVBoxLayout()
    lines.addStretch()
    lines.addWidget(name)
    lines.addWidget(words)
    lines.addStretch()
    row.setSpacing(2 * UNIT)
    row.addWidget(picture)
    row.addLayout(lines, 1)
    return row


def _notices() -> QTextBrowser:
    page = QTextBrowser()
    page.setOpenExternalLinks(True)
    notices = paths.resources() / "licenses" / "THIRD_PARTY.md"
    page.setMarkdown(notices.read_text(encoding="utf-8"))
    return page
