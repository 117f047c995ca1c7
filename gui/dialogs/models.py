"""The models: the shipped one, and files and folders the artist added, what each can do; and the LoRAs in use."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.errors import ModelError
from editor_core.base.settings import Settings
from editor_core.models.available import ModelListing, available_models
from editor_core.models.embedded import NAME
from editor_core.models.lora_file import is_lora
from editor_core.models.remembered_predictions import remember
from gui.dialogs.ask import message_box
from gui.dialogs.lora_list import LoraList
from gui.dialogs.model_options import ModelOptions
from gui.look.theme import UNIT, Theme
from gui.texts.marks import as_tip
from gui.texts.messages import message_text
from gui.widgets.buttons import IconButton

ROW = 68  # pixels, at least


class ModelsDialog(QDialog):
    """Adding and removing models changes the list only, never their files.

    Signals:
        changed: Settings with other folders or another model to use. Main thread.
        reload: The model in use is read differently now. Main thread.
    """

    changed = Signal(Settings)
    reload = Signal()

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self._settings = settings
        self._listings: list[ModelListing] = []
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.loras = LoraList(theme, settings.loras)
        self.options = ModelOptions(theme, settings)
        self.add_file_button = QPushButton(self.tr("Add file…"))
        self.add_button = QPushButton(self.tr("Add folder…"))
        self.remove_button = IconButton(
            theme, "delete", self.tr("Remove the model from the list; its files are kept")
        )
        self.use_button = QPushButton(self.tr("Use this model"))
        self.use_button.setProperty("primary", True)
        self.prediction_button = QPushButton(self.tr("Prediction…"))
        self.prediction_button.setToolTip(
            self.tr("Say what the model predicts, noise or v, which its file does not say")
        )
        close = QPushButton(self.tr("Close"))
        hint = QLabel(
            self.tr(
                "You can add Stable Diffusion 1.x, 2.x or SDXL models: .safetensors files, or folders in the diffusers "
                "layout; and LoRAs, which change the model in use. Nothing is ever downloaded. With a T2I-Adapter in "
                "its folder or beside it, a model follows sketches."
            )
        )
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.add_file_button)
        foot.addWidget(self.add_button)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.prediction_button)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(hint)
        column.addWidget(self.list, 1)
        column.addWidget(self.loras)
        column.addWidget(self.options)
        column.addLayout(foot)
        self.resize(88 * UNIT, 70 * UNIT)
        self.add_file_button.clicked.connect(self._choose_file)
        self.add_button.clicked.connect(self._choose_folder)
        self.remove_button.clicked.connect(self._remove)
        self.prediction_button.clicked.connect(lambda: self.ask_prediction())
        self.use_button.clicked.connect(self._use)
        self.list.itemDoubleClicked.connect(lambda _: self._use())
        self.list.currentRowChanged.connect(lambda _: self._refresh())
        self.loras.chosen.connect(lambda loras: self._change(replace(self._settings, loras=loras)))
        self.options.chosen.connect(self._change)
        close.clicked.connect(self.reject)
        self._fill(settings.model)

    @property
    def chosen(self) -> ModelListing | None:
        row = self.list.currentRow()
        return self._listings[row] if 0 <= row < len(self._listings) else None

    def add_file(self, file: str) -> None:
        """List a model's file, or use a LoRA's."""
        if is_lora(Path(file)):
            self.loras.add(file)
        else:
            self.add_folder(file)

    def add_folder(self, folder: str) -> None:
        """List a folder or file and say what it can do, or why it cannot be used."""
        if folder and folder not in self._settings.model_folders:
            self._change(replace(self._settings, model_folders=(*self._settings.model_folders, folder)))
        self._fill(folder)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Model folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_folder)
        dialog.open()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Model file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models and LoRAs (*.safetensors)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    def _remove(self) -> None:
        if (chosen := self.chosen) is None or chosen.source == NAME:
            return
        folders = tuple(folder for folder in self._settings.model_folders if folder != chosen.source)
        model = NAME if self._settings.model == chosen.source else self._settings.model
        self._change(replace(self._settings, model_folders=folders, model=model))
        self._fill(model)

    def _use(self) -> None:
        chosen = self.chosen
        if chosen is None or chosen.problem is not None:
            return
        if chosen.prediction_is_sure or chosen.prediction_is_answered:
            self._change(replace(self._settings, model=chosen.source))
            self._fill(chosen.source)
        else:
            self.ask_prediction(use=True)

    def ask_prediction(self, use: bool = False) -> None:
        """Ask what the chosen model predicts, and remember it; then perhaps use the model."""
        if (chosen := self.chosen) is None:
            return
        box = self.box = message_box(self)
        box.setWindowTitle(self.tr("What does the model predict?"))
        box.setText(self.tr("{name} does not say what it predicts.").format(name=chosen.name))
        box.setInformativeText(
            self.tr(
                "Stable Diffusion 2 models for 768 pixels predict v, those for 512 pixels predict noise. With the "
                "wrong answer pictures are nothing but noise; you can change it here. It is remembered."
            )
        )
        for text, kind in ((self.tr("v"), "v_prediction"), (self.tr("Noise"), "epsilon")):
            button = box.addButton(text, QMessageBox.ButtonRole.AcceptRole)
            button.clicked.connect(partial(self._answer, chosen.source, kind, use))
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _answer(self, source: str, kind: str, use: bool) -> None:
        try:
            remember(Path(source).expanduser(), kind)
        except ModelError as error:
            message_box(self).warning(self, self.windowTitle(), message_text(error.message))
            return
        settings = replace(self._settings, model=source) if use else self._settings
        if settings == self._settings and source == settings.model:
            self.reload.emit()
        elif use:
            self._change(settings)
        self._fill(source)

    def _change(self, settings: Settings) -> None:
        self._settings = settings
        self.options.show_settings(settings)
        self.changed.emit(settings)

    def _fill(self, chosen: str) -> None:
        known = self._settings.model_folders
        if self._settings.model not in (NAME, *known):
            known = (*known, self._settings.model)
        self._listings = available_models(known)
        self.list.clear()
        for listing in self._listings:
            item = QListWidgetItem()
            row = self._row(listing)
            item.setSizeHint(QSize(0, max(ROW, row.heightForWidth(self.width() - 6 * UNIT))))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{listing.name}. {self._about(listing)}")
            self.list.addItem(item)
            self.list.setItemWidget(item, row)
        sources = [listing.source for listing in self._listings]
        self.list.setCurrentRow(sources.index(chosen) if chosen in sources else 0)
        self._refresh()

    def _row(self, listing: ModelListing) -> QWidget:
        used = listing.source == self._settings.model
        name = QLabel(self.tr("{name} · in use").format(name=listing.name) if used else listing.name)
        name.setProperty("heading", True)
        about, place = QLabel(self._about(listing)), QLabel(listing.folder)
        about.setProperty("problem_text" if listing.problem is not None else "muted", True)
        about.setWordWrap(True)
        place.setProperty("muted", True)
        place.setToolTip(as_tip(listing.folder))
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(UNIT, 6, UNIT, 6)
        column.setSpacing(2)
        for label in (name, about, place):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        return row

    def _about(self, listing: ModelListing) -> str:
        """What a model can do, or why it cannot be used."""
        if listing.problem is not None:
            return message_text(listing.problem)
        if listing.size is None or listing.capabilities is None:
            return ""
        able = [self.tr("{width} × {height} pixels").format(width=listing.size[0], height=listing.size[1])]
        if listing.source == NAME:
            able.append(self.tr("a small picture-book model, works offline"))
        able.append(
            self.tr("follows sketches") if listing.capabilities.adapter else self.tr("no sketch support")
        )
        if not listing.prediction_is_sure:
            predicts_v = listing.capabilities.prediction_type == "v_prediction"
            able.append(self.tr("predicts v") if predicts_v else self.tr("predicts noise"))
        if listing.capabilities.inpainting:
            able.append(self.tr("made for inpainting"))
        return " · ".join(able)

    def _refresh(self) -> None:
        chosen = self.chosen
        usable = chosen is not None and chosen.problem is None and chosen.source != self._settings.model
        self.use_button.setEnabled(usable)
        self.remove_button.setEnabled(chosen is not None and chosen.source != NAME)
        self.prediction_button.setVisible(chosen is not None and not chosen.prediction_is_sure)
