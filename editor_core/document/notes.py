"""What the file of an opened picture said beside its pixels: kept for exports, of no use to the picture itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureNotes:
    """Of the file that a document began with; what it did not say is empty."""

    profile: bytes = b""
    """The ICC profile its colours were written in; empty for sRGB."""
    dpi: tuple[float, float] | None = None
    """Pixels per inch, across and down."""
    exif: bytes = b""
    """Camera, lens, place, date, copyright, as Exif has them."""
    xmp: bytes = b""
    """A packet of Adobe's metadata."""

    def __bool__(self) -> bool:
        return self != PictureNotes()


NO_NOTES = PictureNotes()
