"""Every row of the settings can be reached and is whole, however low the dialog, in every language."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from gui.dialogs.compute import ELSEWHERE
from gui.dialogs.settings import SettingsDialog

FIELDS = ("QAbstractSpinBox", "QComboBox", "QLineEdit", "QLabel", "QAbstractButton")


@pytest.mark.parametrize(
    "screen", [(960, 280), (960, 540), (1366, 768)]
)  # 1920 x 1080 at 200 %, a small laptop
def test_no_row_is_cut(window, theme, language, screen):
    dialog = SettingsDialog(theme, window.preferences.settings, window.state, window)
    dialog.compute.place.setCurrentIndex(dialog.compute.place.findData(ELSEWHERE))  # the longest there is
    dialog.show()
    dialog.fit_into(QSize(*screen))
    QApplication.processEvents()
    assert dialog.height() <= screen[1]
    area = dialog.findChild(QScrollArea)
    rows = [row for row in area.findChildren(QWidget) if any(row.inherits(kind) for kind in FIELDS)]
    rows = [row for row in rows if row.isVisible() and not row.parentWidget().inherits("QAbstractSpinBox")]
    last = max(rows, key=lambda row: row.mapTo(area.widget(), row.rect().bottomLeft()).y())
    assert last.mapTo(area.widget(), last.rect().bottomLeft()).y() > 700, "there are enough of them to scroll"
    for row in rows:
        area.ensureWidgetVisible(row)
        assert row.visibleRegion().boundingRect() == row.rect(), name(row)
        if isinstance(row, QLabel | QAbstractButton):
            least = row.minimumSizeHint()
            assert row.width() >= least.width() and row.height() >= least.height(), name(row)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert last.visibleRegion().boundingRect() == last.rect()
    assert all(button.visibleRegion().boundingRect() == button.rect() for button in dialog.buttons.buttons())
    dialog.reject()


def name(row):
    return row.accessibleName() or getattr(row, "text", str)()
