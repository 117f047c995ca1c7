"""What our flow layout, elided label and slider do that a library's (superqt 0.9) do not; else they would be its."""

from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QSpinBox, QWidget

from gui.widgets.elided_label import FADE, ElidedLabel, FadingLabel
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.labelled_slider import LabelledSlider

SENTENCE = "A notice of the status bar that has no room in so narrow a window"


def flowing(qtbot, theme, width, *parts):
    widget = QWidget()
    qtbot.addWidget(widget)
    flow = FlowLayout(16, 6, widget)
    flow.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        flow.addWidget(part)
    widget.resize(width, 200)
    return widget, flow


def test_a_hidden_widget_leaves_no_gap_and_the_rest_of_the_line_goes_to_what_expands(qtbot, theme):
    box, hidden, choice, field = QCheckBox("one"), QPushButton("not now"), QComboBox(), QLineEdit()
    widget, _ = flowing(qtbot, theme, 400, box, hidden, choice, field)
    hidden.hide()
    widget.show()
    assert choice.x() == box.geometry().right() + 1 + 16
    assert field.x() == choice.geometry().right() + 1 + 16 and field.geometry().right() + 1 == 400


def test_what_stands_in_one_line_is_centred_on_it(qtbot, theme):
    box, choice = QCheckBox("one"), QComboBox()
    widget, flow = flowing(qtbot, theme, 400, box, choice)
    widget.show()
    assert box.height() < choice.height() == flow.heightForWidth(400)
    assert abs(box.geometry().center().y() - choice.geometry().center().y()) <= 1


def test_a_line_that_is_full_goes_on_below(qtbot, theme):
    box, choice = QCheckBox("one"), QComboBox()
    widget, flow = flowing(qtbot, theme, choice.sizeHint().width() + 10, box, choice)
    widget.show()
    assert (choice.x(), choice.y()) == (0, box.height() + 6)
    assert flow.heightForWidth(widget.width()) == box.height() + 6 + choice.height()


def label_saying(qtbot, text, width):
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(text)
    label.resize(width, 20)
    return label


def test_a_cut_label_tells_screen_readers_and_its_tip_the_whole_and_forgets_it_when_cleared(qtbot, theme):
    label = label_saying(qtbot, SENTENCE, 120)
    assert label.shown.endswith("…") and label.text() == SENTENCE
    assert QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name) == SENTENCE
    assert SENTENCE in label.toolTip()
    label.clear()
    assert label.text() == label.shown == label.toolTip() == ""


def test_a_label_is_cut_anew_for_a_larger_font(qtbot, theme):
    label = label_saying(qtbot, "Fits", 60)
    assert label.shown == "Fits"
    font = QFont(label.font())
    font.setPixelSize(60)
    label.setFont(font)
    assert label.shown != "Fits"


def test_a_label_of_whole_texts_shows_all_or_nothing(qtbot, theme):
    label = ElidedLabel(whole=True)
    qtbot.addWidget(label)
    label.setText(SENTENCE)
    label.resize(120, 20)
    assert label.shown == ""
    label.resize(2000, 20)
    assert label.shown == SENTENCE


def slider_of(qtbot, **named):
    slider = LabelledSlider("Size", 1, 1000, " px", **named)
    qtbot.addWidget(slider)
    return slider, slider.findChild(QSlider), slider.findChild(QSpinBox)


def test_a_slider_shows_its_unit_and_has_a_name_wherever_the_keyboard_takes_it(qtbot, theme):
    slider, handle, field = slider_of(qtbot)
    slider.set_value(40)
    assert field.text() == "40 px"
    for part in (handle, field):
        assert part.accessibleName() == "Size" and part.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_nothing_that_is_typed_into_a_slider_fails(qtbot, theme):
    slider, _, field = slider_of(qtbot)
    field.setLocale(QLocale("de_DE"))
    told = []
    slider.moved.connect(told.append)
    slider.set_value(40)
    for typed in ("", "0,7", "77"):
        field.selectAll()
        qtbot.keyClicks(field, typed) if typed else qtbot.keyClick(field, Qt.Key.Key_Delete)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert slider.value == 77 and told[-1] == 77 and all(1 <= value <= 1000 for value in told)


def test_a_curve_gives_the_small_values_more_of_the_way(qtbot, theme):
    slider, handle, _ = slider_of(qtbot, curve=2.5)
    handle.setValue((handle.minimum() + handle.maximum()) // 2)
    assert slider.value == round(1 + 0.5**2.5 * 999)
    slider.set_value(1000)
    assert handle.value() == handle.maximum()


def test_rich_text_that_is_cut_fades_out_and_is_told_whole_and_else_is_as_it_was(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet("background: black; color: white")
    label = FadingLabel(window)
    label.setText("<b>" + "W\u200b" * 60 + "</b>")  # lines may end everywhere
    label.resize(160, 20)

    def brightest(at):
        column = window.grab(QRect(at, 0, 8, 20)).toImage()
        return max(column.pixelColor(x, y).lightness() for x in range(8) for y in range(20))

    window.show()
    assert brightest(160 - 8) < brightest(160 - FADE) < brightest(160 - FADE - 40)
    assert "W\u200b" * 60 in label.toolTip()
    label.setText("<b>" + "W" * 40 + "</b>")
    assert label.is_cut, "a word too long for a line"
    label.setText("W" * 3)
    assert not label.graphicsEffect().isEnabled()


def test_rich_text_takes_two_lines_before_it_is_cut(qtbot):
    label = FadingLabel()
    qtbot.addWidget(label)
    label.resize(200, 20)
    heights = []
    for words in (1, 6, 60):
        label.setText("changes → " + "<b>word</b> " * words)
        heights.append((label.height(), label.is_cut))
    (one, _), (two, _), (most, _) = heights
    assert two == most == 2 * one and [cut for _, cut in heights] == [False, False, True]
    label.setText("")
    label.keep_room(2)
    assert label.height() == two, "nothing moves when it becomes longer"
