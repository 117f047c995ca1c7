"""The magic wand: a click selects what looks alike, by the fill tool's own rule."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from editor_core.document import selection as selecting
from editor_core.document.commands import Select
from editor_core.document.fill import fill_mask
from editor_core.document.geometry import Rect
from editor_core.document.selection import Combine, Shape
from editor_core.document.snapshot import DocumentSnapshot
from gui.canvas.tool import Pointer
from gui.tools.fill import FillSettings
from gui.tools.select import SelectSettings, SelectTool
from gui.viewmodels.document_vm import DocumentVM


class WandTool(SelectTool):
    """Looks at the whole picture; what it finds joins the selection as one undo entry."""

    def __init__(self, document: DocumentVM, settings: SelectSettings, alike: FillSettings) -> None:
        super().__init__(document, settings)
        self.alike = alike

    def press(self, pointer: Pointer) -> None:
        document = self._vm.document
        x, y = int(pointer.x // 1), int(pointer.y // 1)
        if document is None or Rect(x, y, 1, 1).intersected(document.rect).is_empty:
            return
        self._vm.execute_made(
            partial(
                touched,
                at=(x, y),
                tolerance=self.alike.tolerance,
                contiguous=self.alike.contiguous,
                feather=self.settings.feather,
                how=self.settings.combine_with(pointer),
                text=QCoreApplication.translate("tools", "Select"),
                nothing=QCoreApplication.translate("tools", "Deselect"),
            )
        )


def touched(
    document: DocumentSnapshot,
    *,
    at: tuple[int, int],
    tolerance: int,
    contiguous: bool,
    feather: int,
    how: Combine,
    text: str,
    nothing: str,
) -> Select | None:
    """The undo entry that selects from a pixel: ``text``, or ``nothing`` where no selection is left.

    Runs on any thread: everything comes as an argument.
    """
    found = Shape(fill_mask(document.picture(), *at, tolerance, contiguous), document.rect)
    joined = selecting.combined(document.selection, selecting.softened(found, feather), how, document.rect)
    return None if joined is document.selection else Select(joined, nothing if joined is None else text)
