"""Brushes by name: those that come with the program, and those that the artist saved or imported."""

import json
import logging
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from editor_core.base import paths
from editor_core.base.errors import EditorError, ImageFileError
from editor_core.base.gate import decode_json, fits
from editor_core.base.limits import MAX_SETTINGS_BYTES
from editor_core.base.translatable import QT_TRANSLATE_NOOP
from editor_core.document.strokes import Brush
from editor_core.pixels.brush_files import read_brush
from gui.state.window_state import BRUSH_FIELDS

log = logging.getLogger(__name__)

ENDING = ".gbr"


@dataclass(frozen=True)
class Preset:
    """A brush with a name; ``own`` ones come with the program and are translated."""

    name: str
    brush: Brush
    own: bool = False


OWN = (
    Preset(QT_TRANSLATE_NOOP("presets", "Round"), Brush(size=16, hardness=0.9), True),
    Preset(QT_TRANSLATE_NOOP("presets", "Soft round"), Brush(size=48, hardness=0.0), True),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Pencil"),
        Brush(size=4, hardness=0.6, opacity=0.85, flow=0.6, grain=0.75, pressure_opacity=True),
        True,
    ),
    Preset(QT_TRANSLATE_NOOP("presets", "Ink"), Brush(size=9, hardness=1.0, smoothing=0.5), True),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Airbrush"),
        Brush(size=90, hardness=0.0, flow=0.08, spacing=0.05, pressure_size=False, pressure_opacity=True),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Marker"),
        Brush(size=26, hardness=0.95, opacity=0.5, roundness=0.45, angle=45, pressure_size=False),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Chalk"),
        Brush(
            size=30,
            hardness=0.7,
            flow=0.5,
            grain=0.95,
            roundness=0.6,
            angle=20,
            pressure_size=False,
            pressure_opacity=True,
        ),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Charcoal"),
        Brush(size=22, hardness=0.2, opacity=0.9, flow=0.35, grain=0.9, scatter=0.12, pressure_opacity=True),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Calligraphy"),
        Brush(size=20, hardness=0.95, roundness=0.15, angle=40, smoothing=0.3, spacing=0.04),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Watercolour"),
        Brush(
            size=60,
            hardness=0.3,
            opacity=0.35,
            flow=0.25,
            grain=0.35,
            pressure_size=False,
            pressure_opacity=True,
        ),
        True,
    ),
    Preset(
        QT_TRANSLATE_NOOP("presets", "Spray"),
        Brush(size=7, hardness=0.5, spacing=0.25, scatter=4.0, pressure_size=False),
        True,
    ),
)


class BrushPresets:
    """Those of the program first; the artist's in a file of the state folder, imported tips beside it."""

    def __init__(self) -> None:
        self._file = paths.state_folder() / "brushes.json"
        self._tips = paths.state_folder() / "brushes"
        self._pictures: dict[str, np.ndarray | None] = {}
        self._saved: dict[str, Brush] = self._read()

    @property
    def all(self) -> tuple[Preset, ...]:
        return (*OWN, *(Preset(name, brush) for name, brush in self._saved.items()))

    def save(self, name: str, brush: Brush) -> None:
        """Keep a brush under a name, in place of the one that had it. Raises ImageFileError where that fails."""
        self._keep(self._saved | {name: brush})

    def remove(self, name: str) -> None:
        """Forget a saved brush; the picture of its tip stays, for others may have it."""
        self._keep({other: brush for other, brush in self._saved.items() if other != name})

    def bring(self, path: Path) -> Preset:
        """Import a .gbr file as a brush of its name. Raises ImageFileError."""
        tip = read_brush(path)
        key = re.sub(r"[^\w-]+", "-", path.stem) or "brush"
        try:
            self._tips.mkdir(parents=True, exist_ok=True)
            temporary = self._tips / f"{key}.tmp"
            shutil.copyfile(path, temporary)
            temporary.replace(self._tips / f"{key}{ENDING}")
        except OSError as error:
            raise ImageFileError(
                "{file} could not be read: {reason}", file=path.name, reason=str(error)
            ) from error
        self._pictures.pop(key, None)
        brush = Brush(size=float(max(tip.picture.shape)), hardness=1.0, tip=key, spacing=tip.spacing)
        self.save(tip.name, brush)
        return Preset(tip.name, brush)

    def tip(self, key: str) -> np.ndarray | None:
        """The picture of a tip, uint8 (h, w); None for a round one, or where the file is gone."""
        if not key:
            return None
        if key not in self._pictures:
            try:
                self._pictures[key] = read_brush(self._tips / f"{key}{ENDING}").picture
            except EditorError as error:
                log.info("A brush's tip is gone: %s", error)
                self._pictures[key] = None
        return self._pictures[key]

    def _keep(self, saved: Mapping[str, Brush]) -> None:
        text = json.dumps({name: asdict(brush) for name, brush in saved.items()})
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_suffix(".tmp")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._file)
        except OSError as error:
            raise ImageFileError("The brush could not be saved: {reason}", reason=str(error)) from error
        self._saved = dict(saved)

    def _read(self) -> dict[str, Brush]:
        try:
            with self._file.open("rb") as file:
                found = decode_json(file.read(MAX_SETTINGS_BYTES))
        except (OSError, ValueError):  # never kept, or damaged
            return {}
        entries = found.items() if isinstance(found, dict) else ()
        return {str(name): brush_of(Brush(), kept) for name, kept in entries if isinstance(kept, dict)}


def brush_of(default: Brush, kept: Mapping[str, Any]) -> Brush:
    """A brush from a file's values; one that makes no sense stays as in ``default``."""
    known = {field.name for field in fields(Brush)} & kept.keys()
    return replace(default, **{name: kept[name] for name in known if fits(kept[name], BRUSH_FIELDS[name])})
