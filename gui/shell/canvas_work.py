"""What is done to the canvas and its layers beside painting: the menus Image and Filter, adjustments, cutting."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from editor_core.messages.events import ModelInfo
from gui.actions.actions import Actions
from gui.controllers.adjusting import Adjusting
from gui.controllers.cutting import Cutting
from gui.controllers.editing import Editing
from gui.controllers.files import Files
from gui.controllers.reshaping import Reshaping
from gui.controllers.stage import Stage
from gui.controllers.toolbox import Toolbox
from gui.look.theme import Theme


class CanvasWork(QObject):
    """Puts its controllers together.

    Signals (main thread):
        added: Id of a new layer.
        extended: There is a new area to be painted.
    """

    added = Signal(str)
    extended = Signal()

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        actions: Actions,
        stage: Stage,
        toolbox: Toolbox,
        files: Files,
        editing: Editing,
    ) -> None:
        super().__init__(window)
        document = stage.document
        stage.follow(toolbox.floating)
        self._cutting = Cutting(window, actions, document, toolbox)
        self._adjusting = Adjusting(window, theme, actions, document, toolbox)
        self._reshaping = Reshaping(window, actions, document, toolbox, files)
        self._reshaping.is_judging = lambda: editing.candidate is not None or editing.waiting > 0
        self._reshaping.extended.connect(self.extended)
        for controller in (self._cutting, self._adjusting):
            controller.added.connect(self.added)
        toolbox.layer_chosen.connect(self._adjusting.refresh)

    def set_model(self, info: ModelInfo) -> None:
        """What the model paints without padding, and the size it paints best."""
        self._reshaping.set_model(info)
