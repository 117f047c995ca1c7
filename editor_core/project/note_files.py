"""What the file of an opened picture said beside its pixels, in ``editor/picture/``.

What of it is damaged is left out: nothing of the picture depends on it.
"""

from editor_core.base.errors import ProjectError
from editor_core.base.limits import MAX_NOTE_BYTES
from editor_core.document.notes import PictureNotes
from editor_core.project.archive import Archive
from editor_core.project.zip_writer import ZipWriter

_FOLDER = "editor/picture/"
_FILES = {"profile": "profile.icc", "exif": "exif.bin", "xmp": "metadata.xmp"}
"""By the name of the note."""


def write_notes(writer: ZipWriter, notes: PictureNotes) -> None:
    for field, name in _FILES.items():
        if data := getattr(notes, field):
            writer.deflated(_FOLDER + name, data)


def read_notes(archive: Archive, dpi: tuple[float, float] | None) -> PictureNotes:
    return PictureNotes(dpi=dpi, **{field: _read(archive, _FOLDER + name) for field, name in _FILES.items()})


def _read(archive: Archive, name: str) -> bytes:
    try:
        return archive.read(name, MAX_NOTE_BYTES) if name in archive else b""
    except ProjectError:
        return b""
