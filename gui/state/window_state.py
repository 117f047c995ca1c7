"""What the window remembers between starts: its layout, recent files, small choices; in a plain file.

The file is read through the gate: a value that is none is as if it had never been kept, and costs no other.
"""

import base64
import json
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QColor

from editor_core.base import paths
from editor_core.base.gate import decode_json, fits, fitting
from editor_core.base.limits import MAX_NAME, MAX_SETTINGS_BYTES
from editor_core.document.result_placement import ResultPlacement
from editor_core.document.strokes import Brush
from editor_core.workflow.live import STRENGTH
from gui.state.colours import BLACK, WHITE, Colour
from gui.state.colours import MAX_RECENT as MAX_RECENT_COLOURS

MAX_RECENT = 8

_Name = Annotated[str, Meta(max_length=MAX_NAME)]
_Byte = Annotated[int, Meta(ge=0, le=255)]
_Colour = tuple[_Byte, _Byte, _Byte]
_Keys = Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=20)]
_Bytes = Annotated[str, Meta(max_length=MAX_SETTINGS_BYTES)]  # base64
_Share = Annotated[float, Meta(ge=0, le=1)]
BRUSH_FIELDS: Mapping[str, Any] = {
    "size": Annotated[float, Meta(ge=0.1, le=10_000)],
    "hardness": _Share,
    "opacity": _Share,
    "flow": _Share,
    "smoothing": _Share,
    "pressure_size": bool,
    "pressure_opacity": bool,
    "spacing": Annotated[float, Meta(ge=0.01, le=10)],
    "roundness": Annotated[float, Meta(ge=0.01, le=1)],
    "angle": Annotated[float, Meta(ge=-360, le=360)],
    "grain": _Share,
    "scatter": Annotated[float, Meta(ge=0, le=100)],
    "tip": _Name,
}

log = logging.getLogger(__name__)


class Remembered(msgspec.Struct):
    """The file's contents, as far as they are what they should be."""

    recent: Annotated[list[_Name], Meta(max_length=100)] = []
    apply_at_once: bool = False
    show_results: bool = True
    placement: _Name = ResultPlacement.REPLACE.value
    second_keys: _Name = "both"
    brushes: dict[_Name, dict[_Name, Any]] = {}
    foreground: _Colour = BLACK
    background: _Colour = WHITE
    recent_colours: Annotated[list[_Colour], Meta(max_length=MAX_RECENT_COLOURS)] = []
    palette: _Name = ""
    live_strength: _Share = STRENGTH
    rulers: bool = False
    grid: Annotated[int, Meta(ge=2, le=4096)] = 32
    shortcuts: dict[_Name, Any] = {}
    geometry: _Bytes = ""
    layout: _Bytes = ""


