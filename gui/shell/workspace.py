"""The middle of the window: tabs, tool options, canvas or welcome page, messages, prompt."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui.canvas.ruled_canvas import RuledCanvas
from gui.docks.prompt import PromptBar
from gui.docks.tool_options import ToolOptions
from gui.look.theme import UNIT
from gui.shell.compare import CompareView
from gui.shell.tabs import DocumentTabs
from gui.shell.welcome import WelcomePage
from gui.widgets.live_bar import LiveBar
from gui.widgets.message_bar import MessageBar
from gui.widgets.result_bar import ResultBar

MESSAGE_WIDTH = 90 * UNIT


class Workspace(QWidget):
    """Lays its parts out. Notices float over the head, results over the foot: neither moves the picture.

    An error stays, so it has its place above the picture, which makes room once no stroke is on its way.
    """

    def __init__(
        self,
        tabs: DocumentTabs,
        options: ToolOptions,
        ruled: RuledCanvas,
        welcome: WelcomePage,
        messages: MessageBar,
        result: ResultBar,
        prompt: PromptBar,
        compare: CompareView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tabs, self._options, self._ruled, self._welcome = tabs, options, ruled, welcome
        self._result, self._canvas = result, ruled.canvas
        canvas = ruled.canvas
        self.pages = QStackedWidget()
        self.pages.addWidget(welcome)
        self.pages.addWidget(ruled)
        self.pages.addWidget(compare)
        self._compare = compare
        self._messages = messages
        result.setParent(canvas)
        messages.setParent(self.pages)
        for widget in (self.pages, canvas, result, messages):
            widget.installEventFilter(self)
        canvas.drawing_changed.connect(self._place_messages)
        self._live: LiveBar | None = None
        self._has_picture = self._canvas_only = self._has_tabs = False
        tabs.hide()
        self._foot = foot = QFrame()
        foot.setProperty("panel", True)
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(prompt)
        options.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # never widens the window
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tabs)
        column.addWidget(options)
        column.addWidget(self.pages, 1)
        column.addWidget(foot)

    def hold_live(self, bar: LiveBar) -> None:
        """Let the bar of Live lie where results are judged; there is only one of both at a time."""
        self._live = bar
        bar.setParent(self._canvas)
        bar.installEventFilter(self)

    def show_canvas(self, shown: bool) -> None:
        """The canvas, or the welcome page where there is nothing to show."""
        self.pages.setCurrentWidget(self._ruled if shown else self._welcome)
        self._has_picture = shown
        self._show_bars()

    def show_canvas_only(self, only: bool) -> None:
        """Nothing above and below the canvas."""
        self._canvas_only = only
        self._ruled.show_canvas_only(only)
        self._show_bars()

    def show_tabs(self, shown: bool) -> None:
        """The row of tabs, where there is more than one."""
        self._has_tabs = shown
        self._show_bars()

    def _show_bars(self) -> None:
        self._tabs.setVisible(self._has_tabs and not self._canvas_only)
        self._options.setVisible(self._has_picture and not self._canvas_only)
        self._foot.setVisible(not self._canvas_only)

    @property
    def comparing(self) -> bool:
        return self.pages.currentWidget() is self._compare

    def show_comparison(self, shown: bool) -> None:
        """The comparison in place of the canvas, or the canvas again."""
        if shown:
            self.pages.setCurrentWidget(self._compare)
        elif self.comparing:
            self.pages.setCurrentWidget(self._ruled)
            self._canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the floating bars in their places."""
        holds = watched in (self.pages, self._canvas)
        kind = QEvent.Type.Resize if holds else QEvent.Type.LayoutRequest
        if event.type() in (kind, QEvent.Type.Show, QEvent.Type.Hide):
            self._place_bars()
            self._place_messages()
        return super().eventFilter(watched, event)

    def _place_bars(self) -> None:
        for bar in (self._result, self._live):
            if bar is not None:
                bar.fit_into(self._canvas.width() - 2 * UNIT)
                left = (self._canvas.width() - bar.width()) // 2
                bar.move(max(0, left), self._canvas.height() - bar.height() - UNIT)

    def _place_messages(self) -> None:
        width = min(MESSAGE_WIDTH, self.pages.width() - 2 * UNIT)
        height = self._messages.height_in(width)
        self._messages.setGeometry((self.pages.width() - width) // 2, UNIT, width, height)
        self._messages.raise_()
        if not self._canvas.drawing:
            self.pages.setContentsMargins(0, height + UNIT if self._messages.stays else 0, 0, 0)
