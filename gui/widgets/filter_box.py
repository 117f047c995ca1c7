"""A choice of how pixels are resampled."""

from PySide6.QtWidgets import QComboBox, QWidget

from editor_core.pixels.resampling import Filter


class FilterBox(QComboBox):
    """The filters by name, the usual one first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Filter"))
        self.setToolTip(self.tr("How pixels between pixels are found"))
        names = {
            Filter.AUTOMATIC: self.tr("Automatic"),
            Filter.BILINEAR: self.tr("Bilinear"),
            Filter.BICUBIC: self.tr("Bicubic"),
            Filter.LANCZOS: self.tr("Lanczos"),
            Filter.NEAREST: self.tr("Nearest neighbour"),
        }
        for how, name in names.items():
            self.addItem(name, how.value)

    @property
    def chosen(self) -> Filter:
        return Filter(self.currentData())
