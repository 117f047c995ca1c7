"""Where the work is done: this computer, or workers at an address, which can be asked what they are."""

import asyncio

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from editor_core.base.errors import EditorError
from editor_core.remote.probe import probe
from editor_core.remote.token import kept_token
from editor_core.remote.worker import WorkerFacts
from gui.texts.messages import message_text
from gui.texts.numbers import byte_text
from gui.widgets.plain_label import PlainLabel
from gui.worker.background import spawn

HERE, ELSEWHERE = "here", "elsewhere"


class ComputeForm(QObject):
    """Rows of a form: two ways, and the fields of the second, which are there only while it is chosen."""

    def __init__(self, form: QFormLayout, address: str, parent: QWidget) -> None:
        """Adds its rows to ``form``."""
        super().__init__(parent)
        self._form = form
        self.place = QComboBox()
        self.place.setAccessibleName(self.tr("Work is done by"))
        self.place.addItem(self.tr("This computer"), HERE)
        self.place.addItem(self.tr("Workers at an address"), ELSEWHERE)
        self.address = QLineEdit(address)
        self.address.setAccessibleName(self.tr("Address"))
        self.address.setPlaceholderText("ray://studio:10001")
        self.token = QLineEdit(kept_token())
        self.token.setAccessibleName(self.tr("Token"))
        self.token.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.test = QPushButton(self.tr("Test connection"))
        self.answer = PlainLabel()
        self.answer.setWordWrap(True)
        self.answer.setProperty("muted", True)
        self.answer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        form.addRow(self.tr("Work is done by"), self.place)
        form.addRow(self.tr("Address"), self.address)
        form.addRow(self.tr("Token"), self.token)
        form.addRow("", self.test)
        form.addRow("", self.answer)
        self.place.setCurrentIndex(self.place.findData(ELSEWHERE if address else HERE))
        self._show_fields()
        self.place.currentIndexChanged.connect(self._show_fields)
        self.address.textChanged.connect(self._show_fields)
        self.test.clicked.connect(lambda: spawn(self.ask()))

    @property
    def chosen(self) -> str:
        """The address, or "" for this computer."""
        return self.address.text().strip() if self.place.currentData() == ELSEWHERE else ""

    async def ask(self) -> None:
        """Show what is at the address, or why nothing is."""
        address, token = self.chosen, self.token.text().strip()
        self.test.setEnabled(False)
        self.answer.setText(self.tr("Connecting…"))
        try:
            told = "\n".join(facts_text(each) for each in await asyncio.to_thread(probe, address, token))
        except EditorError as error:
            told = message_text(error.message)
        self.answer.setText(told)
        self.test.setEnabled(bool(self.chosen))

    def _show_fields(self) -> None:
        elsewhere = self.place.currentData() == ELSEWHERE
        for widget in (self.address, self.token, self.test, self.answer):
            self._form.setRowVisible(widget, elsewhere)
        self.test.setEnabled(bool(self.chosen))
        self.answer.clear()


def facts_text(facts: WorkerFacts) -> str:
    """A worker in a line: "studio · NVIDIA H100 · 80 GB · version 0.1.0 · models: picture-book"."""
    parts = [
        facts.name,
        facts.card or QCoreApplication.translate("compute", "CPU"),
        byte_text(facts.memory_bytes),
    ]
    parts.append(QCoreApplication.translate("compute", "version {version}").format(version=facts.version))
    parts.append(
        QCoreApplication.translate("compute", "models: {names}").format(names=", ".join(facts.models))
    )
    return " · ".join(parts)
