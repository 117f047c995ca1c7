"""Pictures from elsewhere, dropped or pasted: as a new picture, a layer, or a sketch; and copying out."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from editor_core.base.errors import EditorError, ModelError
from editor_core.document.commands import AddLayer, CompositeCommand
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect, check_canvas
from editor_core.document.layers import PixelLayer, RasterLayer, SketchLayer
from editor_core.document.paint import held_to
from editor_core.document.result_placement import MAX_NAME
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.document.undo import Command
from editor_core.models.weight_files import PICKLED
from editor_core.pixels.marks import drawn_on_paper, is_light_drawing
from editor_core.project.file_kinds import OPENABLE_SUFFIXES, should_hold_layers
from editor_core.project.picture_reading import ReadPicture, read_picture
from editor_core.project.readable_formats import READABLE_SUFFIXES
from gui.actions.actions import Actions
from gui.controllers.files import MODELS, Files
from gui.look.images import from_qimage, to_qimage
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

Place = tuple[float, float]  # picture pixels
PLACE = "application/x-palimpsest-place"  # on the clipboard: where in its picture a piece was, "x y"
PASTED, DROPPED = "Paste", "Add picture"  # the undo entries


class Incoming(QObject):
    """Takes pictures in and lets them out.

    Signals (main thread):
        added: Id of a new layer.
        model: A model's or LoRA's file was dropped.
        problem: A sentence about a picture that cannot be taken.
        notice: A sentence about why there is nothing to take.
    """

    added = Signal(str)
    model = Signal(Path)
    problem = Signal(str)
    notice = Signal(str)

    def __init__(self, window: QWidget, actions: Actions, document: DocumentVM, files: Files) -> None:
        super().__init__(window)
        self._window, self._vm, self._files = window, document, files
        actions["copy"].triggered.connect(self.copy)
        for name, take in (
            ("paste", self._add_layer),
            ("paste_sketch", self._add_sketch),
            ("paste_new", self._open),
        ):
            actions[name].triggered.connect(lambda _=False, take=take: spawn(self._paste(take)))
        document.replaced.connect(lambda: self._show_state(actions))
        self._show_state(actions)

    # -- dropped --------------------------------------------------------------------------------------------------

    def accepts(self, data: QMimeData) -> bool:
        """Whether there is a picture or a file in what is dragged; one that cannot be opened says so once dropped."""
        return data.hasImage() or _file_in(data) is not None

    def take_drop(self, data: QMimeData, spot: QPoint, place: Place | None) -> QMenu | None:
        """Open what was dropped; over an open document, ask at ``spot`` (global) what it shall become."""
        pictures = [path for path in _files_in(data) if path.suffix.lower() in READABLE_SUFFIXES]
        if len(pictures) > 1:
            return self._take_several(pictures, spot, place)
        path = _file_in(data)
        if path is not None and path.suffix.lower() in MODELS:
            self.model.emit(path)
            return None
        if path is not None and path.suffix.lower() in PICKLED:
            self._refuse(path)
            return None
        may_be_layer = path is None or path.suffix.lower() in OPENABLE_SUFFIXES
        if path is not None and (self._vm.document is None or not may_be_layer or should_hold_layers(path)):
            spawn(self._files.open(path))  # or says what can be opened
            return None
        image = QImage(data.imageData()) if path is None else None
        if self._vm.document is None:
            spawn(self._read_and(path, image, self._open))
            return None
        return self._ask(path, image, spot, place)

    def _refuse(self, model: Path) -> None:
        """Say why a model's file is none for this program, and what is."""
        from editor_core.models.inspection import inspect_model  # what it knows of models, when it is needed

        try:
            inspect_model(model)
        except ModelError as error:
            self.problem.emit(message_text(error.message))

    def _take_several(self, paths: Sequence[Path], spot: QPoint, place: Place | None) -> QMenu | None:
        """Pictures dropped together become layers, each its own; without a document, one of the first one's size."""
        if self._vm.document is None:
            spawn(self._add_several(paths, None))
            return None
        menu = self._menu()
        layers = menu.addAction(self.tr("As {count} new &layers").format(count=len(paths)))
        layers.triggered.connect(lambda: spawn(self._add_several(paths, place)))
        menu.addSeparator()
        menu.addAction(self.tr("Cancel"))
        menu.popup(spot)
        return menu

    def _menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _ask(self, path: Path | None, image: QImage | None, spot: QPoint, place: Place | None) -> QMenu:
        menu = self._menu()
        name = "" if path is None else path.stem[:MAX_NAME]
        choices: tuple[tuple[str, Take], ...] = (
            (self.tr("As a new &layer"), partial(self._add_layer, place=place, text=DROPPED, name=name)),
            (self.tr("As a &sketch"), partial(self._add_sketch, text=DROPPED)),
            (self.tr("As a new &picture"), self._open),
        )
        for text, take in choices:
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, take=take: spawn(self._read_and(path, image, take)))
        menu.addSeparator()
        menu.addAction(self.tr("Cancel"))
        menu.popup(spot)
        return menu

    # -- pasted and copied ----------------------------------------------------------------------------------------

    async def _paste(self, take: "Take") -> None:
        data = QGuiApplication.clipboard().mimeData() or QMimeData()  # none where nothing was ever copied
        path = None if data.hasImage() else _file_in(data)
        if path is not None and path.suffix.lower() in MODELS:
            self.model.emit(path)
        elif path is not None and should_hold_layers(path):
            await self._files.open(path)
        elif data.hasImage() or path is not None:
            if take == self._add_layer:
                take = partial(self._add_layer, corner=_place_in(data))
            await self._read_and(path, None if path else QGuiApplication.clipboard().image(), take)
        else:
            self._tell_none()

    def _tell_none(self) -> None:
        self.notice.emit(self.tr("There is no picture to paste. Copy one first."))

    def copy(self) -> None:
        """The picture as it looks, inside the selection, to the clipboard."""
        self._vm.compute(
            _seen, lambda seen: QGuiApplication.clipboard().setMimeData(_placed_image(seen[0], *seen[1][:2]))
        )

    # -- what becomes of it ---------------------------------------------------------------------------------------

    async def _read_and(self, path: Path | None, image: QImage | None, take: "Take") -> None:
        if path is None and (image is None or image.isNull()):  # another program said that there was one
            self._tell_none()
            return
        if path is not None and take == self._open:  # with all that the file says of itself
            await self._files.open(path)
            return
        try:
            read = await asyncio.to_thread(_read, path, image)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        if (coming := take(read.pixels)) is not None:
            await coming
        self.problem.emit(" ".join(map(message_text, read.told)))

    def _open(self, pixels: np.ndarray) -> Coroutine[None, None, None]:
        return self._files.open_pixels(pixels)

    def _add_layer(
        self,
        pixels: np.ndarray,
        place: Place | None = None,
        corner: tuple[int, int] | None = None,
        text: str = PASTED,
        name: str = "",
    ) -> Coroutine[None, None, None] | None:
        """In its own size, its middle at ``place`` or in the middle of the picture; or at the corner it had."""
        document = self._vm.document
        if document is None:
            return self._open(pixels)
        middle = place or (document.width / 2, document.height / 2)
        height, width = pixels.shape[:2]
        if corner is not None and not document.rect.intersected(Rect(*corner, width, height)).is_empty:
            middle = (corner[0] + width / 2, corner[1] + height / 2)
        return self._add(partial(_layer_of, pixels, middle, name or self.tr("Pasted layer")), text)

    async def _add_several(self, paths: Sequence[Path], place: Place | None) -> None:
        """A layer of every file that can be read, the first one lowest: one undo step."""
        read: list[tuple[str, np.ndarray]] = []
        for path in paths:
            try:
                picture = await asyncio.to_thread(read_picture, path)
                read.append((path.stem, picture.pixels))
            except EditorError as error:
                self.problem.emit(message_text(error.message))
        if len(read) == len(paths):
            self.problem.emit("")
        if read and self._vm.document is None:
            (_, lowest), *read = read
            self._files.adopt(await asyncio.to_thread(Document.new_from_picture, lowest))
        document = self._vm.document
        if document is None or not read:
            return
        middle = place or (document.width / 2, document.height / 2)
        layers = [
            await asyncio.to_thread(_layer_of, pixels, middle, name[:MAX_NAME]) for name, pixels in read
        ]
        command = CompositeCommand(DROPPED, [AddLayer(layer) for layer in layers])
        self._put_in(document, command, layers[-1])

    def _add_sketch(self, pixels: np.ndarray, text: str = PASTED) -> Coroutine[None, None, None] | None:
        """As large as the picture allows, for a sketch says where things are."""
        document = self._vm.document
        if document is None:
            return self._open(pixels)
        size, name = (document.width, document.height), self.tr("Sketch")
        return self._add(lambda: SketchLayer(name=name, tiles=_fitted(pixels, *size)), text)

    async def _add(self, make: Callable[[], PixelLayer], text: str) -> None:
        """Put a layer in, made off the main thread."""
        document = self._vm.document
        layer = await asyncio.to_thread(make)
        self._put_in(document, AddLayer(layer, text=text), layer)

    def _put_in(self, document: Document | None, command: Command, layer: PixelLayer) -> None:
        """A layer was made for a document, which need not be shown any more."""
        if self._vm.execute(command, document) and document is self._vm.document:
            self.added.emit(layer.id)

    def _show_state(self, actions: Actions) -> None:
        actions["copy"].setEnabled(self._vm.document is not None)
        actions["paste_sketch"].setEnabled(self._vm.document is not None)


