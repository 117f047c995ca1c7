"""Pictures that commands read and write."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageColor

from editor_core.base.errors import EditorError, ImageFileError, ProjectError
from editor_core.commands import interrupts, places
from editor_core.commands.console import Console
from editor_core.project.documents import load_document
from editor_core.project.file_kinds import holds_layers
from editor_core.project.image_io import over_white, read_image, write_image
from editor_core.project.metadata import Provenance
from editor_core.project.picture_formats import FORMATS, Colour, PictureFormat, format_of
from editor_core.project.png import Pixels


@dataclass(frozen=True)
class Look:
    """How a picture shall be written, as far as it was said."""

    kind: str | None = None
    """A format's ending without the dot."""
    quality: int | None = None
    matte: Colour | None = None
    words: bool = True
    """Whether the file says how the picture was made."""
    notes: bool = True
    """Whether it says what the opened file said: camera, place, author."""
    original_colours: bool = False
    sign: bool = False
    """Whether the file has a signed manifest of its edits."""

    def format_for(self, target: Path) -> PictureFormat:
        """The format for a target; standard output is PNG unless another was named. Raises ImageFileError."""
        if target == places.PIPE:
            return format_of(f".{self.kind or 'png'}")
        found = format_of(target.suffix)
        if self.kind is not None and format_of(f".{self.kind}") != found:
            raise ImageFileError(
                "--format {kind} and the name {file} contradict each other; leave one of them out.",
                kind=self.kind,
                file=target.name,
            )
        return found

    def check(self, target: Path) -> None:
        """Raises EditorError for what the target's format does not have."""
        kind = self.format_for(target)
        if self.quality is not None and not kind.has_quality:
            able = ", ".join(each.name for each in FORMATS if each.has_quality)
            raise EditorError(
                "{kind} has no quality, it is exact; leave --quality out, or write {able}.",
                kind=kind.name,
                able=able,
            )


def parse_matte(colour: str | None) -> Colour | None:
    """``"white"`` or ``"#336699"`` as three numbers. Raises EditorError."""
    if colour is None:
        return None
    try:
        red, green, blue, *_ = ImageColor.getrgb(colour)
    except ValueError as problem:
        raise EditorError(
            "“{colour}” is no colour; write for example white or #336699.", colour=colour[:40]
        ) from problem
    return red, green, blue


def targets(files: Sequence[Path], output: Path, kind: str | None) -> list[Path]:
    """Where each file's picture goes, known to be writable and of a format that can be written. Raises EditorError."""
    found = places.targets(files, output, f".{kind or 'png'}")
    for target in found:
        Look(kind).check(target)
        places.require_writable(target)
    return found


def write(
    target: Path,
    pixels: Pixels,
    console: Console,
    look: Look | None = None,
    provenance: Provenance | None = None,
) -> None:
    """Write a picture, uint8 (H, W), (H, W, 3) or (H, W, 4), to a file or standard output. Raises ImageFileError."""
    look = look or Look()
    with places.writable(target, console) as place, interrupts.held():
        kind = look.format_for(target)
        if provenance is not None and not look.words:
            provenance = provenance.without_words()
        if provenance is not None and not look.notes:
            provenance = provenance.without_notes()
        write_image(
            place,
            pixels,
            provenance,
            kind=kind,
            quality=look.quality,
            matte=look.matte,
            original_colours=look.original_colours,
            sign=look.sign,
        )


def picture_of(file: Path, turn: str | None) -> tuple[Pixels, str]:
    """The pixels, uint8 (H, W, 3), of a picture file, of what a project shows or of its turn; and the turn's words."""
    with places.readable(file) as place:
        if not holds_layers(place):
            return over_white(read_image(place)), ""
        document = load_document(place)
    if turn is None:
        current = document.history.current
        return document.picture(), "" if current is None else current.prompt
    if turn not in document.history:
        raise ProjectError(
            "There is no turn {turn} in {file}; palimpsest history lists them.", turn=turn, file=file.name
        )
    return document.history[turn].image, document.history[turn].prompt
