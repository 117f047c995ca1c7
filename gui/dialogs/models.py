"""The models: the shipped one, those the artist added, all that lies in watched folders; downloads; LoRAs in use."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.errors import ModelError
from editor_core.base.settings import Settings
from editor_core.library.entry import Kind
from editor_core.library.scan import weights_in
from editor_core.models.available import ModelListing, available_models
from editor_core.models.embedded import NAME
from editor_core.models.lora_file import is_lora
from editor_core.models.remembered_predictions import remember
from gui.dialogs.ask import message_box
from gui.dialogs.download_list import DownloadList
from gui.dialogs.lora_list import LoraList
from gui.dialogs.model_list import ModelList, Row
from gui.dialogs.model_options import ModelOptions
from gui.dialogs.model_rows import kind_names, rows_of
from gui.dialogs.prediction import PredictionDialog
from gui.dialogs.watched_menu import WatchedFolders
from gui.look.theme import UNIT, Theme
from gui.texts.messages import message_text
from gui.widgets.buttons import IconButton
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel
from gui.worker.downloads import Downloads
from gui.worker.facade import EngineFacade
from gui.worker.library import Library


class ModelsDialog(Dialog):
    """Adding and removing models changes the list only, never their files.

    Signals:
        changed: Settings with other folders, another model or other parts to use. Main thread.
        reload: The model in use is read differently now. Main thread.
    """

    changed = Signal(Settings)
    reload = Signal()

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        library: Library,
        downloads: Downloads,
        facade: EngineFacade,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self._facade = facade
        self._settings = settings
        self._library = library
        self._listings: list[ModelListing] = []
        self._make_widgets(theme, downloads)
        self._lay_out()
        self._connect(downloads)
        self._inspect()
        self._show(settings.model)
        library.look(settings.library_folders)

    def _make_widgets(self, theme: Theme, downloads: Downloads) -> None:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Search names, tags, trigger words"))
        self.search.setAccessibleName(self.tr("Search"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Kind"))
        for kind, name in kind_names().items():
            self.kind.addItem(name, kind)
        self.folders = WatchedFolders(self._settings.library_folders)
        self.list = ModelList(theme)
        self.list.setAccessibleName(self.tr("Models"))
        self.note = PlainLabel()
        self.note.setProperty("muted", True)
        self.downloads = DownloadList(theme, downloads)
        self.loras = LoraList(theme, self._settings.loras)
        self.options = ModelOptions(theme, self._settings)
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
        self.close_button = QPushButton(self.tr("Close"))
        self.hint = PlainLabel(
            self.tr(
                "Stable Diffusion 1.x, 2.x and SDXL models, as .safetensors files or folders in the diffusers layout, "
                "and LoRAs. Nothing is downloaded unless you ask for it."
            )
        )
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)

    def _lay_out(self) -> None:
        finding, foot = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (finding, (self.search, self.kind, self.folders)),
            (foot, (self.add_file_button, self.add_button, self.remove_button, self.prediction_button)),
        ):
            row.setSpacing(UNIT)
            for widget in widgets:
                row.addWidget(widget)
        finding.setStretch(0, 1)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT + UNIT // 2)
        column.addWidget(self.hint)
        column.addLayout(finding)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.loras)
        column.addWidget(self.options)
        column.addWidget(self.downloads)
        column.addLayout(foot)
        self.resize(94 * UNIT, 84 * UNIT)

    def _connect(self, downloads: Downloads) -> None:
        self.search.textChanged.connect(lambda _: self._show_again())
        self.kind.currentIndexChanged.connect(lambda _: self._show_again())
        self.folders.chosen.connect(self._watch)
        self._library.changed.connect(self._show_again)
        downloads.finished.connect(self._downloaded)
        self.add_file_button.clicked.connect(self._choose_file)
        self.add_button.clicked.connect(self._choose_folder)
        self.remove_button.clicked.connect(self._remove)
        self.prediction_button.clicked.connect(lambda: self.ask_prediction())
        self.use_button.clicked.connect(self._use)
        self.list.itemDoubleClicked.connect(lambda _: self._use())
        self.list.currentRowChanged.connect(lambda _: self._refresh())
        self.loras.chosen.connect(lambda loras: self._change(replace(self._settings, loras=loras)))
        self.options.chosen.connect(self._change)
        self.close_button.clicked.connect(self.reject)
        find = QAction(self)
        find.setShortcut("Ctrl+F")
        find.triggered.connect(self.search.setFocus)
        self.addAction(find)

    @property
    def chosen(self) -> Row | None:
        return self.list.chosen

    def add_file(self, file: str) -> None:
        """List a model's file, or use a LoRA's."""
        if is_lora(Path(file)):
            self._add_lora(file)
        else:
            self._list(file)

    def add_folder(self, folder: str) -> None:
        """List a folder or file and say what it can do, or why it cannot be used; watch a folder of models."""
        path = Path(folder).expanduser()
        found = next(weights_in([path]), None)
        if path.is_dir() and found is not None and found[0] != path:
            self.folders.watch(folder)
        else:
            self._list(folder)

    def _list(self, place: str) -> None:
        if place and place not in self._settings.model_folders:
            self._change(replace(self._settings, model_folders=(*self._settings.model_folders, place)))
        self._inspect()
        self._show_kind(Kind.MODEL)
        self._show(place)

    def _add_lora(self, file: str) -> None:
        self.loras.add(file)
        self._show_again()

    def _watch(self, folders: tuple[str, ...]) -> None:
        self._change(replace(self._settings, library_folders=folders))
        self._library.look(folders)
        self._show_again()

    def _downloaded(self, path: str) -> None:
        """Look for it, and let it be chosen once it is there."""
        self._show_kind(None)
        self.search.setText(Path(path).stem)
        self._library.look(self._settings.library_folders)

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
        if (chosen := self.chosen) is None or not chosen.listed:
            return
        folders = tuple(folder for folder in self._settings.model_folders if folder != chosen.source)
        model = NAME if self._settings.model == chosen.source else self._settings.model
        self._change(replace(self._settings, model_folders=folders, model=model))
        self._inspect()
        self._show(model)

    def _use(self) -> None:
        chosen = self.chosen
        if chosen is None or chosen.wrong:
            return
        if chosen.kind is Kind.LORA:
            self._add_lora(chosen.source)
        elif chosen.kind is Kind.VAE:
            self._change(replace(self._settings, vae=chosen.source))
            self._show_again()
        elif chosen.kind is Kind.SEGMENTER:
            self._change(replace(self._settings, object_model=chosen.source))
            self._show_again()
        elif chosen.kind is Kind.MODEL:
            self._use_model(chosen)

    def _use_model(self, chosen: Row) -> None:
        listing = chosen.listing or available_models([chosen.source])[-1]
        if listing.prediction_is_sure or listing.prediction_is_answered:
            self._change(replace(self._settings, model=chosen.source))
            self._inspect()
            self._show(chosen.source)
        else:
            self.ask_prediction(use=True)

    def ask_prediction(self, use: bool = False) -> None:
        """Ask what the chosen model predicts, and remember it; then perhaps use the model."""
        if (chosen := self.chosen) is None:
            return
        dialog = self.prediction = PredictionDialog(self._facade, chosen.source, self)
        dialog.answered.connect(lambda kind: self._answer(chosen.source, kind, use))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

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
        self._inspect()
        self._show(source)

    def _change(self, settings: Settings) -> None:
        self._settings = settings
        self.options.show_settings(settings)
        self.changed.emit(settings)

    def _inspect(self) -> None:
        """Look at the models that were added, and at the one in use."""
        known = self._settings.model_folders
        in_library = any(entry.path == self._settings.model for entry in self._library.entries)
        if self._settings.model not in (NAME, *known) and not in_library:
            known = (*known, self._settings.model)
        self._listings = available_models(known)

    def _show_kind(self, kind: Kind | None) -> None:
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(list(kind_names()).index(kind))
        self.kind.blockSignals(False)

    def _show_again(self) -> None:
        self._show("" if self.chosen is None else self.chosen.source)

    def _show(self, chosen: str) -> None:
        library, kind = self._library, list(kind_names())[self.kind.currentIndex()]
        rows = rows_of(
            self._settings, self._listings, library.entries, library.digests, kind, self.search.text()
        )
        self.list.show_rows(rows, chosen)
        if library.scanning:
            self.note.setText(self.tr("Looking into the watched folders…"))
        elif not rows:
            self.note.setText(self.tr("Nothing of this kind is here."))
        else:
            self.note.clear()
        self.note.setVisible(bool(self.note.text()))
        self._refresh()

    def _refresh(self) -> None:
        chosen = self.chosen
        usable = {
            Kind.MODEL: self.tr("Use this model"),
            Kind.LORA: self.tr("Add this LoRA"),
            Kind.VAE: self.tr("Use this autoencoder"),
            Kind.SEGMENTER: self.tr("Select objects with this"),
        }
        kind = None if chosen is None else chosen.kind
        self.use_button.setText(usable.get(kind or Kind.MODEL, usable[Kind.MODEL]))
        self.use_button.setEnabled(
            chosen is not None and not chosen.wrong and not chosen.used and kind in usable
        )
        self.remove_button.setEnabled(chosen is not None and chosen.listed)
        listing = None if chosen is None else chosen.listing
        self.prediction_button.setVisible(listing is not None and not listing.prediction_is_said)
