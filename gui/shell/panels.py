"""The docks and the tool bar: where they are at first, how a layout is kept and brought back."""

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QToolBar, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.actions.tool_table import TOOLS
from gui.look.icons import SIZE
from gui.look.theme import UNIT, Theme
from gui.shell.dock_titles import DockTitles
from gui.state.colours import Colours
from gui.widgets.buttons import action_button
from gui.widgets.colour_pair import ColourPair
from gui.widgets.tool_grid import SIDE, ToolGrid

LAYOUT_VERSION = 3
DOCK_WIDTH = 296


class Panels(QObject):
    """What lies around the middle of the window, as the artist arranged it."""

    def __init__(self, window: QMainWindow, theme: Theme, actions: Actions, colours: Colours) -> None:
        super().__init__(window)
        self._window = window
        self.docks: list[QDockWidget] = []
        options = QMainWindow.DockOption
        window.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks | options.GroupedDragging)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.pair = ColourPair(theme, colours)
        self.tool_bar = self._build_tool_bar(actions)

    def fill(
        self,
        turns: QWidget,
        layers: QWidget,
        queue: QWidget,
        mask: QWidget,
        colour: QWidget,
        steps: QWidget,
        navigator: QWidget,
    ) -> None:
        """Put each panel into a dock."""
        self.docks = [
            self._dock("turns", self.tr("Turns"), turns),
            self._dock("layers", self.tr("Layers"), layers),
            self._dock("queue", self.tr("Queue"), queue),
            self._dock("mask", self.tr("Mask"), mask),
            self._dock("colour", self.tr("Colour"), colour),
            self._dock("steps", self.tr("Undo history"), steps),
            self._dock("navigator", self.tr("Navigator"), navigator),
        ]
        self._arrange()
        self._titles = DockTitles(self._window, self.docks)
        self._first = self.layout

    @property
    def layout(self) -> QByteArray:
        """Where everything is now."""
        return self._window.saveState(LAYOUT_VERSION)

    def bring_back(self, layout: QByteArray) -> None:
        """A layout that was kept; where it does not fit, that of the first start stays."""
        self._window.restoreState(layout, LAYOUT_VERSION)

    def reset(self) -> None:
        """Docks and tool bar back where they were at first."""
        self._window.restoreState(self._first, LAYOUT_VERSION)
        self._size()

    def _arrange(self) -> None:
        """The docks where they are at first."""
        for dock in self.docks:
            dock.setFloating(False)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.show()
        turns, layers, queue, mask, colour, steps, navigator = self.docks
        self._window.tabifyDockWidget(turns, queue)
        self._window.tabifyDockWidget(queue, colour)
        self._window.tabifyDockWidget(layers, mask)
        self._window.tabifyDockWidget(mask, steps)
        self._window.tabifyDockWidget(colour, navigator)
        for dock in (steps, navigator):  # for those who ask for them: tabs have little room
            dock.hide()
        for dock in (turns, layers):
            dock.raise_()
        self._size()

    def _size(self) -> None:
        turns, layers, *_ = self.docks
        self._window.resizeDocks([turns, layers], [DOCK_WIDTH] * 2, Qt.Orientation.Horizontal)
        self._window.resizeDocks([turns, layers], [320, 320], Qt.Orientation.Vertical)

    def show_canvas_only(self, only: bool) -> None:
        """Hide docks and tool bar; the layout comes back as it was."""
        if only:
            self._full = self.layout
            for part in (*self.docks, self.tool_bar):
                part.hide()
        else:
            self._window.restoreState(self._full, LAYOUT_VERSION)

    def show_colour(self) -> None:
        """The dock of colours, in front of those that share its place."""
        dock = self.docks[4]
        dock.show()
        dock.raise_()

    def name_queue(self, count: int) -> None:
        """The queue's tab says how much there is to do."""
        self.docks[2].setWindowTitle(
            self.tr("Queue · {count}").format(count=count) if count else self.tr("Queue")
        )

    def _build_tool_bar(self, actions: Actions) -> QToolBar:
        bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("tools")
        bar.setIconSize(QSize(SIZE, SIZE))
        bar.setMovable(False)
        tools = [action_button(actions[spec.id]) for spec in TOOLS if spec.group == "tool"]
        live = action_button(actions["live"])
        live.setFixedSize(SIDE, SIDE)
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(self.pair)
        column.addWidget(live)
        self.tools = ToolGrid(tools, foot)
        bar.addWidget(self.tools)
        self._window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
        return bar

    def _dock(self, name: str, title: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(content)
        dock.toggleViewAction().triggered.connect(lambda: dock.raise_())  # before those of its place
        return dock
