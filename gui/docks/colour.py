"""The colours: the two at hand to be mixed, those used lately, and palettes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
)

from editor_core.pixels.palettes import Palette
from gui.look.theme import UNIT, Theme
from gui.state.colours import Colour, Colours
from gui.widgets.buttons import IconButton
from gui.widgets.colour_editor import ColourEditor
from gui.widgets.colour_grid import ColourGrid
from gui.widgets.colour_pair import BACKGROUND, FOREGROUND, ColourPair
from gui.widgets.panel import Panel
from gui.widgets.plain_label import PlainLabel


class ColourPanel(Panel):
    """Mixes the foreground colour or, once that was clicked, the background colour.

    Signals (main thread):
        import_asked: A palette is to be read from a file.
        remove_asked: The palette shown is to go.
        palette_chosen: The key of a palette.
    """

    import_asked = Signal()
    remove_asked = Signal()
    palette_chosen = Signal(str)

    def __init__(self, theme: Theme, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._which = FOREGROUND
        self._palettes: dict[str, Palette] = {}
        self.pair = ColourPair(theme, colours)
        self.swap = IconButton(theme, "swap", self.tr("Swap colours (X)"))
        self.editor = ColourEditor()
        self.recent = ColourGrid(self.tr("Recent colours"), max_rows=2)
        self.names = QComboBox()
        self.names.setAccessibleName(self.tr("Palette"))
        self.names.setMinimumContentsLength(8)
        self.more = IconButton(theme, "settings", self.tr("Import or remove palettes"))
        self.grid = ColourGrid(self.tr("Colours of the palette"))
        self._make_menu()
        self._lay_out()
        self._connect()
        self.edit(FOREGROUND)
        self._show_recent()

    @property
    def edited(self) -> str:
        """Which colour is mixed: "foreground" or "background"."""
        return self._which

    def edit(self, which: str) -> None:
        """Mix this colour from now on."""
        self._which = which
        self._show_colour()

    def show_palettes(self, palettes: dict[str, Palette], key: str, removable: bool) -> None:
        """Offer palettes by their keys, and show one; what ships with the program is not removable."""
        self._palettes = palettes
        self.names.blockSignals(True)
        self.names.clear()
        for name, palette in palettes.items():
            self.names.addItem(palette.name, name)
        self.names.setCurrentIndex(max(0, self.names.findData(key)))
        self.names.blockSignals(False)
        shown = palettes.get(self.palette_key)
        self.grid.show_colours(() if shown is None else shown.colours)
        self.remove_action.setEnabled(removable)

    @property
    def palette_key(self) -> str:
        """Of the palette that is shown."""
        return self.names.currentData() or ""

    def _make_menu(self) -> None:
        menu = QMenu(self.more)
        menu.addAction(self.tr("Import palette…")).triggered.connect(self.import_asked)
        self.remove_action = menu.addAction(self.tr("Remove palette"))
        self.remove_action.triggered.connect(self.remove_asked)
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self.editor)
        beside = QHBoxLayout()
        beside.setSpacing(UNIT // 2)
        beside.addWidget(self.pair)
        beside.addWidget(self.swap)
        beside.addWidget(self.recent, 1, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(beside)
        palette = QHBoxLayout()
        label = PlainLabel(self.tr("Palette"))
        label.setProperty("muted", True)
        for widget in (label, self.names, self.more):
            palette.addWidget(widget, int(widget is self.names))
        column.addLayout(palette)
        column.addWidget(self.grid)
        self.finish()

    def _connect(self) -> None:
        self._colours.changed.connect(self._show_colour)
        self._colours.recent_changed.connect(self._show_recent)
        self.editor.edited.connect(lambda colour: self._take(colour, self._which))
        self.pair.asked.connect(self.edit)
        self.swap.clicked.connect(self._colours.swap)
        for grid in (self.recent, self.grid):
            grid.chosen.connect(
                lambda colour, second: self._take(colour, BACKGROUND if second else self._which)
            )
        self.names.activated.connect(lambda _: self.palette_chosen.emit(self.palette_key))

    def _take(self, colour: Colour, which: str) -> None:
        self._colours.set(**{which: colour})

    def _show_colour(self) -> None:
        self.pair.mark(self._which)
        self.editor.show_colour(getattr(self._colours, self._which))

    def _show_recent(self) -> None:
        self.recent.show_colours([(colour, "") for colour in self._colours.recent])