class WindowState(QObject):
    """Kept in the state folder, never in a registry; in safe mode neither read nor written.

    Signals:
        recent_changed: The list of recent files. Main thread.
    """

    recent_changed = Signal()

    def __init__(self, parent: QObject | None = None, safe: bool = False) -> None:
        super().__init__(parent)
        self._file = None if safe else paths.state_folder() / "window.json"
        self._changed: dict[str, Any] = {}
        self._kept = self._read()

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved lately that are still there, newest first."""
        return [path for path in map(Path, self._kept.recent) if _is_file(path)]

    def remember_file(self, path: Path) -> None:
        path = path.resolve()
        others = [other for other in self.recent if other != path]
        self._keep(recent=[str(p) for p in [path, *others][:MAX_RECENT]])
        self.recent_changed.emit()

    def forget_files(self) -> None:
        self._keep(recent=[])
        self.recent_changed.emit()

    @property
    def folder(self) -> str:
        """Where the last file was, to begin there again."""
        recent = self.recent
        return str(recent[0].parent if recent else Path.home())

    @property
    def apply_at_once(self) -> bool:
        return self._kept.apply_at_once

    @apply_at_once.setter
    def apply_at_once(self, value: bool) -> None:
        self._keep(apply_at_once=value)

    @property
    def show_results(self) -> bool:
        """Whether a result is shown on the canvas as it comes, or only announced."""
        return self._kept.show_results

    def set_show_results(self, value: bool) -> None:
        self._keep(show_results=value)

    @property
    def placement(self) -> str:
        """Where results land: the value of a ResultPlacement."""
        known = {placement.value for placement in ResultPlacement}
        return self._kept.placement if self._kept.placement in known else ResultPlacement.REPLACE.value

    @placement.setter
    def placement(self, value: str) -> None:
        self._keep(placement=value)

    @property
    def second_keys(self) -> str:
        """Which keys pick a colour or take away while they are held: "both", "ctrl" or "alt"."""
        return self._kept.second_keys if self._kept.second_keys in ("both", "ctrl", "alt") else "both"

    @second_keys.setter
    def second_keys(self, value: str) -> None:
        self._keep(second_keys=value)

    def brush(self, tool: str, default: Brush) -> Brush:
        """The brush a tool had when the program was last closed."""
        kept = self._kept.brushes.get(tool, {})
        known = {field.name for field in fields(Brush)} & kept.keys()
        return replace(
            default, **{name: kept[name] for name in known if fits(kept[name], BRUSH_FIELDS[name])}
        )

    def remember_brush(self, tool: str, brush: Brush) -> None:
        self._keep(brushes={**self._kept.brushes, tool: asdict(brush)})

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Foreground and background, black and white at first."""
        return self._kept.foreground, self._kept.background

    @colours.setter
    def colours(self, both: tuple[Colour, Colour]) -> None:
        front, back = (QColor(*colour).toRgb() for colour in both)
        self._keep(foreground=_rgb(front), background=_rgb(back))

    @property
    def recent_colours(self) -> list[Colour]:
        """Colours that were painted with lately, the last one first."""
        return list(self._kept.recent_colours)

    @recent_colours.setter
    def recent_colours(self, colours: Sequence[Colour]) -> None:
        self._keep(recent_colours=list(colours))

    @property
    def palette(self) -> str:
        """The key of the palette that was shown last; empty: the program's own."""
        return self._kept.palette

    @palette.setter
    def palette(self, key: str) -> None:
        self._keep(palette=key)

    @property
    def grid(self) -> int:
        """Picture pixels from one line of the grid to the next."""
        return self._kept.grid

    @grid.setter
    def grid(self, spacing: int) -> None:
        self._keep(grid=spacing)

    @property
    def rulers(self) -> bool:
        """Whether they are shown."""
        return self._kept.rulers

    @rulers.setter
    def rulers(self, shown: bool) -> None:
        self._keep(rulers=shown)

    @property
    def live_strength(self) -> float:
        """How far Live noises paint, 0..1."""
        return self._kept.live_strength

    @live_strength.setter
    def live_strength(self, strength: float) -> None:
        self._keep(live_strength=strength)

    @property
    def shortcuts(self) -> dict[str, tuple[str, ...]]:
        """Keys the artist gave to actions, by the action's id."""
        return {name: tuple(keys) for name, keys in self._kept.shortcuts.items() if fits(keys, _Keys)}

    @shortcuts.setter
    def shortcuts(self, own: dict[str, tuple[str, ...]]) -> None:
        self._keep(shortcuts={name: list(keys) for name, keys in own.items()})

    @property
    def geometry(self) -> QByteArray:
        return _unpacked(self._kept.geometry)

    @property
    def layout(self) -> QByteArray:
        return _unpacked(self._kept.layout)

    def remember_window(self, geometry: QByteArray, layout: QByteArray) -> None:
        self._keep(geometry=_packed(geometry), layout=_packed(layout))

    def _keep(self, **values: Any) -> None:
        """Takes values over, here and in the file; what another window has kept there meanwhile stays."""
        self._changed |= values
        self._kept = msgspec.structs.replace(self._read(), **self._changed)
        if self._file is None:
            return
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(msgspec.to_builtins(self._kept)), encoding="utf-8")
            temporary.replace(self._file)
        except (OSError, ValueError) as error:  # a choice that is forgotten is not worth a message
            log.warning("The state of the window was not kept: %s", error)
            with suppress(OSError):
                temporary.unlink()

    def _read(self) -> Remembered:
        if self._file is None:
            return Remembered()
        try:
            with self._file.open("rb") as file:
                values = decode_json(file.read(MAX_SETTINGS_BYTES))
        except (OSError, ValueError):  # never kept, cut short by the limit, or damaged
            return Remembered()
        return fitting(Remembered, values if isinstance(values, dict) else {})[0]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no system takes
        return False


def _rgb(colour: QColor) -> Colour:
    return colour.red(), colour.green(), colour.blue()


def _packed(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _unpacked(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except ValueError:
        return QByteArray()
