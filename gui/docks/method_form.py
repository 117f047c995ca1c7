"""The settings of the editing method in use, drawn from what the model says of its parameters."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor_core.messages.parameters import GIVEN_MASK, GIVEN_SKETCH, Parameter
from gui.look.theme import UNIT, Theme
from gui.widgets.calm_wheel import scroll_past_fields
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.parameter_field import ParameterField
from gui.widgets.plain_label import PlainLabel

MIN_HEIGHT = 4 * UNIT
MAX_HEIGHT = 17 * UNIT  # what is more is scrolled to: the picture keeps its room


def field_name(method: str, parameter: str) -> str:
    """What a parameter of a method is called among the drafts of a document."""
    return f"{method}.{parameter}"


class MethodForm(QWidget):
    """Shows one method's parameters at a time; each keeps its value while another method is shown.

    Signals:
        reset_asked: The names of the fields that shall have their defaults again. Main thread.
    """

    reset_asked = Signal(list)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._methods: Mapping[str, tuple[Parameter, ...]] = {}
        self._shown = ""
        self._given = {GIVEN_MASK: False, GIVEN_SKETCH: False}
        self.fields: dict[str, ParameterField] = {}
        """By `field_name`."""
        self._title = PlainLabel()
        self._title.setProperty("heading", True)
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setProperty("link", True)
        self.reset.setToolTip(self.tr("Give all settings of this method their defaults again"))
        self.reset.clicked.connect(lambda: self.reset_asked.emit(self._changed(self._shown)))
        self.more = QPushButton(self.tr("More"))
        self.more.setProperty("link", True)
        self.more.setCheckable(True)
        self.more.setToolTip(self.tr("Show the settings for experts, too"))
        self.more.toggled.connect(lambda _: self.refresh())
        self._pages = QStackedWidget()
        self._by_method: dict[str, _Page] = {}
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(self._title)
        head.addWidget(self.reset)
        head.addWidget(self.more)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, UNIT)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._pages)
        self.hide()

    def set_methods(self, methods: Mapping[str, tuple[Parameter, ...]]) -> bool:
        """Offer what the methods have to set; False where these are shown already."""
        if methods == self._methods:
            return False
        self._methods = dict(methods)
        for page in self._by_method.values():
            self._pages.removeWidget(page)
            page.deleteLater()
        self.fields, self._by_method = {}, {}
        for method, parameters in methods.items():
            fields = [ParameterField(self._theme, parameter) for parameter in parameters]
            self.fields |= {field_name(method, field.parameter.name): field for field in fields}
            self._by_method[method] = _Page(fields)
            self._pages.addWidget(self._by_method[method])
        for field in self.fields.values():
            field.changed.connect(self.refresh)
        self.show_method(self._shown, self._title.text())
        return True

    def show_method(self, method: str, title: str) -> None:
        """Show the settings of one method, by name; none where it has none."""
        self._shown = method
        self._title.setText(title)
        page = self._by_method.get(method)
        self.setVisible(page is not None and bool(self._methods[method]))
        if page is not None:
            self._pages.setCurrentWidget(page)
        self.refresh()

    @property
    def shown(self) -> str:
        """The method whose settings are shown, by name."""
        return self._shown

    def set_given(self, *, mask: bool, sketch: bool) -> None:
        """Say what the next edit comes with: some settings matter only then."""
        self._given = {GIVEN_MASK: mask, GIVEN_SKETCH: sketch}
        self.refresh()

    def parameters(self, method: str) -> dict[str, Any]:
        """What is set of a method, other than its defaults, by the method's own names."""
        changed = [self.fields[name] for name in self._changed(method)]
        return {field.parameter.name: field.value for field in changed}

    def values_of(self, method: str, run: Mapping[str, Any]) -> dict[str, Any]:
        """What a finished run says of its parameters, by field; what cannot be set here is left out."""
        found = {}
        for parameter in self._methods.get(method, ()):
            value = run.get(parameter.name)
            if parameter.name in run and parameter.accepts(value):
                found[field_name(method, parameter.name)] = list(value) if isinstance(value, tuple) else value
        return found

    def _show_wanted(self) -> None:
        """What has no effect now is not shown, nor what is for experts until it is asked for or was changed."""
        parameters = self._methods.get(self._shown, ())
        for parameter in parameters:
            field = self.fields[field_name(self._shown, parameter.name)]
            is_wanted = (
                self.more.isChecked() or not parameter.about.expert or field.value != parameter.default
            )
            field.setVisible(self._matters(parameter) and is_wanted)
        self.more.setVisible(any(each.about.expert and self._matters(each) for each in parameters))
        self.reset.setEnabled(bool(self._changed(self._shown)))

    def refresh(self) -> None:
        """Show what is wanted, as high as it takes."""
        self._show_wanted()
        page = self._by_method.get(self._shown)
        if page is not None:
            whole = min(MAX_HEIGHT, page.height_in(self._pages.width()))
            self._pages.setMinimumHeight(min(whole, MIN_HEIGHT))  # in a low window one scrolls
            self._pages.setMaximumHeight(whole)

    def _matters(self, parameter: Parameter) -> bool:
        if parameter.about.only_if is None:
            return True
        name, value = parameter.about.only_if
        if name in self._given:
            return bool(self._given[name] == value)
        return bool(self.fields[field_name(self._shown, name)].value == value)

    def _changed(self, method: str) -> list[str]:
        names = [field_name(method, parameter.name) for parameter in self._methods.get(method, ())]
        return [name for name in names if self.fields[name].value != self.fields[name].parameter.default]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_method(self._shown, self._title.text())


class _Page(QScrollArea):
    """The fields of one method, line after line."""

    def __init__(self, fields: list[ParameterField]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("panel", True)
        self._flow = FlowLayout(2 * UNIT, 6, inside)
        self._flow.setContentsMargins(0, 0, 0, 2)
        for field in fields:
            self._flow.addWidget(field)
        self.setWidget(inside)
        scroll_past_fields(self)

    def sizeHint(self) -> QSize:
        return QSize(20 * UNIT, MAX_HEIGHT)

    def height_in(self, width: int) -> int:
        return self._flow.heightForWidth(width)

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * UNIT, 0)
