"""The fill tool: the foreground colour over what looks alike."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from editor_core.document.fill import fill_mask
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.masks import bounds
from editor_core.document.paint import held_to, paint_over
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.undo import Command
from editor_core.workflow.targets import paint_layer, painted_on, painting_command
from gui.canvas.tool import Pointer, Tool
from gui.state.colours import Colour, Colours
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.viewmodels.document_vm import DocumentVM


class FillSettings(QObject):
    """What a fill takes for alike.

    Signals:
        changed: Any of it. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tolerance = 24  # 0..255
        self.contiguous = True

    def set(self, *, tolerance: int | None = None, contiguous: bool | None = None) -> None:
        """Change some of it."""
        self.tolerance = self.tolerance if tolerance is None else tolerance
        self.contiguous = self.contiguous if contiguous is None else contiguous
        self.changed.emit()


class FillTool(Tool):
    """Looks at the whole picture, paints on the layer the brush would paint on, inside the selection."""

    cursor = Qt.CursorShape.CrossCursor
    hint = QT_TRANSLATE_NOOP("hints", "Ctrl or Alt: pick a colour.")

    def __init__(self, document: DocumentVM, settings: FillSettings, colours: Colours) -> None:
        self.settings = settings
        self.colours = colours
        self.chosen_layer: str | None = None
        self.painted: Callable[[str], None] = lambda layer_id: None
        """Told on which layer it was painted."""
        self._vm = document

    def press(self, pointer: Pointer) -> None:
        document = self._vm.document
        x, y = int(pointer.x // 1), int(pointer.y // 1)
        if document is None or Rect(x, y, 1, 1).intersected(document.rect).is_empty:
            return
        self.colours.use()
        self._vm.compute(
            partial(
                filled,
                at=(x, y),
                tolerance=self.settings.tolerance,
                contiguous=self.settings.contiguous,
                colour=self.colours.foreground,
                chosen=self.chosen_layer,
                new_layer=QCoreApplication.translate("tools", "Paint"),
                text=QCoreApplication.translate("tools", "Fill"),
            ),
            self._paint,
        )

    def _paint(self, command: Command | None) -> None:
        if command is not None and self._vm.execute(command) and (layer := painted_on(command)) is not None:
            self.painted(layer)


def filled(
    document: DocumentSnapshot,
    *,
    at: tuple[int, int],
    tolerance: int,
    contiguous: bool,
    colour: Colour,
    chosen: str | None,
    new_layer: str,
    text: str,
) -> Command | None:
    """The undo entry ``text`` that fills from a pixel; None where nothing is selected of what it would fill.

    Runs on any thread: everything comes as an argument. Where the ``chosen`` layer cannot be painted on and no other
    can, it goes to a new one called ``new_layer``.
    """
    found = fill_mask(document.picture(), *at, tolerance, contiguous)
    rect = bounds(found)
    coverage = found[rect.slices_in(document.rect)][..., None]
    if document.selection is not None:
        coverage = held_to(coverage, document.selection.read(rect))
    if not coverage.any():
        return None
    layer = paint_layer(document, chosen) or RasterLayer(name=new_layer)
    keep_alpha = isinstance(layer, RasterLayer) and layer.lock_transparency
    combine = partial(paint_over, colour=colour, keep_alpha=keep_alpha)
    painted = layer.tiles.combined(rect.shifted(-layer.x, -layer.y), coverage, combine)
    return painting_command(document, layer, painted, text)
