"""Decides what the canvas shows: the document, a result on trial, the picture before, or one being made."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QColor

from editor_core.document.compositing import visible_layers
from editor_core.document.geometry import Rect
from editor_core.document.layers import Layer, LayerStack, MaskLayer
from editor_core.workflow.live import LiveWork
from gui.canvas.canvas import Canvas, View
from gui.canvas.ruled_canvas import RuledCanvas
from gui.canvas.sources import DocumentSource, blank_paper
from gui.canvas.tile_cache import ArraySource, PixelSource
from gui.controllers.editing import Editing
from gui.look.theme import Theme
from gui.overlays.context_window import ContextWindow, Window
from gui.overlays.grid import Grid
from gui.overlays.guides import GuideLines
from gui.overlays.heat import FoundOverlay
from gui.overlays.judging import JudgingFrame
from gui.overlays.live import LiveResults
from gui.overlays.mask import MaskOutline, MaskTint
from gui.overlays.preview import LivePreview
from gui.overlays.regions import RegionTints
from gui.overlays.selection import SelectionOutline
from gui.overlays.sketch import SketchOverlay
from gui.tools.floating import Floating
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.results import PendingJob

KeptView = tuple[View, LayerStack | None]  # how a document was looked at, and its layers then
MARCH_MS = 200  # between two moves of the selection's outline


class Stage(QObject):
    """The canvas with its overlays, following the document and the flow of a turn."""

    def __init__(
        self, theme: Theme, document: DocumentVM, editing: Editing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._vm = document
        self._editing = editing
        self._bound = document.shown
        self._before = False
        self._shows_changes = False
        self._shows_mask = True
        self._outlined: tuple[Layer, ...] = ()
        self._views: WeakKeyDictionary[OpenDocument, KeptView] = WeakKeyDictionary()  # of tabs not shown
        self._served: tuple[Layer, ...] = ()  # the mask layers of the edit that was applied last
        self.tint = MaskTint(theme)
        self.outline = MaskOutline(theme)
        self.rested = MaskOutline(theme)
        self.preview = LivePreview()
        self.frame = JudgingFrame(theme)
        self.window = ContextWindow(theme)
        self._running_window: Window | None = None
        self._running_region: np.ndarray | None = None
        self._watched: PendingJob | None = None
        self._floating: Floating | None = None
        self.sketch = SketchOverlay()
        self.live = LiveResults()
        self.regions = RegionTints()
        self.selection = SelectionOutline()
        self.found = FoundOverlay(theme)
        self.grid = Grid()
        self.guides = GuideLines()
        overlays = (
            self.preview, self.sketch, self.live, self.regions, self.tint, self.found, self.rested, self.outline,
            self.grid, self.guides, self.selection, self.window, self.frame,
        )  # fmt: skip
        self.canvas = Canvas(theme, overlays)
        self.ruled = RuledCanvas(theme, self.canvas)
        self.tint.later = self.sketch.later = self.regions.later = self.canvas.update
        self._march = QTimer(self)
        self._march.setInterval(MARCH_MS)
        self._march.timeout.connect(lambda: self.canvas.redraw_upright(self.selection.march()))
        self._connect()

    @property
    def document(self) -> DocumentVM:
        return self._vm

    def follow(self, floating: Floating) -> None:
        """While something floats, show what lies below it."""
        self._floating = floating
        floating.later = self.canvas.update
        floating.lifted_changed.connect(self._show)

    def rest(self) -> None:
        """Nothing moves any more: the window closes."""
        self._march.stop()

    def show_before(self, held: bool) -> None:
        """While held: the picture the shown turn or result was made from."""
        if held != self._before:
            self._before = held
            self._show()

    def show_overlay(self, shown: bool) -> None:
        """Whether the painted mask tints the picture."""
        self._shows_mask, self._served = shown, ()
        self._show()

    def limit_found(self, limited: bool) -> None:
        """Whether the artist has said where an edit goes, so that what the words were found at is not shown."""
        if limited != self.found.limited:
            self.found.limited = limited
            self.canvas.update()

    def let_mask_rest(self) -> None:
        """An edit was applied: its mask is outlined, so that the result is seen in its colours."""
        self._served = self._masks()
        self._show()

    def wake_mask(self) -> None:
        """The mask is worked on again: it tints the picture."""
        if self._served:
            self._served = ()
            self._show()

    def _outline_rested(self, masks: tuple[Layer, ...]) -> None:
        """Outline the mask that these layers are together; none of them, no outline."""
        document = self._vm.document
        if masks != self._outlined:
            self._outlined = masks
            self.rested.set_mask(document.edit_mask() if masks and document is not None else None)

    def _masks(self) -> tuple[Layer, ...]:
        """The mask layers as they are; layers never change, so equal tuples are equal masks."""
        document = self._vm.document
        layers = () if document is None else visible_layers(document.layers)
        return tuple(layer for layer in layers if isinstance(layer, MaskLayer))

    def set_overlay_opacity(self, opacity: float) -> None:
        self.tint.opacity = self.found.opacity = opacity
        self.canvas.update()

    def set_overlay_colour(self, colour: QColor) -> None:
        """Of the painted mask and of one that was found."""
        self.tint.set_colour(colour)
        self.found.set_colour(colour)
        self.canvas.update()

    def show_live(self, work: LiveWork | None, seen: LayerStack | None) -> None:
        """What Live made of the paint on these layers, over it."""
        self.live.show(work, self._vm.document, seen)
        self._show()

    def show_changes(self, shown: bool) -> None:
        """Whether what the shown turn or result changed is outlined."""
        self._shows_changes = shown
        self._outline()

    def _connect(self) -> None:
        self._vm.leaving.connect(self._leave)
        self._vm.replaced.connect(self._document_replaced)
        self._vm.size_changed.connect(self._size_changed)
        self._vm.pixels_changed.connect(self._pixels_changed)
        self._vm.mask_changed.connect(self._mask_changed)
        self._vm.selection_changed.connect(self._show_selection)
        self._vm.current_changed.connect(self._show)
        self._editing.running_changed.connect(self._running_changed)
        self._editing.preview.connect(self._take_preview)
        self._editing.window.connect(self._take_window)
        self._editing.region.connect(self._take_region)
        self._editing.candidates_changed.connect(self._show)
        self.canvas.held.connect(self.show_before)
        self.canvas.drawing_changed.connect(self._vm.hold)

    def _leave(self) -> None:
        """Another tab is about to be shown: what is begun on this one ends, and its view is kept."""
        self.canvas.let_go()
        document = self._vm.document
        self._views[self._vm.shown] = (self.canvas.put_aside(), None if document is None else document.layers)
        self._before, self._served = False, ()

    def _document_replaced(self) -> None:
        is_other = self._bound is not self._vm.shown
        self._bound = self._vm.shown
        self._read_anew()
        self._show_selection()
        self._show()
        if is_other:
            self._bring_view_back()
        self._editing.tell_again()

    def _bring_view_back(self) -> None:
        """Look as before; what was read then is still right where no layer is another one."""
        document = self._vm.document
        view, layers = self._views.pop(self._vm.shown, (None, None))
        if view is not None and (document is None or document.layers is not layers):
            view = replace(view, pixels=None)
        self.canvas.bring_back(view)

    def _size_changed(self) -> None:
        """Nothing that was drawn of the document before fits any more."""
        self._read_anew()
        self.canvas.show_source(None)
        self._show()

    def _read_anew(self) -> None:
        for overlay in (self.tint, self.sketch, self.regions):
            overlay.set_document(self._vm.document)

    def _show_selection(self) -> None:
        document = self._vm.document
        self.selection.set_selection(None if document is None else document.selection)
        self._let_march()

    def _let_march(self) -> None:
        """The outline only moves while there is one to be seen."""
        if self.selection.is_marching != self._march.isActive():
            (self._march.start if self.selection.is_marching else self._march.stop)()
        self.canvas.update()

    def _show(self) -> None:
        """Show what is due now; an unchanged document keeps its tiles."""
        self.frame.shown = self._editing.candidate is not None and not self._before
        judged = self._editing.candidate is not None
        self.preview.shown = self._watches
        self.frame.live = self.frame.live and self._watches
        self.tint.shown = self._shows_mask and not judged and not (self._watches and self.preview.has_region)
        self.regions.shown = self.tint.shown
        lifts_mask = self._floating is not None and self._floating.floats_mask
        self.tint.shown = self.tint.shown and not lifts_mask
        rests = self.tint.shown and bool(self._served) and self._served == self._masks()
        self.tint.shown = self.tint.shown and not rests
        self._outline_rested(self._served if rests else ())
        self.sketch.shown = not judged and not self._before
        self.live.shown = not judged and not self._before
        self.selection.shown = not judged
        self._let_march()
        self.found.shown = self._shows_mask and not self._before
        self.canvas.lock(judged or self._vm.document is None)
        if (source := self._due()) != self.canvas.source:
            self.canvas.show_source(source)
        self._outline()

    @property
    def _watches(self) -> bool:
        """Whether the picture that is shown is the one that is being changed."""
        running = self._editing.running
        if running is None or self._editing.candidate is not None:
            return False
        return running.parent is None or (self._vm.turn is not None and self._vm.turn.id == running.parent)

    def _due(self) -> PixelSource | None:
        document, candidate = self._vm.document, self._editing.candidate
        beginning = self._editing.beginning
        if document is None:
            return None if beginning is None else ArraySource(blank_paper(*(beginning.size or (512, 512))))
        if candidate is not None and not self._before:
            tried = self._editing.trial(candidate)
            # What was painted since lies above it; without that it is flattened already, older paint and all.
            return ArraySource(candidate.result.image) if tried is None else DocumentSource(tried)
        if (
            self._before
            and candidate is None
            and not self.live.has_results
            and self._vm.turn is not None
            and self._vm.turn.parent is not None
        ):
            return ArraySource(document.history[self._vm.turn.parent].image)
        if self._floating is not None and self._floating.below is not None and not self._before:
            return self._floating.below
        return DocumentSource(document)

    def _pixels_changed(self, rect: Rect) -> None:
        source = self.canvas.source
        if isinstance(source, DocumentSource) and source.document is self._vm.document:
            self.canvas.refresh(rect)
        else:
            self._show()

    def _mask_changed(self, rect: Rect) -> None:
        if self._served and self._served != self._masks():
            self.wake_mask()
        self.tint.invalidate(rect)
        self.sketch.invalidate(rect)
        self.regions.invalidate(rect)
        self.canvas.redraw(rect)

    def _running_changed(self) -> None:
        """Another job: its preview begins empty."""
        running = self._editing.running
        if running is None or running is not self._watched:
            self.frame.live = False
            self._running_window = self._running_region = None
        if running is None:
            self.preview.clear()
        elif running is not self._watched:
            self.preview.begin(whole=running.parent is None)
        self._watched = running
        self._show()
        self.canvas.update()

    def _take_preview(self, image: np.ndarray) -> None:
        self.preview.set_image(image)
        if self._watches:
            self.frame.live = True
            self.canvas.update()

    def _take_window(self, window: Window | None) -> None:
        self._running_window = window
        self._outline()

    def _take_region(self, mask: np.ndarray) -> None:
        self.preview.set_region(mask)
        self._running_region = mask
        if self._watches:
            self.tint.shown = False  # the outline says where; colours stay as they are
            self._outline()

    def _outline(self) -> None:
        """Outline what the result or turn changed, and frame what the model saw of a large picture, if that is wanted.

        A running job outlines its own region and frames its own window.
        """
        shown = self._vm.turn if self._editing.candidate is None else self._editing.candidate.result
        running, region = (self._running_window, self._running_region) if self._watches else (None, None)
        if region is not None and not self._before:
            self.outline.set_mask(region)
            self.window.window = running
        elif shown is None or self._before or not self._shows_changes:
            self.outline.set_mask(None)
            self.window.window = running
        else:
            self.outline.set_mask(shown.mask)
            self.window.window = running or shown.record.window
        self.canvas.update()
