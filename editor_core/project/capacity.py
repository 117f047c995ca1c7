"""Whether a document can be saved so that it can be opened again: the reader's limits, for the writer."""

from pathlib import Path

from editor_core.base.errors import ProjectError
from editor_core.base.limits import MAX_DEPTH, MAX_LATENTS_BYTES, MAX_LAYERS, MAX_NAME, MAX_TURNS, MAX_WORDS
from editor_core.base.message import Message
from editor_core.document.layers import GroupLayer, Layer, PixelLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.stored import StoredArrays
from editor_core.document.tiles import unique_bytes
from editor_core.document.turns import Turn
from editor_core.project.png import PictureDataError, check_size


def check_capacity(snapshot: DocumentSnapshot, path: Path) -> None:
    """Raise ProjectError, in a sentence that says what to do, for what a file could not give back."""
    problem = _problem(snapshot)
    if problem is not None:
        raise ProjectError("“{file}” was not saved: {reason}.", file=path.name, reason=problem)


def layer_bytes(snapshot: DocumentSnapshot) -> int:
    """Memory of all layers once they are read again: equal tiles of one layer are shared, of two layers not."""
    return sum(
        unique_bytes(layer.tiles.tile(key) for key in layer.tiles)
        for layer in snapshot.layers.walk_whole()
        if isinstance(layer, PixelLayer)
    )


def _problem(snapshot: DocumentSnapshot) -> Message | None:
    try:
        check_size(snapshot.width, snapshot.height)
    except PictureDataError as too_large:
        return too_large.reason
    layers = list(snapshot.layers.walk_whole())
    if len(layers) > MAX_LAYERS:
        return Message(
            "it has {count} layers, but at most {most} are supported (merge some of them)",
            count=len(layers),
            most=MAX_LAYERS,
        )
    if _depth(snapshot.layers.whole) > MAX_DEPTH:
        return Message("groups are nested more than {most} deep (ungroup some of them)", most=MAX_DEPTH)
    if any(len(layer.name) > MAX_NAME for layer in layers):
        return Message("the name of a layer is too long")
    if len(snapshot.turns) > MAX_TURNS:
        return Message(
            "it has {count} turns, but at most {most} are supported (delete some of them)",
            count=len(snapshot.turns),
            most=MAX_TURNS,
        )
    return next((problem for turn in snapshot.turns if (problem := _turn_problem(turn))), None)


def _turn_problem(turn: Turn) -> Message | None:
    if max(len(turn.prompt), len(turn.negative)) > MAX_WORDS:
        return Message("the prompt of a turn has more than {most} characters", most=MAX_WORDS)
    if len(turn.name) > MAX_NAME:
        return Message("the name of a turn is too long")
    latents = turn.latents
    size = latents.nbytes if isinstance(latents, StoredArrays) else sum(a.nbytes for a in latents.values())
    if size > MAX_LATENTS_BYTES:
        return Message("the stored data of a turn is too large")
    return None


def _depth(layers: tuple[Layer, ...]) -> int:
    """How many levels there are, the top one counted."""
    inner = [_depth(layer.children) for layer in layers if isinstance(layer, GroupLayer)]
    return 1 + max(inner, default=0)
