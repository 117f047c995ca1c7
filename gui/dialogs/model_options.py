"""How a model is read: with which autoencoder, and from which layer of its text encoder."""

from dataclasses import replace
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from editor_core.base.settings import Settings
from gui.look.theme import FIELD_HEIGHT, UNIT, Theme
from gui.texts.marks import as_label, as_tip
from gui.widgets.buttons import IconButton
from gui.widgets.plain_label import PlainLabel

MAX_SKIPPED_LAYERS = 12


class ModelOptions(QWidget):
    """Signals:
    chosen: Settings with another autoencoder or layer. Main thread.
    """

    chosen = Signal(Settings)

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.vae_button = QPushButton()
        self.own_button = IconButton(theme, "close", self.tr("Use the model's own autoencoder again"))
        self.skip = QSpinBox()
        self.skip.setRange(1, MAX_SKIPPED_LAYERS)
        self.skip.setKeyboardTracking(False)
        self.skip.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.skip.setFixedSize(60, FIELD_HEIGHT)
        self.skip.setAccessibleName(self.tr("CLIP skip"))
        tip = self.tr(
            "The layer of the text encoder, counted from its end, that the words are read from; many models for "
            "drawings want 2"
        )
        self.skip.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        for widget in (_muted(self.tr("VAE")), self.vae_button, self.own_button):
            row.addWidget(widget)
        row.addSpacing(2 * UNIT)
        row.addWidget(_muted(self.tr("CLIP skip")))
        row.addWidget(self.skip)
        row.addStretch(1)
        self.show_settings(settings)
        self.vae_button.clicked.connect(self._choose)
        self.own_button.clicked.connect(lambda: self.use_vae(""))
        self.skip.valueChanged.connect(lambda value: self._change(replace(self._settings, clip_skip=value)))

    def show_settings(self, settings: Settings) -> None:
        """Without telling anybody."""
        self._settings = settings
        name = PurePath(settings.vae).name if settings.vae else self.tr("The model's own")
        self.vae_button.setText(as_label(name))
        self.vae_button.setToolTip(
            as_tip(settings.vae) if settings.vae else self.tr("Choose another autoencoder")
        )
        self.own_button.setVisible(bool(settings.vae))
        self.skip.blockSignals(True)
        self.skip.setValue(settings.clip_skip)
        self.skip.blockSignals(False)

    def use_vae(self, file: str) -> None:
        """A file or folder; empty is the model's own."""
        self._change(replace(self._settings, vae=file))

    def _change(self, settings: Settings) -> None:
        self.show_settings(settings)
        self.chosen.emit(settings)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Autoencoder (VAE)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Autoencoders (*.safetensors)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.use_vae)
        dialog.open()


def _muted(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("muted", True)
    return label
