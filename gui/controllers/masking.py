"""Connects the found mask, its overlay, the mask dock, the words and the painted mask."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.base.settings import Settings
from editor_core.document import masks as shapes
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.undo import Command
from editor_core.project.image_io import read_fitted_mask, write_png
from editor_core.project.readable_formats import READABLE_SUFFIXES
from editor_core.workflow import mask_layers
from gui.controllers.mask_finder import MaskFinder
from gui.controllers.stage import Stage
from gui.dialogs import ask
from gui.docks.mask_panel import MaskPanel
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn


class Masking(QObject):
    """What an artist does with masks, apart from painting them.

    Signals:
        problem: A sentence about a file that could not be read or written. Main thread.
        settings_changed: The new Settings: masks are to be found otherwise. Main thread.
    """

    problem = Signal(str)
    settings_changed = Signal(Settings)

    def __init__(
        self, window: QWidget, document: DocumentVM, finder: MaskFinder, panel: MaskPanel, stage: Stage
    ) -> None:
        super().__init__(window)
        self._window, self._vm, self._finder, self._panel, self._stage = (
            window,
            document,
            finder,
            panel,
            stage,
        )
        finder.changed.connect(self._show_found)
        panel.applied.connect(self.apply)
        panel.discarded.connect(finder.forget)
        panel.modified.connect(self._modify)
        panel.inverted.connect(lambda: self._change(self.tr("Invert mask"), shapes.invert))
        panel.import_asked.connect(lambda: spawn(self._import()))
        panel.export_asked.connect(lambda: spawn(self._export()))
        panel.detection_changed.connect(self._change_detection)
        panel.opacity.connect(self._set_opacity)
        panel.colour.connect(self._set_colour)
        for signal in (document.replaced, document.layers_changed, document.mask_changed):
            signal.connect(self._show_state)

    def use_settings(self, settings: Settings) -> None:
        """Find masks as the settings say."""
        self._settings = settings
        self._panel.show_detection(settings.mask_preset, settings.mask_threshold)
        self._finder.parameters = search_parameters(settings)

    def apply(self) -> None:
        """Make the found mask the painted one, an undo entry; nothing where none is found."""
        document, found = self._vm.document, self._finder.found
        if document is not None and found is not None:
            self._finder.forget()
            text, name = self.tr("Use detected mask"), self.tr("Mask")
            self._vm.execute(mask_layers.replace_mask(document, found.mask, text, name))

    def point_at(self, word: str) -> None:
        """The pointer lies on a word of the sentence, or on none."""
        if self._stage.found.point_at(word):
            self._stage.canvas.update()

    def _show_found(self) -> None:
        self._stage.found.set_found(self._finder.found)
        self._stage.canvas.update()
        self._panel.show_found(self._finder.found)

    def _show_state(self) -> None:
        document = self._vm.document
        self._panel.allow(document=document is not None, masked=mask_layers.has_mask(document))

    def _set_opacity(self, opacity: float) -> None:
        self._stage.set_overlay_opacity(opacity)

    def _set_colour(self, colour: QColor) -> None:
        self._stage.set_overlay_colour(colour)

    def _change_detection(self) -> None:
        preset, threshold = self._panel.detection
        self.settings_changed.emit(replace(self._settings, mask_preset=preset, mask_threshold=threshold))
        self._finder.search_again()

    def _modify(self, how: str, width: int) -> None:
        change = {"grow": shapes.grow, "shrink": shapes.shrink, "feather": shapes.feather}[how]
        texts = {
            "grow": self.tr("Grow mask"),
            "shrink": self.tr("Shrink mask"),
            "feather": self.tr("Feather mask"),
        }
        self._change(texts[how], lambda mask: change(mask, width))

    def _change(self, text: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
        """Replace the painted mask by another made from it; one undo entry."""
        name = self.tr("Mask")
        self._vm.execute_made(lambda state: _changed(state, text, name, change))

    async def _import(self) -> None:
        endings = " ".join(f"*{ending}" for ending in READABLE_SUFFIXES)
        kinds = self.tr("Pictures ({endings})").format(endings=endings)
        path = await ask.file_to_open(self._window, self.tr("Import mask"), "", kinds)
        document = self._vm.document
        if path is None or document is None:
            return
        try:
            mask, told = await asyncio.to_thread(
                read_fitted_mask, Path(path), document.width, document.height
            )
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        if document is self._vm.document:
            self._vm.execute(
                mask_layers.replace_mask(document, mask, self.tr("Import mask"), self.tr("Mask"))
            )
        self.problem.emit(" ".join(map(message_text, told)))

    async def _export(self) -> None:
        document = self._vm.document
        mask = None if document is None else document.edit_mask()
        if mask is None:
            return
        kinds = self.tr("Pictures (*.png)")
        path = await ask.file_to_save(self._window, self.tr("Export mask"), "mask.png", kinds, "png")
        if path is not None:
            try:
                await asyncio.to_thread(write_png, path, mask)
                self.problem.emit("")
            except EditorError as error:
                self.problem.emit(message_text(error.message))


def search_parameters(settings: Settings) -> dict[str, Any]:
    """The recipe of the settings: the preset, and the numbers that are not its own."""
    numbers = {
        "strength": settings.mask_strength,
        "threshold": settings.mask_threshold,
        "similarity_high": settings.mask_similarity_high,
        "similarity_low": settings.mask_similarity_low,
        "rounds": settings.mask_rounds,
    }
    return {"preset": settings.mask_preset} | {name: value for name, value in numbers.items() if value}


def _changed(
    state: DocumentSnapshot, text: str, name: str, change: Callable[[np.ndarray], np.ndarray]
) -> Command:
    mask = state.edit_mask()
    if mask is None:
        mask = np.zeros((state.height, state.width), np.uint8)
    return mask_layers.replace_mask(state, change(mask), text, name)