Take = Callable[[np.ndarray], Coroutine[None, None, None] | None]


def _read(path: Path | None, image: QImage | None) -> ReadPicture:
    """A file, else an image. Raises ImageFileError, SizeError."""
    if path is not None:
        return read_picture(path)
    image = image or QImage()
    check_canvas(image.width(), image.height())
    return ReadPicture(from_qimage(image))


def placed_data(pixels: np.ndarray, x: int, y: int) -> QMimeData:
    """What goes to the clipboard of a piece of a picture: RGBA, and where it was, so that it is pasted there."""
    return _placed_image(to_qimage(pixels), x, y)


def _placed_image(image: QImage, x: int, y: int) -> QMimeData:
    data = QMimeData()
    data.setImageData(image)
    data.setData(PLACE, f"{x} {y}".encode())
    return data


def _place_in(data: QMimeData) -> tuple[int, int] | None:
    """Where a piece was in its picture, if that is told."""
    try:
        x, y = map(int, bytes(data.data(PLACE).data()).decode().split())
    except ValueError:
        return None
    return x, y


def _seen(document: DocumentSnapshot) -> tuple[QImage, Rect]:
    """The picture as it looks, inside the selection, and where that lies."""
    selection = document.selection
    rect = document.rect if selection is None else selection.bounds.intersected(document.rect)
    pixels = flatten(document.layers, rect)
    if selection is not None:
        pixels = np.dstack([pixels[..., :3], held_to(pixels[..., 3:], selection.read(rect))])
    return to_qimage(pixels), rect


def _files_in(data: QMimeData) -> list[Path]:
    """The files in the data."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _file_in(data: QMimeData) -> Path | None:
    return next(iter(_files_in(data)), None)


def _layer_of(pixels: np.ndarray, middle: Place, name: str) -> RasterLayer:
    """A picture in its own size as a layer, its middle at a place of the document."""
    height, width = pixels.shape[:2]
    left, top = round(middle[0] - width / 2), round(middle[1] - height / 2)
    return RasterLayer(name=name, tiles=Tiles.from_array(_rgba(pixels)).halved_ahead(), x=left, y=top)


def _rgba(pixels: np.ndarray) -> np.ndarray:
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def _fitted(pixels: np.ndarray, width: int, height: int) -> Tiles:
    """Scaled to touch the edges of a picture of that size from inside, in its middle."""
    smooth = Qt.TransformationMode.SmoothTransformation
    seen = drawn_on_paper(pixels) if is_light_drawing(pixels) else pixels
    image = to_qimage(seen).scaled(width, height, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    fitted = _rgba(from_qimage(image))
    return Tiles.from_array(fitted, (width - fitted.shape[1]) // 2, (height - fitted.shape[0]) // 2)
