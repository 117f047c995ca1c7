"""Rulers and guides: dragged out of rulers, moved with the move tool, typed, locked, cleared."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QMainWindow

from editor_core.document.commands import SetGuides
from editor_core.document.guides import Guide, Guides
from gui.actions.actions import Actions
from gui.canvas.rulers import Ruler
from gui.controllers.stage import Stage
from gui.controllers.toolbox import Toolbox
from gui.dialogs.new_guide import NewGuideDialog
from gui.state.window_state import WindowState


class Guiding(QObject):
    """Connects their actions, the rulers and the lines over the picture."""

    def __init__(
        self, window: QMainWindow, actions: Actions, stage: Stage, toolbox: Toolbox, state: WindowState
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._stage, self._state = window, actions, stage, state
        self._vm, self._drag = stage.document, toolbox.guides
        self._drag.is_inside = self._is_inside
        self._drag.changed.connect(self._show)
        for ruler in stage.ruled.rulers:
            ruler.pulled.connect(partial(self._pull, ruler))
            ruler.let_go.connect(partial(self._let_go, ruler))
        for signal in (self._vm.guides_changed, self._vm.replaced):
            signal.connect(self._show)
        actions["show_rulers"].toggled.connect(self._show_rulers)
        actions["show_rulers"].setChecked(state.rulers)
        actions["show_guides"].setChecked(True)
        actions["show_guides"].toggled.connect(self._show)
        actions["lock_guides"].triggered.connect(self._lock)
        actions["clear_guides"].triggered.connect(self._clear)
        actions["new_guide"].triggered.connect(self._ask)
        self._show()

    def add(self, guide: Guide) -> None:
        """One more, seen from now on."""
        if (document := self._vm.document) is not None:
            self._vm.execute(SetGuides(document.guides.with_guide(guide), "Add guide"))
            self._actions["show_guides"].setChecked(True)

    def _show(self) -> None:
        document, lines, actions = self._vm.document, self._stage.guides, self._actions
        guides = Guides() if document is None else document.guides
        shown = actions["show_guides"].isChecked()
        dragged = self._drag.taken
        lines.guides = guides if dragged is None else guides.without(dragged)
        lines.dragged, lines.shown, self._drag.shown = self._drag.guide, shown, shown
        actions["lock_guides"].setChecked(guides.locked)
        actions["lock_guides"].setEnabled(document is not None)
        actions["new_guide"].setEnabled(document is not None)
        actions["clear_guides"].setEnabled(bool(guides))
        self._stage.canvas.update()

    def _show_rulers(self, shown: bool) -> None:
        self._stage.ruled.show_rulers(shown)
        self._state.rulers = shown

    def _lock(self, locked: bool) -> None:
        if (document := self._vm.document) is not None:
            text = "Lock guides" if locked else "Unlock guides"
            self._vm.execute(SetGuides(replace(document.guides, locked=locked), text))

    def _clear(self) -> None:
        if (document := self._vm.document) is not None and document.guides:
            self._vm.execute(SetGuides(Guides(locked=document.guides.locked), "Clear guides"))

    def _ask(self) -> None:
        document = self._vm.document
        if document is not None:
            dialog = NewGuideDialog(document.width, document.height, self._window)
            dialog.chosen.connect(self.add)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    # -- dragging out of rulers -----------------------------------------------------------------------------------

    def _pull(self, ruler: Ruler, position: QPointF) -> None:
        """The pointer left a ruler: over the canvas there is a guide along it."""
        scale = ruler.scale
        if scale is None or self._vm.document is None:
            return
        canvas = self._stage.canvas
        place = canvas.mapFromGlobal(ruler.mapToGlobal(position))
        x, y = canvas.viewport.to_image(*canvas.viewport.upright(place.x(), place.y()))
        self._drag.drag(not scale.along_x, x, y)

    def _let_go(self, ruler: Ruler, position: QPointF) -> None:
        self._pull(ruler, position)
        if self._drag.guide is not None:
            self._actions["show_guides"].setChecked(True)
        self._drag.drop()

    def _is_inside(self, x: float, y: float) -> bool:
        """Whether a point of the picture is on the canvas as it is seen."""
        view = self._stage.canvas.viewport
        left, top = view.rotated(*view.to_screen(x, y))
        return 0 <= left <= view.view_width and 0 <= top <= view.view_height
