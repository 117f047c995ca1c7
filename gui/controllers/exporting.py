"""Writing the picture for others: as it looks, with its layers, or a copy of the project."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.project.baked_copies import can_be_baked, shown_otherwise
from editor_core.project.colour_profiles import name_of
from editor_core.project.credentials import FORMATS as SIGNED
from editor_core.project.credentials import can_sign
from editor_core.project.image_io import write_image
from editor_core.project.layer_formats import LAYER_FORMATS, layer_format_of, required_layer_format
from editor_core.project.metadata import Provenance
from editor_core.project.picture_formats import FORMATS, format_of
from editor_core.project.png import Pixels
from editor_core.workflow.exports import provenance_of, shown_picture
from gui.controllers.files import Files
from gui.dialogs import ask
from gui.dialogs.copy import CopyDialog
from gui.dialogs.export import ExportChoices, ExportDialog, Exported
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM


class Exporting(QObject):
    """Neither way changes the document or the file that it belongs to.

    Signals (main thread):
        done: A sentence: what was written.
        problem: A sentence.
    """

    done = Signal(str)
    problem = Signal(str)

    def __init__(self, window: QWidget, document: DocumentVM, files: Files, state: WindowState) -> None:
        super().__init__(window)
        self._window, self._vm, self._files, self._state = window, document, files, state
        self._choices: dict[str, ExportChoices] = {}  # as they were last, by the format's name

    async def export(self) -> None:
        """Write the picture as it looks; the name's ending decides how."""
        kinds = [(kind.name, kind.suffixes) for kind in FORMATS]
        path = await self._target(self.tr("Export picture"), ".png", kinds)
        if path is None:
            return
        if layer_format_of(path) is not None:
            await self._write_layers(path)
            return
        try:
            await self._write_picture(path)
        except EditorError as error:
            self.problem.emit(message_text(error.message))

    async def save_copy(self) -> None:
        """Write the layers for another program, or the whole project; the open one stays where it is."""
        kinds = [(kind.name, (kind.suffix,)) for kind in LAYER_FORMATS]
        path = await self._target(self.tr("Save a copy"), LAYER_FORMATS[0].suffix, kinds)
        if path is not None:
            await self._write_layers(path)

    async def _target(
        self, title: str, ending: str, kinds: Sequence[tuple[str, tuple[str, ...]]]
    ) -> Path | None:
        if self._vm.document is None:
            return None
        self._vm.settling.emit()
        proposal = str(Path(self._state.folder) / self._files.proposed_name(ending))
        filters = ";;".join(f"{name} ({' '.join(f'*{each}' for each in endings)})" for name, endings in kinds)
        return await ask.file_to_save(self._window, title, proposal, filters, ending[1:])

    async def _write_layers(self, path: Path) -> None:
        document = self._vm.document
        if document is None:
            return
        try:
            kind = required_layer_format(path)
            snapshot = document.snapshot()
            bake: bool | None = False
            if kind.for_others and can_be_baked(snapshot):
                modes = [layer.blend_mode for layer in shown_otherwise(snapshot)]
                bake = await CopyDialog.ask(kind.name, modes, self._window)
            if bake is not None:
                write = kind.write_baked if bake else kind.write
                left_out = await asyncio.to_thread(write, snapshot, path)
                self._tell(path, *map(message_text, left_out))
        except EditorError as error:
            self.problem.emit(message_text(error.message))

    async def _write_picture(self, path: Path) -> None:
        document = self._vm.document
        kind = format_of(path.suffix)
        if document is None:
            return
        pixels, said = await asyncio.to_thread(_seen, document.snapshot())
        exported = Exported(
            kind,
            transparent=pixels.shape[2] == 4,
            profile=name_of(said.notes.profile) if said.notes.profile and kind.has_profile else "",
            notes=bool(said.notes.exif or said.notes.xmp),
            words=bool(said.parameters or said.edit),
            can_be_signed=kind.name in SIGNED and can_sign(),
        )
        default = ExportChoices() if not kind.lossless else ExportChoices(quality=None)
        choices = await ExportDialog.ask(exported, self._choices.get(kind.name, default), self._window)
        if choices is None:
            return
        self._choices[kind.name] = choices
        write = partial(
            write_image,
            quality=choices.quality if kind.has_quality else None,
            matte=choices.matte,
            original_colours=choices.original_colours,
            sign=choices.sign,
        )
        await asyncio.to_thread(write, path, pixels, _wanted(said, choices))
        self._tell(path)

    def _tell(self, path: Path, *more: str) -> None:
        self.problem.emit("")
        self.done.emit(" ".join((self.tr("“{file}” was written.").format(file=path.name), *more)))


def _seen(snapshot: DocumentSnapshot) -> tuple[Pixels, Provenance]:
    return shown_picture(snapshot), provenance_of(snapshot)


def _wanted(said: Provenance, choices: ExportChoices) -> Provenance:
    if not choices.words:
        said = said.without_words()
    return said if choices.notes else said.without_notes()
