"""What a painter has beside the canvas: colours, brushes, things found, texts, steps, navigator, guides, Live."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from gui.actions.actions import Actions
from gui.controllers.aids import Aids
from gui.controllers.brushes import Brushes
from gui.controllers.colouring import Colouring
from gui.controllers.editing import Editing
from gui.controllers.guiding import Guiding
from gui.controllers.live import Live
from gui.controllers.objects import Objects
from gui.controllers.stage import Stage
from gui.controllers.toolbox import Toolbox
from gui.controllers.writing import Writing
from gui.docks.colour import ColourPanel
from gui.docks.navigator import Navigator
from gui.docks.tool_options import ToolOptions
from gui.docks.undo_list import UndoList
from gui.look.theme import Theme
from gui.shell.panels import Panels
from gui.state.window_state import WindowState
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.facade import EngineFacade


@dataclass(frozen=True)
class PaintedWith:
    """What the parts work with."""

    facade: EngineFacade
    document: DocumentVM
    editing: Editing
    toolbox: Toolbox
    state: WindowState
    stage: Stage


class PaintingParts(QObject):
    """Makes these parts and connects them with each other."""

    def __init__(
        self,
        window: QMainWindow,
        theme: Theme,
        actions: Actions,
        parts: PaintedWith,
        options: ToolOptions,
        panels: Panels,
    ) -> None:
        super().__init__(window)
        self._panels = panels
        toolbox = parts.toolbox
        self.colours = ColourPanel(theme, toolbox.colours)
        self.colouring = Colouring(window, self.colours, parts.state)
        self.brushes = Brushes(window, toolbox, options.presets, parts.state)
        self.objects = Objects(window, parts.facade, actions, parts.document, parts.editing, toolbox)
        self.steps = UndoList(parts.document)
        self.navigator = Navigator(parts.document, parts.stage.canvas)
        self.aids = Aids(window, actions, parts.stage, parts.state)
        self.guiding = Guiding(window, actions, parts.stage, toolbox, parts.state)
        self.writing = Writing(window, parts.document, toolbox)
        self.live = Live(parts.facade, actions, parts.document, parts.editing, parts.stage, parts.state, self)
        panels.pair.asked.connect(self._mix)

    @property
    def docked(self) -> tuple[ColourPanel, UndoList, Navigator]:
        """What goes into docks."""
        return self.colours, self.steps, self.navigator

    def _mix(self, which: str) -> None:
        """A swatch of the tool bar was clicked."""
        self.colours.edit(which)
        self._panels.show_colour()
        self.colours.editor.wheel.setFocus()
