"""Aids for a Redraw: the picture's edges as a sketch, the mask a sketch asks for, the picture before fusion."""

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from editor_core.base.errors import EditorError
from editor_core.document.commands import AddLayer
from editor_core.document.layers import SketchLayer
from editor_core.document.tiles import Tiles
from editor_core.workflow import mask_layers, sketch_layers
from gui.actions.actions import Actions
from gui.controllers.editing import Editing
from gui.dialogs.picture import PictureDialog
from gui.look.theme import Theme
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

FAINT = 0.5  # opacity of a traced layer on the canvas; the engine sees its lines in full


class Drawing(QObject):
    """Carries out the actions "trace_edges", "mask_from_sketch" and "show_intermediate".

    Signals:
        problem: A sentence. Main thread.
    """

    problem = Signal(str)

    def __init__(
        self, window: QMainWindow, theme: Theme, actions: Actions, document: DocumentVM, editing: Editing
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._actions = window, theme, actions
        self._vm, self._editing = document, editing
        actions["trace_edges"].triggered.connect(lambda: spawn(self._trace()))
        actions["mask_from_sketch"].triggered.connect(self.mask_from_sketch)
        actions["show_intermediate"].triggered.connect(self._show_intermediate)
        document.replaced.connect(self.refresh)
        document.layers_changed.connect(self.refresh)
        document.mask_changed.connect(self.refresh)
        document.current_changed.connect(self.refresh)
        editing.candidates_changed.connect(self.refresh)
        self.refresh()

    @property
    def intermediate(self) -> np.ndarray | None:
        """Of the result on trial, or else of the shown turn: uint8 (H, W, 3)."""
        shown = self._vm.turn if self._editing.candidate is None else self._editing.candidate.result
        return None if shown is None else shown.latents.get("intermediate")

    def refresh(self) -> None:
        """Offer what can be done."""
        document = self._vm.document
        self._actions["trace_edges"].setEnabled(document is not None)
        self._actions["mask_from_sketch"].setEnabled(sketch_layers.has_sketch(document))
        self._actions["show_intermediate"].setEnabled(self.intermediate is not None)

    def add_strokes(self, strokes: np.ndarray) -> None:
        """A faint sketch layer with these strokes, uint8 (H, W), to draw over."""
        pixels = np.zeros((*strokes.shape, 4), np.uint8)
        pixels[..., 3] = strokes
        layer = SketchLayer(name=self.tr("Edges"), opacity=FAINT, tiles=Tiles.from_array(pixels))
        self._vm.execute(AddLayer(layer, text="Trace edges"))

    def mask_from_sketch(self) -> None:
        """Mark what the sketch would change."""
        from editor_core.pixels.drawing_aids import propose_region, strokes_of  # OpenCV, when it is needed

        document = self._vm.document
        sketch = None if document is None else sketch_layers.sketch_of(document)
        if document is None or sketch is None:
            return
        try:
            strokes = strokes_of(sketch, document.height, document.width)
            region = propose_region(self._picture(), strokes)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        self.problem.emit("")
        self._vm.execute(
            mask_layers.replace_mask(document, region, self.tr("Mask from sketch"), self.tr("Mask"))
        )

    async def _trace(self) -> None:
        from gui.dialogs.trace import TraceDialog  # OpenCV, when it is needed

        strokes = await TraceDialog.ask(self._picture(), self._window)
        if strokes is not None:
            self.add_strokes(strokes)

    def _picture(self) -> np.ndarray:
        assert self._vm.document is not None
        return self._vm.document.picture()

    def _show_intermediate(self) -> None:
        if (picture := self.intermediate) is not None:
            words = self.tr("What the sketch alone would give, before the texture of the picture is applied.")
            PictureDialog(self.tr("Intermediate image"), picture, words, self._window).open()
