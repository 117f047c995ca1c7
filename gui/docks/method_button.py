"""The button that runs an edit and says how, with the other methods in a menu beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from editor_core.messages.events import MethodInfo
from editor_core.workflow.proposal import REWORD, Reason, Situation, proposed
from gui.look.icons import icon
from gui.look.theme import UNIT, Theme
from gui.texts.marks import as_label
from gui.texts.methods import method_name, method_tip, reason_text


class MethodButton(QWidget):
    """The methods come from the model; one is proposed until the artist chooses one.

    Signals:
        chosen: Another method, or the proposed one. Main thread.
    """

    chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._methods: tuple[MethodInfo, ...] = ()
        self._chosen = ""  # empty: what is proposed
        self.queue_actions: Sequence[QAction] = ()
        """Actions that run at another place of the queue."""
        self._proposal: tuple[str, Reason] = (REWORD, Reason.WORDS)
        self.button = QPushButton()
        self.button.setProperty("primary", True)
        self.button.setMinimumWidth(13 * UNIT)
        self.more = QToolButton()
        self.more.setProperty("primary", True)
        self.more.setAccessibleName(self.tr("More edit methods"))
        self.more.setToolTip(self.tr("Choose an edit method"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.menu.setToolTipsVisible(True)
        self.more.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.button, 1)
        row.addWidget(self.more)
        self.menu.aboutToShow.connect(self._fill)
        theme.changed.connect(self._draw)
        self._draw()
        self.more.hide()

    @property
    def method(self) -> str:
        """The method that is chosen, or else proposed."""
        return self._chosen or self._proposal[0]

    @property
    def chosen_method(self) -> str:
        """The method that the artist chose; empty: what is proposed."""
        return self._chosen

    def set_methods(self, methods: tuple[MethodInfo, ...]) -> None:
        """Offer what a model can do."""
        self._methods = methods
        if self._chosen not in {method.name for method in methods}:
            self._chosen = ""

    def propose(self, situation: Situation) -> None:
        """Show what fits, unless the artist chose."""
        self._proposal = proposed(situation, {method.name for method in self._methods})

    def choose(self, method: str) -> None:
        """Use one method from now on; an empty name, or one the model does not know, uses what is proposed."""
        self._chosen = method if method in {known.name for known in self._methods} else ""
        self.chosen.emit()

    def show_other(self, text: str, tip: str) -> None:
        """Let the button do something else than edit."""
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.more.hide()

    def show_method(self) -> None:
        """Let the button say how the picture will be edited, and why."""
        method = next((method for method in self._methods if method.name == self.method), None)
        self.button.setText(as_label(self._label(self.method)))
        about = method_tip(self.method) if method is None else _tip(method)
        reason = self.tr("Chosen by you.") if self._chosen else reason_text(self._proposal[1])
        self.button.setToolTip("\n".join((about, reason, self.tr("Ctrl+Enter"))))
        self.more.setVisible(len(self._methods) > 1)

    def allow(self, can: bool) -> None:
        """Whether the button can be pressed; other methods can be chosen all the same."""
        self.button.setEnabled(can)
        if can != self.more.property("primary"):
            self.more.setProperty("primary", can)
            self.more.style().polish(self.more)
            self._draw()

    def _label(self, name: str) -> str:
        label = next((method.label for method in self._methods if method.name == name), "")
        return method_name(name, label)

    def _fill(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        fitting = self.tr("Automatic ({method})").format(method=self._label(self._proposal[0]))
        self._add(group, fitting, "", reason_text(self._proposal[1]))
        self.menu.addSeparator()
        for method in self._methods:
            self._add(group, self._label(method.name), method.name, _tip(method))
        self.menu.addSeparator()
        self.menu.addActions(self.queue_actions)

    def _add(self, group: QActionGroup, text: str, method: str, tip: str) -> None:
        action = QAction(as_label(text), group)
        action.setCheckable(True)
        action.setChecked(method == self._chosen)
        action.setToolTip(tip)
        action.setData(method)
        action.triggered.connect(lambda _=False, method=method: self.choose(method))
        self.menu.addAction(action)

    def _draw(self) -> None:
        self.more.setArrowType(Qt.ArrowType.NoArrow)
        self.more.setIcon(
            icon(self._theme, "chevron-down", "on_accent" if self.more.property("primary") else "text")
        )


def _tip(method: MethodInfo) -> str:
    """What a method does; the paper's name is for those who ask."""
    tip = method_tip(method.name)
    return f"{tip} ({method.paper})" if method.paper else tip
