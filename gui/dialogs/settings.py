"""The settings, in groups; what is changed here holds from the next job on."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.settings import OBJECTS_AUTO, OBJECTS_OWN, Settings
from gui.dialogs.compute import ComputeForm
from gui.look.theme import FIELD_HEIGHT, UNIT, Theme
from gui.state.window_state import WindowState
from gui.texts.translation import LANGUAGES
from gui.widgets.buttons import IconButton
from gui.widgets.calm_wheel import scroll_past_fields
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

MAX_MB = 1 << 22


class SettingsDialog(Dialog):
    """Shows Settings and the window's own choices; nothing is changed before OK.

    Signals:
        changed: The new Settings. Main thread.
        token_chosen: The cluster's token, before that. Main thread.
    """

    changed = Signal(Settings)
    token_chosen = Signal(str)

    def __init__(
        self, theme: Theme, settings: Settings, state: WindowState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._theme, self._settings, self._state = theme, settings, state
        self.language = _choice(self.tr("Language"), {"system": self.tr("System"), **LANGUAGES})
        themes = {"system": self.tr("System"), "dark": self.tr("Dark"), "light": self.tr("Light")}
        self.appearance = _choice(self.tr("Appearance"), themes)
        places = {
            "top": self.tr("In a new layer on top"),
            "above": self.tr("In a new layer above the active one"),
            "replace": self.tr("Directly in the picture"),
        }
        self.placement = _choice(self.tr("Place results"), places)
        keys = {"both": self.tr("Ctrl or Alt"), "ctrl": self.tr("Ctrl"), "alt": self.tr("Alt")}
        self.second_keys = _choice(self.tr("Pick colours and subtract with"), keys)
        objects = {
            OBJECTS_AUTO: self.tr("A Segment Anything model, if there is one"),
            OBJECTS_OWN: self.tr("The model that paints"),
        }
        self.objects = _choice(self.tr("Select objects with"), objects)
        self.show_results = QCheckBox(self.tr("Show results when they arrive"))
        self.live_preview = QCheckBox(self.tr("Show a live preview while painting"))
        self.autosave = _number(self.tr("Save a recovery copy every"), 120, self.tr(" min"), self.tr("never"))
        devices = {"auto": self.tr("Automatic"), "cpu": self.tr("CPU")}
        devices |= {"cuda": self.tr("NVIDIA GPU"), "mps": self.tr("Apple GPU")}
        self.device = _choice(self.tr("Device"), devices)
        precisions = {"auto": self.tr("Automatic"), "float32": "float32", "bfloat16": "bfloat16"}
        self.precision = _choice(self.tr("Precision"), {**precisions, "float16": "float16"})
        self.card = _number(self.tr("GPU cache"), MAX_MB, " MB", self.tr("automatic"))
        self.memory = _number(self.tr("Memory cache"), MAX_MB, " MB", self.tr("automatic"))
        self.disk = _number(self.tr("Disk cache"), MAX_MB, " MB", self.tr("automatic"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Cache folder"))
        self.folder.setPlaceholderText(str(Settings().cache_path))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.answered_by(self.buttons.button(QDialogButtonBox.StandardButton.Ok))
        self._lay_out()
        self._show(settings)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def accept(self) -> None:
        """Take over what was chosen."""
        self._state.placement = self.placement.currentData()
        self._state.second_keys = self.second_keys.currentData()
        self._state.set_show_results(self.show_results.isChecked())
        chosen = replace(
            self._settings,
            language=self.language.currentData(),
            theme=self.appearance.currentData(),
            live_preview=self.live_preview.isChecked(),
            autosave_minutes=self.autosave.value(),
            device=self.device.currentData(),
            precision=self.precision.currentData(),
            object_model=self.objects.currentData(),
            device_cache_mb=self.card.value(),
            ram_cache_mb=self.memory.value(),
            disk_cache_mb=self.disk.value(),
            cache_folder=self.folder.text().strip(),
            compute_address=self.compute.chosen,
        )
        self.token_chosen.emit(self.compute.token.text().strip())
        self.changed.emit(chosen)
        super().accept()

    def _show(self, settings: Settings) -> None:
        for box, value in (
            (self.language, settings.language),
            (self.appearance, settings.theme),
            (self.placement, self._state.placement),
            (self.second_keys, self._state.second_keys),
            (self.device, settings.device),
            (self.precision, settings.precision),
            (self.objects, settings.object_model),
        ):
            if box.findData(value) < 0:  # such as cuda:1, written by hand, or a folder
                box.addItem(Path(value).name, value)
            box.setCurrentIndex(box.findData(value))
        self.show_results.setChecked(self._state.show_results)
        self.live_preview.setChecked(settings.live_preview)
        self.autosave.setValue(settings.autosave_minutes)
        self.card.setValue(settings.device_cache_mb)
        self.memory.setValue(settings.ram_cache_mb)
        self.disk.setValue(settings.disk_cache_mb)
        self.folder.setText(settings.cache_folder)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("panel", True)
        form = QFormLayout(page)
        form.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_heading(self.tr("Appearance")))
        form.addRow(self.tr("Language"), self.language)
        form.addRow("", _muted(self.tr("The language changes after a restart.")))
        form.addRow(self.tr("Theme"), self.appearance)
        form.addRow(_heading(self.tr("Tools")))
        form.addRow(self.tr("Pick colours and subtract with"), self.second_keys)
        form.addRow("", _muted(self.tr("Choose another key where the window manager takes this one.")))
        form.addRow(self.tr("Select objects with"), self.objects)
        form.addRow("", _muted(self.tr("Choose one under Models; it is downloaded there, too.")))
        form.addRow(_heading(self.tr("Results")))
        form.addRow(self.tr("Place results"), self.placement)
        form.addRow("", self.show_results)
        form.addRow("", self.live_preview)
        form.addRow(_heading(self.tr("Recovery")))
        form.addRow(self.tr("Save a copy every"), self.autosave)
        form.addRow(_heading(self.tr("Memory")))
        form.addRow(self.tr("Device"), self.device)
        form.addRow(self.tr("Precision"), self.precision)
        form.addRow(self.tr("GPU cache"), self.card)
        form.addRow(self.tr("Memory cache"), self.memory)
        form.addRow(self.tr("Disk cache"), self.disk)
        form.addRow(self.tr("Folder"), self._folder_row())
        form.addRow(_heading(self.tr("Compute")))
        self.compute = ComputeForm(form, self._settings.compute_address, self)
        area = QScrollArea()
        area.setWidget(page)
        scroll_past_fields(area)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(page.sizeHint().width() + 2 * UNIT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(2 * UNIT, 0, 2 * UNIT, 0)
        foot.addWidget(self.buttons)
        column.addLayout(foot)
        self.resize(66 * UNIT, page.sizeHint().height() + self.buttons.sizeHint().height() + 4 * UNIT)

    def _folder_row(self) -> QWidget:
        browse = IconButton(self._theme, "open", self.tr("Choose a folder"))
        browse.clicked.connect(self._choose_folder)
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.folder, 1)
        inside.addWidget(browse)
        return row

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Cache folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


def _choice(name: str, values: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, text in values.items():
        box.addItem(text, value)
    return box


def _number(name: str, most: int, suffix: str, nothing: str) -> QSpinBox:
    """A whole number of which 0 has a meaning of its own."""
    field = QSpinBox()
    field.setAccessibleName(name)
    field.setRange(0, most)
    field.setSuffix(suffix)
    field.setSpecialValueText(nothing)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setFixedSize(12 * UNIT, FIELD_HEIGHT)
    return field


def _heading(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("heading", True)
    label.setContentsMargins(0, UNIT, 0, 0)
    return label


def _muted(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("muted", True)
    return label
