"""Opening whatever holds layers: projects, OpenRaster, Photoshop's files, GIMP's."""

from pathlib import Path

from editor_core.document.document import Document
from editor_core.document.origin import Origin
from editor_core.project.file_kinds import is_gimp, is_photoshop
from editor_core.project.project_file import load_project


def load_document(path: Path) -> Document:
    """The document in a file, as far as it is whole; what is not is told in ``origin.lost``. Raises ProjectError."""
    if is_gimp(path):
        from editor_core.project.gimp.reading import read_gimp  # at the first use: few files need it

        snapshot, lost = read_gimp(path)
    elif is_photoshop(path):
        from editor_core.project.photoshop_reading import read_photoshop  # its library takes a while

        snapshot, lost = read_photoshop(path)
    else:
        return load_project(path)
    document = Document.from_snapshot(snapshot)
    document.origin = Origin(lost=lost)
    return document
