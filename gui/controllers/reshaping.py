"""The menu “Image” and new blank canvases: each change of the canvas makes one undo entry."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.document.document import PICTURE_NAME, Document
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import PictureLayer
from editor_core.document.reshaping.changes import Change, Crop, Turned
from editor_core.document.reshaping.outpainting import with_mask
from editor_core.document.reshaping.reshape import content_bounds, flattened, reshape
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.undo import Command
from editor_core.messages.events import ModelInfo
from gui.actions.actions import Actions
from gui.controllers.files import Files
from gui.controllers.toolbox import Toolbox
from gui.dialogs import ask
from gui.dialogs.canvas_size import CanvasBefore, CanvasSizeDialog
from gui.dialogs.new_canvas import BlankCanvas, NewCanvasDialog
from gui.dialogs.scale_image import ScaleDialog
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

OVERLAP = 8  # pixels of the old picture that are repainted with a new area
OF_DOCUMENT = (
    "canvas_size",
    "trim",
    "scale_image",
    "rotate_image_right",
    "rotate_image_left",
    "rotate_image_half",
    "flip_image_across",
    "flip_image_down",
    "flatten",
)


class Reshaping(QObject):
    """Connects the actions.

    Signals:
        extended: There is a new area to be painted. Main thread.
    """

    extended = Signal()

    def __init__(
        self, window: QWidget, actions: Actions, document: DocumentVM, toolbox: Toolbox, files: Files
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._vm = window, actions, document
        self._toolbox, self._files = toolbox, files
        self._grid, self._model_size = 1, (512, 512)
        self._last: BlankCanvas | None = None
        self.is_judging: Callable[[], bool] = lambda: (
            False
        )  # whether results wait, which fit this canvas only
        turned: dict[str, tuple[Change, str]] = {
            "rotate_image_right": (Turned(1), "Rotate image"),
            "rotate_image_left": (Turned(3), "Rotate image"),
            "rotate_image_half": (Turned(2), "Rotate image"),
            "flip_image_across": (Turned(0, mirrored=True), "Flip image"),
            "flip_image_down": (Turned(2, mirrored=True), "Flip image"),
        }
        slots: dict[str, Callable[[], object]] = {
            "new_canvas": lambda: spawn(self._new()),
            "canvas_size": lambda: spawn(self._ask_size()),
            "scale_image": lambda: spawn(self._ask_scale()),
            "crop_selection": self._crop_to_selection,
            "trim": self._trim,
            "flatten": lambda: spawn(self._flatten()),
            **{name: partial(self.change, *what) for name, what in turned.items()},
        }
        for name, slot in slots.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        toolbox.crop.box.apply = self._crop_to_box
        for signal in (document.replaced, document.selection_changed):
            signal.connect(self._show_state)
        self._show_state()

    def set_model(self, info: ModelInfo) -> None:
        """What the model paints without padding, and the size it paints best."""
        self._grid, self._model_size = info.grid, (info.default_width, info.default_height)

    def change(self, change: Change, text: str) -> None:
        """Change the canvas and all that is on it."""
        self._execute(partial(reshape, change=change, text=text))

    # -- a new canvas ---------------------------------------------------------------------------------------------

    async def _new(self) -> None:
        wanted = await NewCanvasDialog.ask(self._model_size, self._last, self._window)
        if wanted is None:
            return
        self._last = wanted
        try:
            document = Document.new_blank(wanted.width, wanted.height, wanted.colour)
        except EditorError as error:
            self._vm.problem.emit(message_text(error.message))
            return
        await self._vm.settled()
        self._files.adopt(document)

    # -- its size -------------------------------------------------------------------------------------------------

    async def _ask_size(self) -> None:
        document = self._vm.document
        if document is None:
            return
        colour = self._toolbox.colours.background
        before = CanvasBefore(document.width, document.height, self._grid, colour)
        crop = await CanvasSizeDialog.ask(before, self._window)
        if crop is None or document is not self._vm.document or crop.rect == document.rect:
            return
        if not crop.continues:
            self.change(crop, "Canvas size")
            return
        self._execute(partial(_extended, crop=crop, name=self.tr("Mask")), self.extended.emit)

    async def _ask_scale(self) -> None:
        document = self._vm.document
        if document is None:
            return
        scaled = await ScaleDialog.ask(document.width, document.height, self._window)
        if scaled is not None and document is self._vm.document:
            self.change(scaled, "Scale image")

    def _crop_to_selection(self) -> None:
        document = self._vm.document
        if document is not None and document.selection is not None:
            self._crop(document.selection.bounds.intersected(document.rect), "Crop")

    def _crop_to_box(self) -> None:
        box = self._toolbox.crop.box
        document = self._vm.document
        rect = EMPTY if document is None else box.rect.intersected(document.rect)
        box.set(EMPTY)
        self._crop(rect, "Crop")

    def _trim(self) -> None:
        self._execute(_trimmed)

    def _crop(self, rect: Rect, text: str) -> None:
        if not rect.is_empty:
            self.change(Crop(rect), text)

    async def _flatten(self) -> None:
        document = self._vm.document
        if document is None:
            return
        hidden = [layer for layer in document.layers if isinstance(layer, PictureLayer) and not layer.visible]
        if hidden and not await ask.yes_or_no(
            self._window,
            self.tr("Flatten"),
            self.tr("Hidden layers are deleted when the image is flattened."),
            self.tr("Undo brings them back."),
            self.tr("Flatten"),
            self.tr("Cancel"),
        ):
            return
        if document is self._vm.document:
            paint = self.tr("Paint")
            self._execute(partial(flattened, text="Flatten image", name=PICTURE_NAME, paint=paint))

    # -- inside ---------------------------------------------------------------------------------------------------

    def _execute(
        self, make: Callable[[DocumentSnapshot], Command | None], then: Callable[[], None] | None = None
    ) -> None:
        """Make the change that ``make`` gives, beside the window for a large picture; errors become sentences."""
        if self.is_judging():
            self._vm.problem.emit(self.tr("Apply or discard the result first, then change the canvas."))
            return
        self._vm.compute(partial(_or_error, make), partial(self._made, then))

    def _made(self, then: Callable[[], None] | None, made: Command | EditorError | None) -> None:
        if isinstance(made, EditorError):
            self._vm.problem.emit(message_text(made.message))
        elif made is not None and self._vm.execute(made) and then is not None:
            then()

    def _show_state(self) -> None:
        document = self._vm.document
        for name in OF_DOCUMENT:
            self._actions[name].setEnabled(document is not None)
        self._actions["crop_selection"].setEnabled(document is not None and document.selection is not None)


# What is computed beside the window: plain functions of the document as it was.


def _or_error(
    make: Callable[[DocumentSnapshot], Command | None], state: DocumentSnapshot
) -> Command | EditorError | None:
    try:
        return make(state)
    except EditorError as error:
        return error


def _extended(state: DocumentSnapshot, crop: Crop, name: str) -> Command:
    return with_mask(reshape(state, crop, "Canvas size"), state, crop, OVERLAP, name)


def _trimmed(state: DocumentSnapshot) -> Command | None:
    rect = content_bounds(state)
    return None if rect == state.rect else reshape(state, Crop(rect), "Trim")
