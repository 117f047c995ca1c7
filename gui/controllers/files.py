"""Opening and saving: the road between the window and files, off the main thread where it takes time."""

import asyncio
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.document.document import Document
from editor_core.document.layers import PixelLayer
from editor_core.document.notes import NO_NOTES, PictureNotes
from editor_core.project.documents import load_document
from editor_core.project.file_kinds import OPENABLE_SUFFIXES, PROJECT_SUFFIX, should_hold_layers
from editor_core.project.foreign_saves import new_layers
from editor_core.project.merging import take_turns
from editor_core.project.picture_reading import read_picture
from editor_core.project.project_file import (
    DamagedOriginalError,
    ProjectChangedError,
    load_project,
    save_project,
)
from editor_core.project.words.found import FoundWords
from editor_core.project.words.reading import words_in
from editor_core.workflow.opening import sampling_of
from gui.dialogs import ask
from gui.dialogs.describe import DescribeDialog
from gui.look.theme import Theme
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.open_documents import OpenDocuments

MODELS = (".safetensors",)


class Files(QObject):
    """The files of the open documents.

    Signals (main thread):
        path_changed: A document was saved under another name.
        picture_described: The words for a picture that was just opened, and how it says it was sampled: to be
            analysed.
        saved: A document is in its file.
        problem: A sentence; as everywhere, an empty one once the same work succeeded.
    """

    path_changed = Signal()
    picture_described = Signal(str, object)
    saved = Signal()
    problem = Signal(str)

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        document: DocumentVM,
        documents: OpenDocuments,
        state: WindowState,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._vm = document
        self._documents = documents
        self._state = state
        self._reading: set[Path] = set()

    @property
    def path(self) -> Path | None:
        """The project file of the shown document; None for one that was never saved."""
        return self._vm.shown.path

    @property
    def name(self) -> str:
        return self._vm.shown.name

    def adopt(self, document: Document, path: Path | None = None, source: Path | None = None) -> None:
        """Show a document that belongs to ``path``, or was made of ``source``, in a tab of its own."""
        self._documents.place(document, path, source)

    # -- opening --------------------------------------------------------------------------------------------------

    async def choose_and_open(self) -> None:
        endings = " ".join(f"*{ending}" for ending in OPENABLE_SUFFIXES)
        kinds = self.tr("Projects and pictures ({endings})").format(endings=endings)
        kinds += ";;" + self.tr("All files (*)")
        path = await ask.file_to_open(self._window, self.tr("Open"), self._state.folder, kinds)
        if path is not None:
            await self.open(path)

    async def open(self, path: Path) -> None:
        """Open a project or a picture in a tab of its own; one that is open already is shown."""
        await self._vm.settled()
        if (opened := self._documents.of_file(path)) is not None:
            self._documents.show(opened)
        elif path not in self._reading:
            self._reading.add(path)
            try:
                await self._open(path)
            except EditorError as error:
                self.problem.emit(message_text(error.message))
            finally:
                self._reading.remove(path)

    async def _open(self, path: Path) -> None:
        if not await asyncio.to_thread(should_hold_layers, path):
            await self._open_picture(path)
            return
        document = await asyncio.to_thread(lambda: _ready(load_document(path)))
        await self._vm.settled()
        is_project = path.suffix.lower() == PROJECT_SUFFIX
        self.adopt(document, path if is_project else None, None if is_project else path)
        self._state.remember_file(path)
        self._tell_reading(document)

    async def read_again(self, opened: OpenDocument) -> None:
        """Let the tab show its project file as that is now."""
        path = opened.path
        if path is None:
            return
        try:
            document = await asyncio.to_thread(lambda: _ready(load_document(path)))
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        opened.put(document, path)
        self._tell_reading(document)

    def _tell_reading(self, document: Document) -> None:
        if told := (*document.origin.told, *document.origin.lost):
            self.problem.emit(" ".join(map(message_text, told)))

    async def _open_picture(self, path: Path) -> None:
        read = await asyncio.to_thread(read_picture, path)
        await self._describe(read.pixels, await asyncio.to_thread(words_in, path), read.notes, path)
        if read.told:  # afterwards: what was said before is of the document before
            self.problem.emit(" ".join(map(message_text, read.told)))

    async def open_pixels(self, pixels: np.ndarray) -> None:
        """Open a picture that comes from no file, uint8 (H, W, 3 or 4)."""
        await self._describe(pixels)

    async def _describe(
        self,
        pixels: np.ndarray,
        found: FoundWords | None = None,
        notes: PictureNotes = NO_NOTES,
        source: Path | None = None,
    ) -> None:
        """Ask for the words; what the picture says itself is offered."""
        offered = "" if found is None else found.prompt
        words = await DescribeDialog.ask(self._theme, pixels, self._window, offered)
        if words is None:
            return
        document = await asyncio.to_thread(lambda: _ready(Document.new_from_picture(pixels)))
        document.notes = notes
        await self._vm.settled()
        self.adopt(document, source=source)
        if words:
            self.picture_described.emit(words, sampling_of(found))

    # -- saving ---------------------------------------------------------------------------------------------------

    async def save(self, opened: OpenDocument | None = None) -> bool:
        """Save under the known name, or ask for one; the shown document unless another is named.

        False if the document is not in a file afterwards.
        """
        opened = opened or self._vm.shown
        if opened.path is None:
            return await self.save_as(opened)
        return await self._save_to(opened, opened.path)

    async def save_as(self, opened: OpenDocument | None = None) -> bool:
        opened = opened or self._vm.shown
        proposal = str(opened.path or Path(self._state.folder) / self.proposed_name(PROJECT_SUFFIX, opened))
        kinds = self.tr("Palimpsest project (*{ending})").format(ending=PROJECT_SUFFIX)
        path = await ask.file_to_save(self._window, self.tr("Save as"), proposal, kinds, PROJECT_SUFFIX[1:])
        if path is None:
            return False
        if self._documents.of_file(path) not in (None, opened):
            sentence = self.tr("“{file}” is open in another tab. Close that first, or choose another name.")
            self.problem.emit(sentence.format(file=path.name))
            return False
        return await self._save_to(opened, path)

    async def _save_to(self, opened: OpenDocument, path: Path) -> bool:
        document = opened.document
        if document is None:
            return True
        if opened is self._vm.shown:
            await self._vm.settled()
        saved_state = document.undo_stack.last_change
        try:
            await asyncio.to_thread(save_project, document.snapshot(), path)
        except ProjectChangedError as error:
            taken = await self._take_turns(document, path, message_text(error.message))
            return taken and await self._save_to(opened, path)
        except DamagedOriginalError as error:
            self.problem.emit(message_text(error.message))
            return await self.save_as(opened)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return False
        if document is opened.document:
            opened.set_path(path)
            if document.undo_stack.last_change is saved_state:  # else there are newer changes already
                document.mark_saved()
            opened.saved.emit()
            self.path_changed.emit()
        self._state.remember_file(path)
        self.problem.emit("")
        self.saved.emit()
        return True

    async def _take_turns(self, document: Document, path: Path, problem: str) -> bool:
        """Whether the artist wants what another program saved meanwhile together with what is here."""
        try:
            theirs = await asyncio.to_thread(load_project, path)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return False
        if new_layers(document.layers, theirs.layers):
            both = await ask.yes_later_or_no(
                self._window,
                self.tr("Save"),
                problem,
                self.tr("It has new layers, too. They can be put on top of yours."),
                self.tr("Add its turns and layers"),
                self.tr("Cancel"),
                self.tr("Add its turns only"),
            )
        else:
            only = await ask.yes_or_no(
                self._window,
                self.tr("Save"),
                problem,
                self.tr("Its turns can be added to yours; layers are saved as they are here."),
                self.tr("Add its turns and save"),
                self.tr("Cancel"),
            )
            both = False if only else None
        if both is None:
            return False
        document.execute(take_turns(document, theirs, layers=both))
        return True

    def proposed_name(self, ending: str, opened: OpenDocument | None = None) -> str:
        """A file name from the file or the words."""
        opened = opened or self._vm.shown
        if opened.file is not None:
            return opened.file.stem + ending
        turn = None if opened.document is None else opened.document.history.current
        words = "" if turn is None else turn.prompt
        return (
            "".join(c for c in words if c.isalnum() or c in " -_").strip()[:60] or self.tr("Untitled")
        ) + ending


def _ready(document: Document) -> Document:
    """The document, as fast to look at from afar as from near."""
    for layer in document.layers.walk():
        if isinstance(layer, PixelLayer):
            layer.tiles.halved_ahead()
    return document
