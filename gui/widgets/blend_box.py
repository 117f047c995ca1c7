"""The box that chooses how a layer is blended with what lies below it."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gui.texts.marks import QT_TRANSLATE_NOOP

# By what they do, as painters know them: darker, lighter, contrast, difference, colour, cutting.
MODES = (
    (("normal", QT_TRANSLATE_NOOP("blend", "Normal")),),
    (
        ("multiply", QT_TRANSLATE_NOOP("blend", "Multiply")),
        ("darken", QT_TRANSLATE_NOOP("blend", "Darken")),
        ("color-burn", QT_TRANSLATE_NOOP("blend", "Colour burn")),
    ),
    (
        ("screen", QT_TRANSLATE_NOOP("blend", "Screen")),
        ("lighten", QT_TRANSLATE_NOOP("blend", "Lighten")),
        ("color-dodge", QT_TRANSLATE_NOOP("blend", "Colour dodge")),
        ("plus", QT_TRANSLATE_NOOP("blend", "Add")),
    ),
    (
        ("overlay", QT_TRANSLATE_NOOP("blend", "Overlay")),
        ("soft-light", QT_TRANSLATE_NOOP("blend", "Soft light")),
        ("hard-light", QT_TRANSLATE_NOOP("blend", "Hard light")),
    ),
    (
        ("difference", QT_TRANSLATE_NOOP("blend", "Difference")),
        ("exclusion", QT_TRANSLATE_NOOP("blend", "Exclusion")),
    ),
    (
        ("hue", QT_TRANSLATE_NOOP("blend", "Hue")),
        ("saturation", QT_TRANSLATE_NOOP("blend", "Saturation")),
        ("color", QT_TRANSLATE_NOOP("blend", "Colour")),
        ("luminosity", QT_TRANSLATE_NOOP("blend", "Luminosity")),
    ),
    (
        ("source-atop", QT_TRANSLATE_NOOP("blend", "Clipped")),
        ("destination-out", QT_TRANSLATE_NOOP("blend", "Erase")),
        ("destination-in", QT_TRANSLATE_NOOP("blend", "Mask")),
        ("destination-atop", QT_TRANSLATE_NOOP("blend", "Destination atop")),
    ),
)


def mode_name(mode: str) -> str:
    """What a blend mode is called."""
    names = {name: text for family in MODES for name, text in family}
    return QCoreApplication.translate("blend", names[mode])


class BlendBox(QComboBox):
    """All modes in families.

    Signals:
        chosen: A mode's name. Main thread.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for number, family in enumerate(MODES):
            if number:
                self.insertSeparator(self.count())
            for name, _ in family:
                self.addItem(mode_name(name), name)
        self.setMaxVisibleItems(self.count())
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setAccessibleName(self.tr("Blend mode"))
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))

    def show_mode(self, mode: str) -> None:
        """Show a mode without telling anybody."""
        self.setCurrentIndex(self.findData(mode))
        tip = self.tr("How the layer blends with the layers below")
        self.setToolTip(f"{self.currentText()} – {tip}")  # the name may be cut
