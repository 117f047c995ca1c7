"""How ``palimpsest export`` goes about its files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from editor_core.base.errors import EditorError, ProjectError
from editor_core.commands import interrupts, pictures, places
from editor_core.commands.console import Console
from editor_core.commands.loading import loaded
from editor_core.commands.running import turn_of
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.project.metadata import Provenance, provenance
from editor_core.project.openraster import export_openraster
from editor_core.project.png import Pixels
from editor_core.workflow.exports import provenance_of

KINDS = ("image", "turn", "mask")
LAYERS = ".ora"


def targets(files: Sequence[Path], output: Path, kind: str | None) -> list[Path]:
    """Where each file's export goes, known to be writable. Raises EditorError."""
    found = places.targets(files, output, f".{kind or 'png'}")
    for target in found:
        if target.suffix.lower() == places.PROJECT_SUFFIX:
            raise ProjectError(
                "{file} would be a project; export makes pictures, cp copies a project.", file=target.name
            )
        places.require_writable(target)
    return found


def check(target: Path, what: str, turn_id: str | None, look: pictures.Look) -> None:
    """Raises EditorError for what cannot be written there."""
    if not _is_layers(target, look):
        look.check(target)
    elif what != "image" or turn_id or look.quality or look.matte:
        raise EditorError(
            "{file} holds all layers as they are; leave --what, --turn, --quality and --matte out, or write a .png.",
            file=LAYERS,
        )


def export_file(
    console: Console, file: Path, target: Path, what: str, turn_id: str | None, look: pictures.Look
) -> None:
    """Export one project. Raises EditorError."""
    with places.readable(file) as place:
        places.require_project(place)
        document = loaded(place, console)
    shown = turn_id or document.history.current_id
    if _is_layers(target, look):
        with places.writable(target, console) as written, interrupts.held():
            export_openraster(document, written)
    elif what == "mask":
        turn = turn_of(document, turn_id, places.name_of(file))
        if turn.mask is None:
            raise ProjectError(
                "Turn {turn} has no mask, for it changed nothing; name another with --turn.", turn=turn.id
            )
        pictures.write(target, turn.mask, console, look)
    else:
        alone = what == "turn" or turn_id is not None
        pixels, texts = _turn(document, turn_id, file) if alone else _shown(document)
        pictures.write(target, pixels, console, look, texts)
    console.result({"turn": shown, "what": what, "file": str(target)}, f"Wrote {target}.")


def _is_layers(target: Path, look: pictures.Look) -> bool:
    return target.suffix.lower() == LAYERS or (target == places.PIPE and look.kind == LAYERS[1:])


def _turn(document: Document, turn_id: str | None, file: Path) -> tuple[Pixels, Provenance]:
    """A turn's own picture, and how it was made."""
    turn = turn_of(document, turn_id, places.name_of(file))
    chain = [document.history[step] for step in document.history.path(turn.id)]
    return turn.image, provenance(chain)


def _shown(document: Document) -> tuple[Pixels, Provenance]:
    """What the window shows, (H, W, 3), or (H, W, 4) where some of it is transparent; and how it was made."""
    pixels = flatten(document.layers, document.rect)
    if (pixels[..., 3] == 255).all():
        pixels = np.ascontiguousarray(pixels[..., :3])
    return pixels, provenance_of(document.snapshot())
