"""GIMP's palettes, which Krita, Inkscape and MyPaint write, too: a name and colours with names, one a line."""

import re
from dataclasses import dataclass
from pathlib import Path

from editor_core.base.errors import ImageFileError
from editor_core.base.limits import MAX_NAME, MAX_SETTINGS_BYTES

Colour = tuple[int, int, int]  # red, green, blue, 0..255

_MAGIC = "GIMP Palette"
_ROW = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*\S))?\s*")
_MAX_COLOURS = 4096


@dataclass(frozen=True)
class Palette:
    """Colours in the order of the file, each with its name, which may be empty."""

    name: str
    colours: tuple[tuple[Colour, str], ...]


def read_palette(path: Path) -> Palette:
    """Read a .gpl file; its stem is the name where it has none. Raises ImageFileError where it is no palette."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SETTINGS_BYTES)
    except OSError as error:
        raise ImageFileError(
            "{file} could not be read: {reason}", file=path.name, reason=str(error)
        ) from error
    return palette_of(data.decode("utf-8-sig", errors="replace"), path.name)


def palette_of(text: str, file: str) -> Palette:
    """The palette in the text of a file of this name; raises ImageFileError."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != _MAGIC:
        raise ImageFileError("{file} is no GIMP palette.", file=file)
    name = Path(file).stem
    colours: list[tuple[Colour, str]] = []
    for line in lines[1:]:
        if line.startswith("Name:"):
            name = line.removeprefix("Name:").strip()[:MAX_NAME] or name
        elif (row := _ROW.fullmatch(line)) is not None:
            red, green, blue = (int(row[channel]) for channel in (1, 2, 3))
            if max(red, green, blue) <= 255:
                colours.append(((red, green, blue), "" if row[4] in (None, "Untitled") else row[4]))
    if not colours:
        raise ImageFileError("The palette {file} has no colours.", file=file)
    return Palette(name, tuple(colours[:_MAX_COLOURS]))
