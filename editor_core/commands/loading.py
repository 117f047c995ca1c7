"""Projects as commands load them: what of a damaged file could not be read is said."""

from pathlib import Path

from editor_core.commands.console import Console
from editor_core.document.document import Document
from editor_core.project.documents import load_document
from editor_core.project.project_file import refuse_damaged_original


def loaded(place: Path, console: Console) -> Document:
    """The project in a file. Raises ProjectError."""
    document = load_document(place)
    for message in (*document.origin.told, *document.origin.lost):
        console.notice(str(message))
    return document


def loaded_to_edit(place: Path, target: Path, console: Console) -> Document:
    """As `loaded`, also refusing where saving as ``target`` would replace what could not be read."""
    document = loaded(place, console)
    refuse_damaged_original(document, target)
    return document
