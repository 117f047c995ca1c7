"""How ``palimpsest export`` goes about its files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from editor_core.base.errors import EditorError, ProjectError
from editor_core.commands import interrupts, pictures, places
from editor_core.commands.console import Console
from editor_core.commands.loading import loaded
from editor_core.commands.running import turn_of
from editor_core.document.document import Document
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.project.baked_copies import shown_otherwise
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.layer_formats import LayerFormat, layer_format_of
from editor_core.project.metadata import Provenance, provenance
from editor_core.project.png import Pixels
from editor_core.workflow.exports import provenance_of, shown_picture

KINDS = ("image", "turn", "mask")


def targets(files: Sequence[Path], output: Path, kind: str | None) -> list[Path]:
    """Where each file's export goes, known to be writable. Raises EditorError."""
    found = places.targets(files, output, f".{kind or 'png'}")
    for target in found:
        if target.suffix.lower() == PROJECT_SUFFIX:
            raise ProjectError(
                "{file} would be a project; export makes pictures, cp copies a project.", file=target.name
            )
        places.require_writable(target)
    return found


def check(target: Path, what: str, turn_id: str | None, look: pictures.Look, bake: bool) -> None:
    """Raises EditorError for what cannot be written there."""
    if _layers(target, look) is None:
        look.check(target)
        if bake:
            raise EditorError(
                "{file} holds one picture, which looks the same everywhere; leave --bake-modes out.",
                file=target.name,
            )
    elif what != "image" or turn_id or look.quality or look.matte:
        raise EditorError(
            "{file} holds all layers as they are; leave --what, --turn, --quality and --matte out, or write a .png.",
            file=target.suffix,
        )


def export_file(
    console: Console,
    file: Path,
    target: Path,
    what: str,
    turn_id: str | None,
    look: pictures.Look,
    bake: bool = False,
) -> None:
    """Export one project. Raises EditorError."""
    with places.readable(file) as place:
        places.require_project(place)
        document = loaded(place, console)
    shown = turn_id or document.history.current_id
    write = _writing(console, document, file, target, what, turn_id, look, bake)
    with interrupts.finishing(target != places.PIPE):
        write()
        console.result({"turn": shown, "what": what, "file": str(target)}, f"Wrote {target}.")


def _writing(
    console: Console,
    document: Document,
    file: Path,
    target: Path,
    what: str,
    turn_id: str | None,
    look: pictures.Look,
    bake: bool,
) -> Callable[[], None]:
    """What writes the export, all else being done. Raises EditorError."""
    if (layers := _layers(target, look)) is not None:
        return partial(_write_layers, layers, document.snapshot(), target, console, bake)
    if what == "mask":
        turn = turn_of(document, turn_id, places.name_of(file))
        if turn.mask is None:
            raise ProjectError(
                "Turn {turn} has no mask, for it changed nothing; name another with --turn.", turn=turn.id
            )
        return partial(pictures.write, target, turn.mask, console, look)
    alone = what == "turn" or turn_id is not None
    pixels, texts = _turn(document, turn_id, file) if alone else _shown(document)
    return partial(pictures.write, target, pixels, console, look, texts)


def _write_layers(
    kind: LayerFormat, snapshot: DocumentSnapshot, target: Path, console: Console, bake: bool
) -> None:
    """Write a copy with layers, and say what it does not hold or where it may look otherwise."""
    with places.writable(target, console) as written, interrupts.held():
        left_out = (kind.write_baked if bake else kind.write)(snapshot, written)
    for message in left_out:
        console.notice(str(message))
    if not bake and (others := shown_otherwise(snapshot)):
        named = ", ".join(layer.name[:60] for layer in others)
        console.notice(
            f"GIMP shows these layers by formulas of its own: {named}. With --bake-modes the copy looks the same in "
            "every program."
        )


def _layers(target: Path, look: pictures.Look) -> LayerFormat | None:
    """The kind of file with layers to be written, if it is one."""
    return layer_format_of(Path(f"-.{look.kind}") if target == places.PIPE else target)


def _turn(document: Document, turn_id: str | None, file: Path) -> tuple[Pixels, Provenance]:
    """A turn's own picture, and how it was made."""
    turn = turn_of(document, turn_id, places.name_of(file))
    chain = [document.history[step] for step in document.history.path(turn.id)]
    return turn.image, replace(provenance(chain), notes=document.notes)


def _shown(document: Document) -> tuple[Pixels, Provenance]:
    """What the window shows, (H, W, 3), or (H, W, 4) where some of it is transparent; and how it was made."""
    snapshot = document.snapshot()
    return shown_picture(snapshot), provenance_of(snapshot)
