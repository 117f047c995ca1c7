"""The one style sheet, filled in with a set of colours."""

from dataclasses import asdict
from string import Template

from editor_core.base import paths
from gui.look.palette import Palette

_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $window; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $accent; }

QMenuBar { background: $window; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; }
QMenu::icon { padding-left: 6px; }
QMenu::icon:checked { background: $selected; border: 1px solid $accent; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $field; color: $text; border: 1px solid $line; padding: 4px 6px; }

QToolBar { background: $window; border: none; padding: 3px; spacing: 1px; }
QToolBar::separator { background: $line; width: 1px; height: 1px; margin: 3px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 4px; }
QToolBar QToolButton { padding: 1px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $field; }
QToolButton:checked { background: $selected; border-color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton[fold="true"]:checked { background: transparent; border-color: transparent; }
QToolButton[fold="true"]:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-arrow { image: url("$arrow"); width: 12px; height: 12px; }

QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 5px 12px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $field; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; background: $panel; }
QPushButton[primary="true"] { font-weight: 600; }
QPushButton[primary="true"], QInputDialog QPushButton:default, QMessageBox QPushButton:default,
QFileDialog QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $raised; color: $disabled; border-color: $line; }
QToolButton[primary="true"] { background: $accent; border: 1px solid $accent; border-radius: 4px; padding: 4px 2px; }
QToolButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QToolButton[primary="true"]:focus { border-color: $text; }
QPushButton[link="true"] { background: transparent; border: 1px solid transparent; text-align: left; padding: 6px 8px; }
QPushButton[link="true"]:hover { background: $hover; }
QPushButton[link="true"]:focus { border-color: $accent; }
QPushButton[card="true"] { background: $panel; text-align: left; padding: 7px 12px; }
QPushButton[card="true"]:hover { background: $hover; border-color: $accent; }
QPushButton[card="true"]:disabled { color: $disabled; background: $window; }

QComboBox { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 3px 4px 3px 8px;
    combobox-popup: 0; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox:disabled { color: $disabled; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$arrow"); width: 14px; height: 14px; }
QComboBox QAbstractItemView::separator { background: $line; height: 1px; margin: 3px 6px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; padding: 4px; }
QComboBox QAbstractItemView::item { padding: 4px 6px; min-height: 18px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $accent; color: $on_accent; }

QAbstractScrollArea { background: $panel; border: none; }
QScrollArea[plain="true"], QScrollArea[plain="true"] > QWidget > QWidget { background: $window; }
QLineEdit, QPlainTextEdit, QTextEdit {
    background: $field; border: 1px solid $line; border-radius: 4px; padding: 4px 6px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: $disabled; }

QListView, QTreeView { background: $panel; border: none; outline: none; }
QListView::item:selected, QTreeView::item:selected { background: $selected; color: $text; }
QTreeView::item { padding: 4px 2px; min-height: 18px; }
QListView[plain_rows="true"]::item { padding: 4px 8px; }
QHeaderView::section { background: $window; color: $muted; border: none; padding: 4px 8px; text-align: left; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QAbstractItemView::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $line; border-radius: 3px; background: $field; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check"); }
QRadioButton { spacing: 8px; }
QRadioButton::indicator { border-radius: 8px; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; background: $window; }
QRadioButton:focus::indicator { border-color: $accent; }
QCheckBox::indicator:focus, QCheckBox:focus::indicator { border-color: $accent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 3px; background: $line; border-radius: 1px; }
QSlider::sub-page:horizontal { background: $muted; border-radius: 1px; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -5px 0; border-radius: 6px; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QProgressBar[loading="true"]::chunk { background: $muted; }

QDockWidget { titlebar-close-icon: url("$close"); titlebar-normal-icon: none; font-weight: 600; }
QDockWidget::title { background: $window; padding: 6px 8px; }
QDockWidget::close-button { border: none; padding: 0; width: 18px; height: 18px; icon-size: 16px;
    subcontrol-position: right center; subcontrol-origin: margin; right: 8px; }
QDockWidget::close-button:hover { background: $hover; border-radius: 3px; }
QDockWidget::float-button { width: 0; height: 0; border: none; }
QMainWindow > QTabBar { font-weight: 600; }
QTabBar { background: $window; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
    padding: 5px 10px 4px 10px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { background: $hover; }
QTabBar#documents::tab { padding: 5px 4px 4px 8px; border-right: 1px solid $line; }
QTabBar#documents::tab:selected { background: $panel; }
QTabBar#documents::close-button { image: url("$close"); width: 14px; height: 14px; border-radius: 3px; margin: 2px; }
QTabBar#documents::close-button:hover { background: $hover; }
QTabBar#documents QToolButton { background: $window; padding: 0; }
QWidget[panel="true"] { background: $panel; }
* { dialogbuttonbox-buttons-have-icons: 0; }
QLabel[muted="true"] { color: $muted; }
QLabel[problem_text="true"] { color: $error; }
QLabel[heading="true"] { font-weight: 600; }
QLabel[title="true"] { font-size: 22px; font-weight: 600; }

QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; }
QStatusBar QToolButton { color: $muted; padding: 1px 6px; }

QFrame[bar="true"] { background: $panel; border: 1px solid $line; border-radius: 6px; }
QFrame[judging="true"] { background: $panel; border: 1px solid $accent; border-radius: 6px; }
QFrame[problem="true"] { background: $panel; border: 1px solid $error; border-radius: 6px; }
""")


def style_sheet(colours: Palette) -> str:
    arrow = paths.resources() / "icons" / "field-arrow.svg"
    name = "field-check" if colours.on_accent == "#ffffff" else "field-check-dark"
    check = paths.resources() / "icons" / f"{name}.svg"
    close = paths.resources() / "icons" / "field-close.svg"
    return _SHEET.substitute(
        asdict(colours), arrow=arrow.as_posix(), check=check.as_posix(), close=close.as_posix()
    )
