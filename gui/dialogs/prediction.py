"""What a model file predicts, which it does not say itself: the same picture each way, and the artist chooses."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from editor_core.messages.events import Failed, Finished, PredictionPreviews, Progress
from editor_core.messages.requests import PreviewPredictions
from editor_core.models.remembered_predictions import TO_PURE_NOISE
from gui.look.images import to_qimage
from gui.look.theme import UNIT
from gui.texts.messages import message_text
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel
from gui.worker.facade import EngineFacade

PICTURE = 22 * UNIT  # logical pixels a side


class PredictionDialog(Dialog):
    """Asks the worker for the pictures at once; it can be answered before they come.

    Signals:
        answered: One of `models/remembered_predictions.py: KINDS`. Main thread.
    """

    answered = Signal(str)

    def __init__(self, facade: EngineFacade, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What does the model predict?"))
        self._job = -1
        texts = {
            "epsilon": self.tr("Noise"),
            "v_prediction": self.tr("v"),
            TO_PURE_NOISE: self.tr("v, to pure noise"),
        }
        self.buttons = {kind: _picture_button(text) for kind, text in texts.items()}
        told = PlainLabel(
            self.tr("{name} does not say what it predicts.").format(name=Path(source).stem)
            + " "
            + self.tr("Choose the best picture: the wrong ones are noise or pale. It is remembered.")
        )
        told.setWordWrap(True)
        self.state = PlainLabel(self.tr("Waiting for the current job to finish…"))
        self.state.setProperty("muted", True)
        self.state.setWordWrap(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        row, foot = QHBoxLayout(), QHBoxLayout()
        row.setSpacing(2 * UNIT)
        for kind, button in self.buttons.items():
            button.clicked.connect(lambda _=False, kind=kind: self._answer(kind))
            row.addWidget(button)
        foot.addWidget(self.state, 1)
        foot.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(told)
        column.addLayout(row)
        column.addLayout(foot)
        facade.progress.connect(self._progress)
        facade.finished.connect(self._finished)
        facade.failed.connect(self._failed)
        self.finished.connect(lambda _: facade.cancel(self._job))
        self._job = facade.submit(PreviewPredictions(source), self.tr("Preview what a model predicts"))

    def _answer(self, kind: str) -> None:
        self.accept()
        self.answered.emit(kind)

    def _progress(self, event: Progress) -> None:
        if event.job == self._job:
            painting = event.stage == "painting"
            self.state.setText(self.tr("Painting previews…") if painting else self.tr("Loading the model…"))

    def _finished(self, event: Finished) -> None:
        if event.job != self._job or not isinstance(event.result, PredictionPreviews):
            return
        for kind, picture in event.result.pictures.items():
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(to_qimage(picture)).scaled(2 * PICTURE, 2 * PICTURE, keep, smooth)
            self.buttons[kind].setIcon(QIcon(pixmap))
        self.state.setText(self.tr("The same words and noise, each way."))

    def _failed(self, event: Failed) -> None:
        if event.job == self._job:
            self.state.setText(message_text(event.message))


def _picture_button(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    empty = QPixmap(PICTURE, PICTURE)
    empty.fill(Qt.GlobalColor.transparent)
    button.setIcon(QIcon(empty))
    button.setIconSize(QSize(PICTURE, PICTURE))
    return button
