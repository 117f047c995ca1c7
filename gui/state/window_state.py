"""What the window remembers between starts: its layout, recent files, small choices; in a plain file."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal
from PySide6.QtGui import QColor

from editor_core.base import paths
from editor_core.document.result_placement import ResultPlacement
from editor_core.document.strokes import Brush
from gui.state.colours import BLACK, WHITE, Colour

MAX_RECENT = 8


class WindowState(QObject):
    """Kept in the state folder, never in a registry.

    Signals:
        recent_changed: The list of recent files. Main thread.
    """

    recent_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = QSettings(str(paths.state_folder() / "window.ini"), QSettings.Format.IniFormat)

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved lately that are still there, newest first."""
        kept = self._kept.value("recent", [])
        names = [kept] if isinstance(kept, str) else list(kept) if isinstance(kept, list) else []
        return [path for path in map(Path, names) if path.is_file()]

    def remember_file(self, path: Path) -> None:
        path = path.resolve()
        others = [other for other in self.recent if other != path]
        self._kept.setValue("recent", [str(p) for p in [path, *others][:MAX_RECENT]])
        self.recent_changed.emit()

    def forget_files(self) -> None:
        self._kept.remove("recent")
        self.recent_changed.emit()

    @property
    def folder(self) -> str:
        """Where the last file was, to begin there again."""
        recent = self.recent
        return str(recent[0].parent if recent else Path.home())

    @property
    def apply_at_once(self) -> bool:
        return bool(self._kept.value("apply_at_once", False, bool))

    @apply_at_once.setter
    def apply_at_once(self, value: bool) -> None:
        self._kept.setValue("apply_at_once", value)

    @property
    def show_results(self) -> bool:
        """Whether a result is shown on the canvas as it comes, or only announced."""
        return bool(self._kept.value("show_results", True, bool))

    def set_show_results(self, value: bool) -> None:
        self._kept.setValue("show_results", value)

    @property
    def placement(self) -> str:
        """Where results land: the value of a ResultPlacement."""
        kept = str(self._kept.value("landing", ResultPlacement.TOP.value))
        return (
            kept if kept in {placement.value for placement in ResultPlacement} else ResultPlacement.TOP.value
        )

    @placement.setter
    def placement(self, value: str) -> None:
        self._kept.setValue("landing", value)

    def brush(self, tool: str, default: Brush) -> Brush:
        """The brush a tool had when the program was last closed."""
        try:
            kept = json.loads(str(self._kept.value(f"brushes/{tool}")))
            return replace(default, **{name: type(getattr(default, name))(kept[name]) for name in kept})
        except (ValueError, TypeError, AttributeError):  # never kept, damaged, or of another version
            return default

    def remember_brush(self, tool: str, brush: Brush) -> None:
        self._kept.setValue(f"brushes/{tool}", json.dumps(asdict(brush)))

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Foreground and background, black and white at first."""
        found = [QColor(str(self._kept.value(f"colours/{name}"))) for name in ("foreground", "background")]
        if not all(colour.isValid() for colour in found):
            return BLACK, WHITE
        front, back = ((colour.red(), colour.green(), colour.blue()) for colour in found)
        return front, back

    @colours.setter
    def colours(self, both: tuple[Colour, Colour]) -> None:
        for name, colour in zip(("foreground", "background"), both):
            self._kept.setValue(f"colours/{name}", QColor(*colour).name())

    @property
    def shortcuts(self) -> dict[str, tuple[str, ...]]:
        """Keys the artist gave to actions, by the action's id."""
        try:
            kept = json.loads(str(self._kept.value("shortcuts")))
            return {str(name): tuple(str(key) for key in keys) for name, keys in kept.items()}
        except (ValueError, TypeError, AttributeError):
            return {}

    @shortcuts.setter
    def shortcuts(self, own: dict[str, tuple[str, ...]]) -> None:
        self._kept.setValue("shortcuts", json.dumps(own))

    @property
    def geometry(self) -> QByteArray:
        return self._bytes("geometry")

    @property
    def layout(self) -> QByteArray:
        return self._bytes("layout")

    def _bytes(self, key: str) -> QByteArray:
        kept = self._kept.value(key)
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def remember_window(self, geometry: QByteArray, layout: QByteArray) -> None:
        self._kept.setValue("geometry", geometry)
        self._kept.setValue("layout", layout)
        self._kept.sync()
